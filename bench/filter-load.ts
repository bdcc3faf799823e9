import { z } from 'zod';

import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { prepareTopic } from '../common/delivery/kafka-topics.ts';
import { applyShapes } from '../common/moc/shapes.ts';
import type { Database } from '../common/store/database.ts';
import { makeFilter, saveFilter, switchFilter } from '../common/store/filters.ts';
import { MAX_QUERIES_OF_USER, insertQuery } from '../common/store/save-query.ts';
import { insertUser } from '../common/store/accounts/users.ts';
import { createWatchlist } from '../common/store/lists/watchlist-edits.ts';
import { createWatchmap } from '../common/store/lists/watchmap-edits.ts';
import { createStreamAdmin } from '../common/stream/admin.ts';
import type { WatchlistSource } from '../common/watchlists/watchlist.ts';
import { uniformAt } from '../ingest/simulate/random.ts';
import { filterTexts } from './filter-queries.ts';

const WATCHLISTS = 10;
const SOURCES = 10_000;
const WATCHMAPS = 5;
const TOPICS_AT_ONCE = 16;
/** Radius of a watchmap, degrees. */
const WATCHMAP_DEG = 5;
/** Of the sources of a watchlist, those that are objects of the stream. */
const KNOWN_SHARE = 0.05;

const PositionRow = z.object({ ra: z.number(), decl: z.number() });

/**
 * Switches so many filters on, all of them sent to Kafka, with watchlists of 10,000 sources and
 * watchmaps that some of them name.
 */
export async function setUpFilters(
  context: Pick<Context, 'config' | 'db' | 'log' | 'now'>,
  survey: Survey,
  count: number,
): Promise<void> {
  const { db } = context;
  const now = context.now();
  const owners: number[] = [];
  const owner = async (i: number) => {
    const number = Math.floor(i / MAX_QUERIES_OF_USER);
    const name = `bench${number}`;
    owners[number] ??= await insertUser(
      db,
      { name, email: `${name}@example.org`, role: 'power' },
      now,
    );
    return owners[number];
  };
  const watchlists: number[] = [];
  const places = await somePositions(db, survey);
  for (let i = 0; i < WATCHLISTS; i++) {
    watchlists.push(
      await createWatchlist(
        db,
        { userId: await owner(0), now },
        { name: `sources ${i}`, public: true },
        sources(places, i),
      ),
    );
  }
  const watchmaps: number[] = [];
  for (let i = 0; i < WATCHMAPS; i++) {
    const { ra, decl } = places[Math.floor(uniformAt(i, 3) * places.length)];
    watchmaps.push(
      await createWatchmap(
        db,
        { userId: await owner(0), now },
        { name: `area ${i}`, description: '', active: true, public: true },
        applyShapes([{ kind: 'circle', use: 'add', ra, dec: decl, radius: WATCHMAP_DEG }]),
      ),
    );
  }
  const texts = filterTexts(survey, count, { watchlists, watchmaps });
  const made: FilterName[] = [];
  for (const [i, text] of texts.entries()) {
    const userId = await owner(i);
    await db.transaction(async (tx) => {
      const content = {
        name: `filter ${i}`,
        description: '',
        survey,
        source: { kind: 'statement' as const, text },
        fields: [],
      };
      const queryId = await insertQuery(tx, userId, content, now);
      await makeFilter(tx, { queryId, userId, survey, version: 1 }, now);
      await saveFilter(
        tx,
        queryId,
        {
          triggers: { onAlerts: true, onAnnotations: false },
          waitMinutes: 0,
          memory: { kind: 'every' },
          outputs: { kafka: { content: 'columns' } },
        },
        now,
      );
      await switchFilter(tx, queryId, 'on', { expiresAt: null, now });
      made.push({ queryId, userId, name: content.name, isPrivate: true });
    });
  }
  await makeTopics(context, made);
}

type FilterName = Parameters<typeof prepareTopic>[2];

