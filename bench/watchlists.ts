import { join } from 'node:path';

import { startMariaDb } from '../bin/servers/mariadb.ts';
import { separationArcsec } from '../common/astro/coordinates.ts';
import { hpx29 } from '../common/astro/healpix.ts';
import { htm16 } from '../common/astro/htm.ts';
import type { Log } from '../common/log.ts';
import { tableName } from '../common/schema/ddl.ts';
import { ALL_TABLES, tableOf } from '../common/schema/tables.ts';
import { bulkLoad } from '../common/store/bulk.ts';
import { createRowBuffer } from '../common/store/row-buffer.ts';
import { openDatabase } from '../common/store/database.ts';
import type { Database } from '../common/store/database.ts';
import { countObjects } from '../common/store/histories.ts';
import { migrate } from '../common/store/migrate.ts';
import { insertUser, selectUsers } from '../common/store/accounts/users.ts';
import { createWatchlist, deleteWatchlist } from '../common/store/lists/watchlist-edits.ts';
import { countHitObjects } from '../common/store/lists/watchlist-hits.ts';
import { selectWatchlists } from '../common/store/lists/watchlists.ts';
import type { ConeIndex } from '../common/watchlists/cone-index.ts';
import type { WatchlistSource } from '../common/watchlists/watchlist.ts';
import { uniformAt } from '../ingest/simulate/random.ts';
import { freshLists } from '../post_ingest/watchlists/held-lists.ts';
import { matchPast } from '../post_ingest/watchlists/match-past.ts';
import { watchlistStep } from '../post_ingest/watchlists/watchlist-step.ts';
import type { Findings, PlacedObject } from '../post_ingest/steps/step.ts';
import { cpuSeconds } from './measure-process.ts';

export interface WatchlistOptions {
  lists: number;
  /** Sources of each list, and of the one that is matched with the past. */
  sources: number;
  /** Objects that are known. */
  objects: number;
  /** Batches of 1,000 objects. */
  batches: number;
  /** Server and objects stay here from one run to the next. */
  folder: string;
  log: Log;
}

interface Cost {
  wall: number;
  /** CPU of the program and of the database. */
  client: number;
  server: number;
}

export interface WatchlistReport {
  lists: number;
  sourcesEach: number;
  objects: number;
  /** Seconds it took to load all lists into memory, and megabytes that they take there. */
  loadSeconds: number;
  memoryMb: number;
  /** Milliseconds a batch of 1,000 objects. */
  find: Cost;
  write: Cost;
  hitsPerBatch: number;
  /** Hits of a batch that comparing everything with everything has otherwise: 0. */
  wrong: number;
  /** Milliseconds to match one list with all objects, by radius. */
  past: { radiusArcsec: number; found: number; expected: number; cost: Cost }[];
}

const BATCH = 1_000;
const WARM_UP_BATCHES = 3;
const GROUP = 50_000;
/** Part of the objects of a batch that lie at sources of lists. */
const NEAR_SHARE = 0.5;
const RADII = [null, null, null, 1, 30];
const PAST_RADII_ARCSEC = [2, 30, 360];
const never = new AbortController().signal;

/**
 * What watchlists cost: objects of batches against many lists, and one list against all objects. Half
 * the objects of the batches lie at sources; so do as many of the known ones as the list has.
 */
