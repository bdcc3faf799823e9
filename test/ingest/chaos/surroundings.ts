import { openFeed } from '../../../ingest/feed.ts';
import type { Context } from '../../../common/context.ts';
import { derivedRows, expectSameRows } from '../derived-rows.ts';
import { loadSurroundings, storeNames, storeOtherObjects } from '../sky-around.ts';
import { freshDatabase } from '../../servers.ts';
import type { Database } from '../../../common/store/database.ts';
import type { NightPacket } from './night.ts';
import type { Stand } from './stand.ts';

/** When a row was written; and packed points, which are in the order in which they came. */
const PASSED_OVER = ['objects.timestamp', 'histories.points'];

/** Puts galaxies, stars, names and objects of Rubin around the objects of a night. */
export async function surroundNight(db: Database, packets: readonly NightPacket[]): Promise<void> {
  const places = new Map(packets.map(({ objectId, place }) => [objectId, place]));
  const all = [...places.values()];
  await loadSurroundings(db, all);
  await storeNames(db, all);
  await storeOtherObjects(db, 'ztf', all);
  // What comes from here on finds them.
  await db.execute('DELETE FROM glint.rebuilds');
}

/**
 * Compares what processes that died have stored with what one stores that lives: features, classes,
 * links, names and coverage. The database is another one afterwards.
 */
export async function checkAsUnbroken(
  { db, context }: Pick<Stand, 'db' | 'context'>,
  packets: readonly NightPacket[],
): Promise<void> {
  const stale = await db.arrays('SELECT step, object_id, reason FROM glint.stale_objects LIMIT 5');
  if (stale.length > 0) throw new Error(`a step failed: ${JSON.stringify(stale)}`);
  const broken = await derivedRows(db);
  const other = await freshDatabase();
  try {
    await surroundNight(other.db, packets);
    const unbroken: Context = { ...context, db: other.db };
    const feed = openFeed(unbroken, 'ztf');
    await feed.push(packets.map(({ bytes }) => bytes));
    await feed.finish();
    expectSameRows(broken, await derivedRows(other.db), PASSED_OVER);
  } finally {
    await other.db.close();
  }
}
