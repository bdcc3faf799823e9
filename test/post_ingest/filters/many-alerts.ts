import type { Database } from '../../../common/store/database.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { objectId } from './stand.ts';

const AT_ONCE = 1_000;
const DAY_SECONDS = 86_400;
/** Numbers of objects that no other test data has. */
const FIRST = 1_000_000;

/** So many objects with one alert each, a second apart, and all within one night. @returns Their ids. */
export async function storeAlerts(db: Database, count: number, jd: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => objectId(FIRST + i));
  const time = (i: number) => jd + i / DAY_SECONDS;
  for (let start = 0; start < count; start += AT_ONCE) {
    const some = ids.slice(start, start + AT_ONCE);
    await insertRows(
      db,
      'ztf',
      'objects',
      some.map((id, i) => {
        const at = time(start + i);
        return { objectId: id, ncand: (start + i) % 10, gmag: 18, jdmin: at, jdmax: at };
      }),
    );
    await insertRows(
      db,
      'ztf',
      'candidates',
      some.map((id, i) => ({
        candid: BigInt(FIRST + start + i),
        objectId: id,
        jd: time(start + i),
        fid: 1,
        magpsf: 18,
        isdiffpos: 't',
        hasalert: 1,
      })),
    );
  }
  return ids;
}