export async function benchWatchlists(options: WatchlistOptions): Promise<WatchlistReport> {
  const { log, batches } = options;
  const server = await startMariaDb({ folder: join(options.folder, 'mariadb') });
  const db = openDatabase(server.url);
  const cost = async (times: number, work: () => Promise<unknown>): Promise<Cost> => {
    const wallFrom = performance.now();
    const clientFrom = process.cpuUsage();
    const serverFrom = cpuSeconds(server.server.pid);
    await work();
    const { user, system } = process.cpuUsage(clientFrom);
    const each = (ms: number) => Number((ms / times).toFixed(2));
    return {
      wall: each(performance.now() - wallFrom),
      client: each((user + system) / 1_000),
      server: each(1_000 * (cpuSeconds(server.server.pid) - serverFrom)),
    };
  };
  try {
    await migrate(db, ALL_TABLES, log);
    await storeObjects(db, options.objects, log);
    const userId = await benchUser(db);
    await deleteLists(db, userId);
    const past: WatchlistReport['past'] = [];
    for (const radiusArcsec of PAST_RADII_ARCSEC) {
      log.info(`matching ${options.sources} cones of ${radiusArcsec} arcsec with all objects`);
      const name = `past ${radiusArcsec}`;
      const sources = sourcesAtObjects(options);
      const editor = { userId, now: new Date() };
      const list = await createWatchlist(db, editor, { name, radiusArcsec }, sources);
      const spent = await cost(1, () => matchPast({ db, log, now: () => new Date() }, never));
      const { objects: found } = await countHitObjects(db, 'ztf', list);
      past.push({
        radiusArcsec,
        found,
        expected: expectedObjects(options, radiusArcsec),
        cost: spent,
      });
      await deleteWatchlist(db, editor, list);
    }
    log.info(`making ${options.lists} lists of ${options.sources} sources`);
    await makeLists(db, options);
    const loadFrom = performance.now();
    const { index } = await freshLists(db);
    const loadSeconds = (performance.now() - loadFrom) / 1_000;
    const memoryMb = bytesOf(index) / 2 ** 20;
    const objects = placesOf(index, (batches + WARM_UP_BATCHES) * BATCH);
    const next = (n: number) => objects.slice(n * BATCH, (n + 1) * BATCH);
    for (let n = 0; n < WARM_UP_BATCHES; n++) await watchlistStep.find(db, 'ztf', next(n));
    const findings: Findings[] = [];
    const find = await cost(batches, async () => {
      for (let n = WARM_UP_BATCHES; n < batches + WARM_UP_BATCHES; n++)
        findings.push(await watchlistStep.find(db, 'ztf', next(n)));
    });
    const kind = await db.server();
    const write = await cost(batches, async () => {
      for (const found of findings) await db.transaction((tx) => found.write(tx, kind));
    });
    const [[hits]] = await db.arrays('SELECT COUNT(*) FROM ztf.watchlist_hits');
    return {
      lists: options.lists,
      sourcesEach: options.sources,
      objects: options.objects,
      loadSeconds: Number(loadSeconds.toFixed(2)),
      memoryMb: Math.round(memoryMb),
      find,
      write,
      hitsPerBatch: Number(hits) / batches,
      wrong: await countWrong(db, index, next(WARM_UP_BATCHES)),
      past,
    };
  } finally {
    await db.close();
    await server.server.stop();
  }
}

async function benchUser(db: Database): Promise<number> {
  const users = await selectUsers(db);
  const user = users.find(({ name }) => name === 'bench');
  if (user !== undefined) return user.userId;
  const account = { name: 'bench', email: 'bench@example.org', role: 'user' } as const;
  return insertUser(db, account, new Date());
}

async function deleteLists(db: Database, ownerId: number): Promise<void> {
  const { lists } = await selectWatchlists(db, { ownerId, limit: 10_000 });
  for (const { watchlistId, userId } of lists) {
    await deleteWatchlist(db, { userId, now: new Date() }, watchlistId);
  }
  for (const table of ['watchlists', 'watchlist_cones', 'list_matches'])
    await db.execute(`TRUNCATE TABLE glint.${table}`);
  await db.execute('TRUNCATE TABLE ztf.watchlist_hits');
}

/** As many lists as are asked for: straight into the tables, as one account may not have them all. */
async function makeLists(db: Database, { lists, sources }: WatchlistOptions): Promise<void> {
  await deleteLists(db, 0);
  const server = await db.server();
  const columns = ['wl_id', 'name', 'ra', 'decl', 'radius', 'hpx29'];
  const target = { table: tableName(tableOf('glint', 'watchlist_cones')), columns };
  for (let list = 1; list <= lists; list++) {
    await db.execute(
      "INSERT INTO glint.watchlists (wl_id, user_id, name, description, active, public, radius, sources, created_at, updated_at) VALUES (:list, :list, 'bench', '', 1, 1, 5, :sources, NOW(), NOW())",
      { list, sources },
    );
    const rows = createRowBuffer(1 << 20);
    for (let n = 0; n < sources; n++) {
      const { ra, decl } = placeAt(n, 10 + list);
      rows.number(list);
      rows.text(`source ${n}`);
      rows.number(ra);
      rows.number(decl);
      rows.float(RADII[n % RADII.length]);
      rows.value(hpx29(ra, decl));
      rows.endRow();
    }
    await db.transaction((tx) => bulkLoad(tx, server, 'insert', target, rows));
  }
  await db.execute(
    "INSERT INTO glint.list_generations (kind, generation) VALUES ('watchlist', 1) ON DUPLICATE KEY UPDATE generation = generation + 1",
  );
}

