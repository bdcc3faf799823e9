import { hpx29 } from '../../../../common/astro/healpix.ts';
import type { Database } from '../../../../common/store/database.ts';
import { insertRows } from '../../store/insert-rows.ts';
import {
  LSST_OBJECTS,
  LSST_SHERLOCK,
  LSST_SOURCE_ROWS,
  RUBIN_SUPERNOVA,
  RUBIN_NUCLEAR,
  RUBIN_STAR,
  RUBIN_NUCLEUS,
  RUBIN_FADING,
} from './small-sky-lsst.ts';
import { NOW } from './small-sky-moment.ts';
import type { Row } from './small-sky-moment.ts';
import {
  SUPERNOVA,
  NUCLEAR,
  STAR,
  NUCLEUS,
  OLD_SUPERNOVA,
  DWARF_NOVA,
  ZTF_CANDIDATES,
  ZTF_OBJECTS,
  ZTF_SHERLOCK,
} from './small-sky-ztf.ts';

export * from './small-sky-moment.ts';
export {
  SUPERNOVA,
  NUCLEAR,
  STAR,
  AT_STAR,
  NUCLEUS,
  OLD_SUPERNOVA,
  DWARF_NOVA,
} from './small-sky-ztf.ts';
export {
  RUBIN_SUPERNOVA,
  RUBIN_NUCLEAR,
  RUBIN_STAR,
  RUBIN_NUCLEUS,
  RUBIN_FADING,
} from './small-sky-lsst.ts';

/*
 * A sky of a few objects of which everything is known, as it is at NOW: what each query must find
 * follows from the numbers in these files.
 */

export const ALICE = { userId: 1 };
export const BOB = { userId: 2 };

const TNS: Row[] = [
  { id: 1n, tns_name: '2026abc', tns_prefix: 'SN', type: 'SN Ia', ra: 150, decl: 20 },
  { id: 2n, tns_name: '2025old', tns_prefix: 'SN', type: 'SN II', ra: 150.5, decl: 20.5 },
  { id: 3n, tns_name: '2026rub', tns_prefix: 'SN', type: 'SN II', ra: 150, decl: -30 },
  { id: 4n, tns_name: '2020far', tns_prefix: 'AT', type: null, ra: 300, decl: 60 },
].map((row) => ({ ...row, tnsid: row.id, hpx29: hpx29(row.ra, row.decl) }));

const LISTS = { active: 1, description: '' };

/** Fills an empty database with it. */
export async function makeSmallSky(db: Database): Promise<void> {
  await insertRows(db, 'ztf', 'objects', ZTF_OBJECTS);
  await insertRows(db, 'ztf', 'sherlock_classifications', ZTF_SHERLOCK);
  await insertRows(db, 'ztf', 'sherlock_crossmatches', [
    {
      objectId: SUPERNOVA,
      rank: 1,
      catalogue_object_type: 'galaxy',
      separationArcsec: 0.75,
      distance: 137,
    },
    {
      objectId: SUPERNOVA,
      rank: 2,
      catalogue_object_type: 'star',
      separationArcsec: 5,
      distance: null,
    },
    {
      objectId: OLD_SUPERNOVA,
      rank: 1,
      catalogue_object_type: 'galaxy',
      separationArcsec: 4,
      distance: 60,
    },
  ]);
  await insertRows(db, 'ztf', 'candidates', ZTF_CANDIDATES);
  await insertRows(db, 'ztf', 'comments', [
    comment(SUPERNOVA, 2, 'In TNS as 2026abc at 0.1 arcsec', 'tns'),
    comment(OLD_SUPERNOVA, 100, 'In TNS as 2025old at 0.3 arcsec', 'tns'),
    comment(NUCLEUS, 1, 'a quasar since 1963', null),
  ]);
  await insertRows(db, 'lsst', 'objects', LSST_OBJECTS);
  await insertRows(db, 'lsst', 'sherlock_classifications', LSST_SHERLOCK);
  await insertRows(db, 'lsst', 'diaSources', LSST_SOURCE_ROWS);
  await insertRows(db, 'ztf', 'tns_matches', [
    { objectId: SUPERNOVA, tns_name: '2026abc', arcsec: 0.125 },
    { objectId: OLD_SUPERNOVA, tns_name: '2025old', arcsec: 0.25 },
  ]);
  await insertRows(db, 'lsst', 'tns_matches', [
    { diaObjectId: BigInt(RUBIN_SUPERNOVA), tns_name: '2026rub', arcsec: 0.5 },
  ]);
  for (const survey of ['ztf', 'lsst'] as const)
    await insertRows(db, survey, 'crossmatch_tns', TNS);
  await makeLists(db);
  // The two surveys see the nuclear transients as one, and the dwarf nova near two of Rubin.
  const pairs = [
    {
      objectId: NUCLEAR,
      diaObjectId: BigInt(RUBIN_NUCLEAR),
      separationArcsec: 0.25,
      rank: 1,
      candidates: 1,
    },
    {
      objectId: DWARF_NOVA,
      diaObjectId: BigInt(RUBIN_STAR),
      separationArcsec: 0.5,
      rank: 1,
      candidates: 2,
    },
    {
      objectId: DWARF_NOVA,
      diaObjectId: BigInt(RUBIN_NUCLEUS),
      separationArcsec: 1,
      rank: 2,
      candidates: 2,
    },
  ];
  await insertRows(db, 'ztf', 'crossmatch_lsst', pairs);
  await insertRows(db, 'lsst', 'crossmatch_ztf', pairs);
}

