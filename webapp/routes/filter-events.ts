import { Router } from 'express';
import type { Request } from 'express';
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { matchJson } from '../../common/filters/match-json.ts';
import { formatInstant } from '../../common/figures/format-instant.ts';
import { endOutput } from '../../common/store/filter-outputs.ts';
import { selectFilter } from '../../common/store/filters.ts';
import { selectNewestMatches, selectUnsubscribe } from '../../common/store/outbox.ts';
import { selectReadableQuery } from '../../common/store/saved-queries.ts';
import { recordCells, recordColumns, recordHeads } from '../filters/record-cells.ts';
import { parseInput } from '../parse-input.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';

/** Rows that the live page shows. */
const ROWS = 100;
const IdPath = z.object({ id: z.coerce.number().int().positive().max(999_999_999) });
const UNSUBSCRIBE = '/api/v1/filters/:id/unsubscribe';

/** The live page of a filter, and the links that end its mails. */
export function filterEventRoutes(services: Services): Router {
  const { context, siteUrl } = services;
  const { db } = context;
  const router = Router();

  router.get('/filters/:id/live/', async (req, res) => {
    const { id } = parseInput(IdPath, req.params);
    const query = await selectReadableQuery(db, id, readerOf(res));
    const filter = await selectFilter(db, id);
    const newest = await selectNewestMatches(db, id, ROWS);
    const source = { filterName: query.name, siteUrl: siteUrl() };
    const columns = [...new Set(newest.flatMap(({ record }) => recordColumns(record)))];
    res.render('filter-live', {
      title: `${query.name}, live`,
      isFilters: true,
      queryId: id,
      name: query.name,
      isOn: filter.state === 'on',
      state: filter.state,
      rows: ROWS,
      columns: recordHeads(columns, newest.at(0)?.record),
      columnList: JSON.stringify(columns),
      after: String(filter.nextSeq - 1n),
      matches: newest.map((match) => {
        const { seq, object, record, backfill } = matchJson(match, source);
        const matchedAt = formatInstant(match.matchedAt);
        return {
          seq,
          object,
          backfill,
          matchedAt,
          cells: recordCells(record, columns),
        };
      }),
    });
  });

  /** @throws {NotFoundError} if the key is not that of the filter's mails. */
  const checkKey = async (req: Request) => {
    const { id } = parseInput(IdPath, req.params);
    const { key } = req.query;
    const found = await selectUnsubscribe(db, id);
    const secret = found?.secret ?? undefined;
    if (
      found === undefined ||
      secret === undefined ||
      typeof key !== 'string' ||
      !isEqual(secret, key)
    ) {
      throw new NotFoundError('This link ends no mails: copy all of it from the mail.');
    }
    return { ...found, secret };
  };

  router.get('/filters/:id/unsubscribe/', async (req, res) => {
    const { queryId, name, isActive, secret } = await checkKey(req);
    res.render('filter-unsubscribe', { title: 'End mails', queryId, name, isActive, key: secret });
  });

  router.post('/filters/:id/unsubscribe/', async (req, res) => {
    const { queryId, name } = await checkKey(req);
    await endOutput(db, queryId, 'mail');
    res.render('filter-unsubscribe', { title: 'Mails ended', queryId, name, isActive: false });
  });

  // The one that mail programs post to by themselves (RFC 8058): without a form, so without its token.
  router.post(UNSUBSCRIBE, async (req, res) => {
    const { queryId } = await checkKey(req);
    await endOutput(db, queryId, 'mail');
    res.json({ status: 'success', filter: queryId });
  });

  // Opening a link ends nothing, for programs open every link: a form does.
  router.get(UNSUBSCRIBE, async (req, res) => {
    const { queryId, secret } = await checkKey(req);
    res.redirect(302, `/filters/${queryId}/unsubscribe/?key=${secret}`);
  });
  return router;
}

function isEqual(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