/** Objects with a place and nothing else, unless they are there. */
async function storeObjects(db: Database, count: number, log: Log): Promise<void> {
  if ((await countObjects(db, 'ztf')) === count) return;
  await db.execute('TRUNCATE TABLE ztf.objects');
  const table = tableOf('ztf', 'objects');
  const columns = table.columns.filter(
    ({ required, name }) => required === true || name === 'hpx29',
  );
  const target = { table: tableName(table), columns: columns.map(({ name }) => name) };
  const server = await db.server();
  for (let first = 0; first < count; first += GROUP) {
    const rows = createRowBuffer(1 << 24);
    for (let n = first; n < Math.min(count, first + GROUP); n++) {
      const { ra, decl } = placeAt(n, 0);
      const values: Record<string, unknown> = {
        ...{ objectId: nameOf(n), ramean: ra, decmean: decl },
        ...{ hpx29: hpx29(ra, decl), htm16: htm16(ra, decl) },
      };
      for (const { name } of columns) rows.value(values[name] ?? 0);
      rows.endRow();
    }
    await db.transaction((tx) => bulkLoad(tx, server, 'insert', target, rows));
    log.info(`${Math.min(count, first + GROUP)} of ${count} objects`);
  }
  await db.arrays('ANALYZE TABLE ztf.objects');
}

/** A place that belongs to these numbers, uniform on the sphere. */
function placeAt(n: number, of: number): { ra: number; decl: number } {
  return {
    ra: 360 * uniformAt(n, of, 1),
    decl: (Math.asin(2 * uniformAt(n, of, 2) - 1) * 180) / Math.PI,
  };
}

/** Sources 1 arcsec north of known objects. */
function sourcesAtObjects({ sources, objects }: WatchlistOptions): WatchlistSource[] {
  const step = Math.max(1, Math.floor(objects / sources));
  return Array.from({ length: Math.min(sources, objects) }, (_, n) => {
    const { ra, decl } = placeAt(n * step, 0);
    return { name: `source ${n}`, ra, decl: Math.min(90, decl + 1 / 3_600), radiusArcsec: null };
  });
}

/** About how many objects lie within cones of this radius: their own, and what is there by chance. */
function expectedObjects({ sources, objects }: WatchlistOptions, radiusArcsec: number): number {
  const steradians = Math.PI * (radiusArcsec / 206_264.8) ** 2;
  return Math.round(sources * (1 + (objects / (4 * Math.PI)) * steradians));
}

function bytesOf({ cell, ra, decl, radiusArcsec, coneId, watchlistId }: ConeIndex): number {
  const arrays = [cell, ra, decl, radiusArcsec, coneId, watchlistId];
  return arrays.reduce((bytes, array) => bytes + array.byteLength, 0);
}

function placesOf(index: ConeIndex, count: number): PlacedObject[] {
  return Array.from({ length: count }, (_, n) => {
    const at = Math.floor(uniformAt(n, 3) * index.count);
    const place =
      uniformAt(n, 4) < NEAR_SHARE
        ? { ra: index.ra[at], decl: Math.max(-90, index.decl[at] - uniformAt(n, 5) / 1_800) }
        : placeAt(n, 6);
    return { id: nameOf(n), ...place, newestAlert: null };
  });
}

/** Compares what is stored of a batch with what the distances of all pairs say. */
async function countWrong(
  db: Database,
  index: ConeIndex,
  objects: readonly PlacedObject[],
): Promise<number> {
  const rows = await db.arrays(
    'SELECT objectId, cone_id FROM ztf.watchlist_hits WHERE objectId IN (:ids)',
    { ids: objects.map(({ id }) => id) },
  );
  const stored = new Set(rows.map((row) => row.join(' ')));
  let wrong = 0;
  for (const { id, ra, decl } of objects) {
    for (let i = 0; i < index.count; i++) {
      const radius = index.radiusArcsec[i];
      if (Math.abs(index.decl[i] - decl) > radius / 3_600 + 1e-6) continue;
      if (separationArcsec(index.ra[i], index.decl[i], ra, decl) > radius) continue;
      if (!stored.delete(`${id} ${index.coneId[i]}`)) wrong++;
    }
  }
  return wrong + stored.size;
}

function nameOf(n: number): string {
  let letters = '';
  for (let left = n, i = 0; i < 7; i++, left = Math.floor(left / 26))
    letters = String.fromCharCode(97 + (left % 26)) + letters;
  return `ZTF26${letters}`;
}