/** Watchlists 1 (public), 2 (Alice's), 3 (Bob's); watchmaps 1, 2 (public), 3 (Bob's); annotators. */
async function makeLists(db: Database): Promise<void> {
  await insertRows(db, 'glint', 'watchlists', [
    { wl_id: 1, user_id: 2, name: 'White dwarfs', public: 1, radius: 2, ...LISTS },
    { wl_id: 2, user_id: 1, name: 'nearby galaxies', public: 0, radius: 60, ...LISTS },
    { wl_id: 3, user_id: 2, name: 'secret', public: 0, radius: 5, ...LISTS },
  ]);
  await insertRows(db, 'glint', 'areas', [
    { ar_id: 1, user_id: 2, name: 'spring field', public: 1, ...LISTS },
    { ar_id: 2, user_id: 2, name: 'deep field', public: 1, ...LISTS },
    { ar_id: 3, user_id: 2, name: 'secret field', public: 0, ...LISTS },
  ]);
  await insertRows(db, 'glint', 'annotators', [
    { topic: 'fastfinder', user_id: 2, public: 1, ...LISTS },
    { topic: 'NEEDLE_LSST', user_id: 2, public: 1, ...LISTS },
    { topic: 'lc-classes.v2', user_id: 2, public: 1, ...LISTS },
    { topic: 'secret', user_id: 2, public: 0, ...LISTS },
  ]);
  await insertRows(db, 'ztf', 'watchlist_hits', [
    { wl_id: 1, objectId: DWARF_NOVA, cone_id: 1, name: 'WD 1', arcsec: 0.25 },
    { wl_id: 1, objectId: STAR, cone_id: 2, name: 'WD 2', arcsec: 1.5 },
    { wl_id: 2, objectId: SUPERNOVA, cone_id: 3, name: 'NGC 1', arcsec: 12 },
    { wl_id: 2, objectId: SUPERNOVA, cone_id: 4, name: 'NGC 2', arcsec: 48 },
    { wl_id: 2, objectId: NUCLEAR, cone_id: 5, name: 'NGC 3', arcsec: 0.5 },
    { wl_id: 2, objectId: DWARF_NOVA, cone_id: 6, name: 'NGC 4', arcsec: 30 },
    { wl_id: 3, objectId: NUCLEUS, cone_id: 7, name: 'mine', arcsec: 0.125 },
  ]);
  await insertRows(db, 'lsst', 'watchlist_hits', [
    { wl_id: 2, diaObjectId: BigInt(RUBIN_SUPERNOVA), cone_id: 8, name: 'NGC 5', arcsec: 3 },
  ]);
  await insertRows(db, 'ztf', 'area_hits', [
    { ar_id: 1, objectId: SUPERNOVA },
    { ar_id: 1, objectId: OLD_SUPERNOVA },
    { ar_id: 2, objectId: SUPERNOVA },
    { ar_id: 2, objectId: NUCLEAR },
    { ar_id: 3, objectId: NUCLEUS },
  ]);
  await insertRows(db, 'lsst', 'area_hits', [
    { ar_id: 1, diaObjectId: BigInt(RUBIN_SUPERNOVA) },
    { ar_id: 1, diaObjectId: BigInt(RUBIN_FADING) },
  ]);
  await insertRows(db, 'ztf', 'annotations', [
    annotation('objectId', SUPERNOVA, 'fastfinder', 'fast', {
      prob_SN: 0.93,
      classes: ['SN Ia', 'SN Ib'],
      'lsst-r': { absolute_peak_mag_val: -19.25 },
    }),
    annotation('objectId', NUCLEAR, 'fastfinder', 'slow', {
      prob_SN: 0.2,
      classes: ['TDE'],
      'lsst-r': { absolute_peak_mag_val: -18.5 },
    }),
    annotation('objectId', SUPERNOVA, 'lc-classes.v2', 'SN Ia', { probability: 0.75 }),
    annotation('objectId', NUCLEUS, 'secret', 'mine', {}),
  ]);
  await insertRows(db, 'lsst', 'annotations', [
    annotation('diaObjectId', BigInt(RUBIN_SUPERNOVA), 'NEEDLE_LSST', 'SN', { SN: 0.9, TDE: 0.05 }),
    annotation('diaObjectId', BigInt(RUBIN_NUCLEAR), 'NEEDLE_LSST', 'TDE', { SN: 0.3, TDE: 0.6 }),
  ]);
}

function comment(objectId: string, daysAgo: number, content: string, topic: string | null): Row {
  const time = new Date(NOW.getTime() - daysAgo * 86_400_000);
  return { objectId, content, topic, time, user: topic === null ? 1 : 0 };
}

function annotation(
  key: 'objectId' | 'diaObjectId',
  id: string | bigint,
  topic: string,
  classification: string,
  classdict: object,
): Row {
  return { [key]: id, topic, classification, classdict: JSON.stringify(classdict) };
}
