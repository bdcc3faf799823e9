import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { matchJson } from '../../common/filters/match-json.ts';
import { voEvent } from '../../common/filters/voevent.ts';
import { selectOptionalFilter } from '../../common/store/filters.ts';
import { selectObjects } from '../../common/store/objects.ts';
import { selectMatchesAfter, selectOptionalMatch } from '../../common/store/outbox.ts';
import { selectReadableQuery } from '../../common/store/saved-queries.ts';
import { addressGroup } from '../../common/accounts/attempt-limits.ts';
import { SURVEYS } from '../../common/config.ts';
import { accountOf } from '../accounts/account.ts';
import { addressOf } from '../accounts/check-login.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { sendEvents } from '../send-events.ts';
import { ANSWERED, endpoint } from './endpoint.ts';
import type { Exchange } from './endpoint.ts';
import { numberInPath } from './page-fields.ts';
import type { Services } from '../services.ts';

const MAX_LIMIT = 1_000;
const MAX_SEQ = Number.MAX_SAFE_INTEGER;

const Id = numberInPath('Number of the filter.');
const MatchSchema = z.strictObject({
  id: z.string().meta({ description: 'The same wherever and however often the match is sent.' }),
  seq: z.int().meta({ description: 'Number of the match among those of its filter: 1, 2, 3 ...' }),
  filter: z.strictObject({ id: z.int(), name: z.string(), version: z.int() }),
  survey: z.enum(SURVEYS),
  object: z.string().meta({ description: 'objectId or diaObjectId.' }),
  kind: z.enum(['alert', 'annotation', 'backfill']).meta({ description: 'What was new.' }),
  backfill: z.boolean().meta({ description: 'Whether it is of a past night, asked for later.' }),
  alert: z.string().nullable().meta({ description: 'Newest alert: candid or diaSourceId.' }),
  observedAt: z.string().nullable(),
  arrivedAt: z.string().nullable().meta({ description: 'Timestamp that the alert had in Kafka.' }),
  matchedAt: z.string(),
  record: z.record(z.string(), z.unknown()).meta({ description: 'The selected columns.' }),
  links: z.strictObject({ object: z.string(), filter: z.string(), voevent: z.string() }),
});
const ListSchema = z.strictObject({
  matches: z.array(MatchSchema),
  next: z.int().meta({ description: 'Give it as `after` to go on.' }),
  hasMore: z.boolean().meta({ description: 'Whether others are there already.' }),
});
const MISSING = { status: 404, description: 'There is no such filter that you may see.' };

export const filterMatchesEndpoint = endpoint({
  path: '/filters/{id}/matches',
  operationId: 'listFilterMatches',
  summary: 'What a filter passed, and what it passes from now on',
  description:
    'In the order in which it passed them. Give `next` as `after` to go on. Asked for with Accept: text/event-stream it is a stream of server-sent events that begins after `after` (without it, with what comes next) and goes on as matches come; the id of each event is its number, so that browsers go on by themselves after a break (Last-Event-ID). Private filters are told to their owner only, with a token of the scope read.',
  parameters: z.strictObject({ id: Id }),
  query: z.strictObject({
    after: z.coerce.number().int().min(0).max(MAX_SEQ).optional().meta({
      description: 'Number of the last match that is known; without it from the first.',
    }),
    limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100).meta({
      description: 'Matches at the most.',
    }),
  }),
  answerName: 'FilterMatches',
  otherForms: [
    { mediaType: 'text/event-stream', description: 'Matches as they come: server-sent events.' },
  ],
  answer: ListSchema,
  failures: [MISSING],
  async handle(services, { id }, { after, limit }, exchange) {
    const { db } = services.context;
    const source = await sourceOf(services, id, exchange);
    const { nextSeq } = source;
    if (wantsEvents(exchange)) {
      const last = lastEventId(exchange) ?? (after === undefined ? undefined : BigInt(after));
      const newest = nextSeq - 1n;
      sendEvents(services.events, exchange.res, {
        ...source,
        queryId: id,
        readerId: readerOf(exchange.res),
        // A number that is not there yet is of a filter that was deleted and made anew.
        after: last === undefined || last > newest ? newest : last,
        holder: holderOf(exchange),
      });
      return ANSWERED;
    }
    const matches = await selectMatchesAfter(db, id, BigInt(after ?? 0), limit);
    const next = matches.at(-1)?.seq ?? BigInt(after ?? 0);
    return {
      matches: matches.map((match) => matchJson(match, source)),
      next: Number(next),
      hasMore: next + 1n < nextSeq && matches.length === limit,
    };
  },
});

export const filterMatchEventEndpoint = endpoint({
  path: '/filters/{id}/matches/{seq}.xml',
  operationId: 'getFilterMatchEvent',
  summary: 'A match as a VOEvent',
  description: 'One match of a filter as a VOEvent 2.0 (XML) of the role observation.',
  parameters: z.strictObject({
    id: Id,
    seq: z.coerce.number().int().min(1).max(MAX_SEQ).meta({
      description: 'Number of the match.',
      example: '1',
    }),
  }),
  query: z.strictObject({}),
  answerName: 'FilterMatchEvent',
  otherForms: [{ mediaType: 'application/xml', description: 'The event.' }],
  answer: z.string().meta({ description: 'XML.' }),
  failures: [{ status: 404, description: 'There is no such match that you may see.' }],
  async handle(services, { id, seq }, _query, exchange) {
    const { db } = services.context;
    const source = await sourceOf(services, id, exchange);
    const match = await selectOptionalMatch(db, id, BigInt(seq));
    if (match === undefined) {
      throw new NotFoundError(`Filter ${id} has no match ${seq}, or it is too old to be kept.`);
    }
    const [object] = await selectObjects(db, match.survey, [match.objectId]);
    const position = object === undefined ? undefined : { ra: object.ra, dec: object.dec };
    exchange.res.type('application/xml').send(voEvent(match, source, { position }));
    return ANSWERED;
  },
});

/** @throws {NotFoundError} if it is none, or not for this reader. */
async function sourceOf({ context: { db }, siteUrl }: Services, id: number, { res }: Exchange) {
  const query = await selectReadableQuery(db, id, readerOf(res));
  const filter = await selectOptionalFilter(db, id);
  if (filter === undefined) throw new NotFoundError(`Query ${id} is not run on the stream.`);
  return { filterName: query.name, siteUrl: siteUrl(), nextSeq: filter.nextSeq };
}

function wantsEvents({ req }: Exchange): boolean {
  return req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

/** What a browser says that it knows; undefined where it says nothing that can be a number. */
function lastEventId({ req }: Exchange): bigint | undefined {
  const header = req.get('last-event-id') ?? '';
  return /^\d{1,18}$/.test(header) ? BigInt(header) : undefined;
}

function holderOf({ req, res }: Exchange): string {
  const account = accountOf(res);
  return account === undefined
    ? `address ${addressGroup(addressOf(req))}`
    : `user ${account.userId}`;
}
