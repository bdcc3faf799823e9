import type { Database } from '../../../common/store/database.ts';
import { insertRows } from '../store/insert-rows.ts';

export const OWNER = 1;
export const STRANGER = 2;
export const IDS = ['ZTF26aaaaaaa', 'ZTF26aaaaaab', 'ZTF26aaaaaac', 'ZTF26aaaaaad'];

/** Four objects, and lists of which the second of each kind is its owner's secret. */
export async function fillObjectsAndLists(db: Database): Promise<void> {
  await insertRows(
    db,
    'ztf',
    'objects',
    IDS.map((objectId, i) => ({
      objectId,
      ncand: i + 1,
      gmag: [17.5, 18.25, null, 16][i],
      jdmax: 2_461_366 - i,
      ramean: 150 + i,
      decmean: 20,
      hpx29: 9_007_199_254_740_993n + BigInt(i),
    })),
  );
  await insertRows(
    db,
    'ztf',
    'candidates',
    [0, 0, 0, 1, 3, 3].map((of, i) => ({
      candid: 9_007_199_254_740_993n + BigInt(i),
      objectId: IDS[of],
      jd: 2_461_360 + i,
      fid: 1 + (i % 2),
      magpsf: 17 + i / 4,
      isdiffpos: 't',
    })),
  );
  await insertRows(db, 'ztf', 'sherlock_classifications', [
    { objectId: IDS[0], classification: 'SN', separationArcsec: 1.5 },
    { objectId: IDS[3], classification: 'AGN', separationArcsec: 0.1 },
  ]);
  const list = (name: string, isPublic: boolean) => ({
    name,
    description: name,
    public: isPublic,
    user_id: OWNER,
    active: true,
  });
  const lists = [list('open', true), list('SECRET', false)];
  await insertRows(
    db,
    'glint',
    'watchlists',
    lists.map((one, i) => ({ ...one, wl_id: i + 1 })),
  );
  await insertRows(
    db,
    'glint',
    'areas',
    lists.map((one, i) => ({ ...one, ar_id: i + 1 })),
  );
  await insertRows(
    db,
    'glint',
    'annotators',
    lists.map(({ name, ...one }) => ({ ...one, topic: `${name.toLowerCase()}_annotator` })),
  );
  await insertRows(
    db,
    'glint',
    'watchlist_cones',
    [1, 2].map((id) => ({ cone_id: id, wl_id: id, name: id === 2 ? 'SECRET' : 'open' })),
  );
  await insertRows(db, 'ztf', 'watchlist_hits', [
    { objectId: IDS[0], wl_id: 1, cone_id: 1, name: 'open', arcsec: 0.5 },
    { objectId: IDS[1], wl_id: 1, cone_id: 1, name: 'open', arcsec: 2.5 },
    ...IDS.map((objectId) => ({ objectId, wl_id: 2, cone_id: 2, name: 'SECRET source' })),
  ]);
  await insertRows(db, 'ztf', 'area_hits', [
    { objectId: IDS[0], ar_id: 1 },
    { objectId: IDS[3], ar_id: 1 },
    { objectId: IDS[0], ar_id: 2 },
  ]);
  await insertRows(db, 'ztf', 'annotations', [
    { objectId: IDS[0], topic: 'open_annotator', classification: 'SN', classdict: '{"p": 0.75}' },
    {
      objectId: IDS[1],
      topic: 'secret_annotator',
      classification: 'SECRET',
      explanation: 'SECRET',
      classdict: '{"secret":"SECRET"}',
    },
  ]);
}