/** As the site does when a filter is saved. */
async function makeTopics(
  context: Pick<Context, 'config' | 'db' | 'log' | 'now'>,
  filters: readonly FilterName[],
): Promise<void> {
  const admin = createStreamAdmin(context.config.kafka, context.log);
  try {
    for (let at = 0; at < filters.length; at += TOPICS_AT_ONCE) {
      const some = filters.slice(at, at + TOPICS_AT_ONCE);
      await Promise.all(some.map((filter) => prepareTopic(context, admin, filter)));
    }
  } finally {
    await admin.stop();
  }
}

async function somePositions(db: Database, survey: Survey) {
  return survey === 'ztf'
    ? db.rows(PositionRow, 'SELECT ramean AS ra, decmean AS decl FROM ztf.objects LIMIT 20000')
    : db.rows(PositionRow, 'SELECT ra, decl FROM lsst.objects LIMIT 20000');
}

function sources(places: { ra: number; decl: number }[], list: number): WatchlistSource[] {
  const known = places.length > 0 ? KNOWN_SHARE * SOURCES : 0;
  return Array.from({ length: SOURCES }, (_, i) => {
    const sine = 2 * uniformAt(list, i, 2) - 1;
    const { ra, decl } =
      i < known
        ? places[Math.floor(uniformAt(list, i) * places.length)]
        : { ra: 360 * uniformAt(list, i, 1), decl: (Math.asin(sine) * 180) / Math.PI };
    return { name: `source ${i}`, ra, decl, radiusArcsec: null };
  });
}

const LeftRow = z.object({ left: z.coerce.number() });

/** Whether every filter has run on all that is stored, and all that passed is sent. */
export async function isAllSent(db: Database): Promise<boolean> {
  const [{ left }] = await db.rows(
    LeftRow,
    `SELECT (SELECT COUNT(*) FROM glint.filter_batches WHERE done_at IS NULL) +
            (SELECT COUNT(*) FROM glint.filters f JOIN glint.filter_outputs o ON o.mq_id = f.mq_id
             WHERE o.active = 1 AND o.next_seq < f.next_seq) AS \`left\``,
  );
  return left === 0;
}

const LastRow = z.object({ at: z.date().nullable() });

/** When the last filter ran or the last match was sent; null without any. */
export async function lastWorkAt(db: Database): Promise<Date | null> {
  const [{ at }] = await db.rows(
    LastRow,
    `SELECT MAX(at) AS at FROM (SELECT MAX(done_at) AS at FROM glint.filter_batches
     UNION ALL SELECT MAX(delivered_at) FROM glint.deliveries) AS ends`,
  );
  return at;
}

export interface MatchReport {
  sent: number;
  /** From Kafka's timestamp of the alert to the acknowledgement of the filter's record, ms. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** Filters that passed anything. */
  filtersWithMatches: number;
  filtersOn: number;
}

const DelayRow = z.object({ ms: z.coerce.number(), queryId: z.number() });

/** How late the matches were that have been sent. */
export async function readMatches(db: Database): Promise<MatchReport> {
  const rows = await db.rows(
    DelayRow,
    `SELECT TIMESTAMPDIFF(MICROSECOND, m.arrived_at, d.delivered_at) / 1000 AS ms,
            d.mq_id AS queryId
     FROM glint.deliveries d JOIN glint.matches m ON m.mq_id = d.mq_id AND m.seq = d.seq
     WHERE d.outcome = 'sent' AND d.channel = 'kafka' ORDER BY ms`,
  );
  const quantile = (share: number) =>
    rows.length === 0 ? null : Math.round(rows[Math.floor(share * (rows.length - 1))].ms);
  const [[filtersOn]] = await db.arrays("SELECT COUNT(*) FROM glint.filters WHERE state = 'on'");
  return {
    sent: rows.length,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    filtersWithMatches: new Set(rows.map(({ queryId }) => queryId)).size,
    filtersOn: Number(filtersOn),
  };
}
