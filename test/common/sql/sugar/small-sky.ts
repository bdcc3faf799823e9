import { hpx29 } from '../../../../common/astro/healpix.ts';
import type { Database, ParameterValue } from '../../../../common/store/database.ts';
import { insertRows } from '../../store/insert-rows.ts';

/**
 * A sky of a few objects of which everything is known, as it is at NOW: what each query must find
 * follows from the numbers in this file.
 */
export const NOW = new Date('2026-03-15T00:00:00Z');
/** Julian Date and Modified Julian Date of NOW, UTC, and MJD, TAI. */
export const JD = 2_461_114.5;
export const MJD = 61_114;
export const MJD_TAI = MJD + 37 / 86_400;

export const ALICE = { userId: 1 };
export const BOB = { userId: 2 };

type Row = Record<string, ParameterValue>;

/** A young supernova 0.8 arcsec from its galaxy, in TNS. */
export const SUPERNOVA = 'ZTF26aaaaaaa';
/** A blue transient in the core of a galaxy, found 20 days ago. */
export const NUCLEAR = 'ZTF26aaaaaab';
/** A very bright variable star, known for long. */
export const STAR = 'ZTF18aaaaaac';
/** A new one with no galaxy near, right at a star of Pan-STARRS. */
export const AT_STAR = 'ZTF26aaaaaad';
/** An active nucleus that brightens. */
export const NUCLEUS = 'ZTF19aaaaaae';
/** A supernova of last year, in TNS. */
export const OLD_SUPERNOVA = 'ZTF25aaaaaaf';
/** A cataclysmic variable in outburst, near the Galactic plane, fading from below its reference. */
export const DWARF_NOVA = 'ZTF18aaaaaag';

const ZTF_OBJECTS: Row[] = [
  {
    ...ztfPlace(SUPERNOVA, 150, 20, 52),
    ...ztfTimes(10, 1),
    ...{ ncand: 8, ncandgp: 7, ncandgp_7: 5, ncandgp_14: 7 },
    ...magnitudes({ gmag: 18.5, rmag: 18.75 }, [18.25, 18.75, 19.5], [18.5, 19, 19.75]),
    ...{ dmdt_g: 0.25, dmdt_r: 0.125, sgscore1: 0.125, distpsnr1: 1.5, sgmag1: 19.5, srmag1: 18.5 },
    ...{ sherlock_classification: 'SN', tns_name: '2026abc', tns_type: 'SN Ia' },
  },
  {
    ...ztfPlace(NUCLEAR, 200, -10, 51),
    ...ztfTimes(20, 2),
    ...{ ncand: 12, ncandgp: 12, ncandgp_7: 3, ncandgp_14: 9 },
    ...magnitudes({ gmag: 18.25, rmag: 18.5 }, [18.25, 18.5, 19], [18.5, 18.75, 19]),
    ...{ dmdt_g: 0, dmdt_r: 0, sgscore1: 0.25, distpsnr1: 0.25, sgmag1: 18.5, srmag1: 17.75 },
    ...{ sherlock_classification: 'NT' },
  },
  {
    ...ztfPlace(STAR, 83.75, -5.5, -19),
    ...ztfTimes(2_000, 0.5),
    ...{ ncand: 900, ncandgp: 800, ncandgp_7: 2, ncandgp_14: 5 },
    ...magnitudes({ gmag: 11.5, rmag: 11 }, [11.25, 12, 13], [10.75, 11.5, 12.5]),
    ...{ dmdt_g: -0.125, dmdt_r: 0, sgscore1: 1, distpsnr1: 0.125, sgmag1: 12, srmag1: 11.5 },
    ...{ sherlock_classification: 'VS' },
  },
  {
    ...ztfPlace(AT_STAR, 10, 41, -22),
    ...ztfTimes(5, 4),
    ...{ ncand: 3, ncandgp: 3, ncandgp_7: 3, ncandgp_14: 3 },
    ...magnitudes({ gmag: 19.5, rmag: 19.25 }, [19.5, 19.5, 19.5], [19.25, 19.5, 19.75]),
    ...{ dmdt_g: null, dmdt_r: 0.5, sgscore1: 0.875, distpsnr1: 0.5, sgmag1: 20, srmag1: 19.5 },
    ...{ sherlock_classification: 'ORPHAN' },
  },
  {
    ...ztfPlace(NUCLEUS, 187.25, 2, 64),
    ...ztfTimes(800, 3),
    ...{ ncand: 150, ncandgp: 120, ncandgp_7: 4, ncandgp_14: 6 },
    ...magnitudes({ gmag: 17.25, rmag: 17 }, [17, 17.5, 18], [16.5, 17, 17.5]),
    ...{ dmdt_g: 1.75, dmdt_r: 1.5, sgscore1: 0.5, distpsnr1: 0.125, sgmag1: 16, srmag1: 15.5 },
    ...{ sherlock_classification: 'AGN' },
  },
  {
    ...ztfPlace(OLD_SUPERNOVA, 150.5, 20.5, 52),
    ...ztfTimes(200, 100),
    ...{ ncand: 25, ncandgp: 20, ncandgp_7: 1, ncandgp_14: 2 },
    ...magnitudes({ gmag: 20.5, rmag: 20 }, [18, 19, 20.5], [17.5, 18.5, 20]),
    ...{ dmdt_g: -0.25, dmdt_r: -0.25, sgscore1: 0, distpsnr1: 3, sgmag1: 18, srmag1: 17.5 },
    ...{ sherlock_classification: 'SN', tns_name: '2025old', tns_type: 'SN II' },
  },
  {
    ...ztfPlace(DWARF_NOVA, 280, 10, 5),
    ...ztfTimes(1_500, 2),
    ...{ ncand: 40, ncandgp: null, ncandgp_7: null, ncandgp_14: null },
    ...magnitudes({ gmag: 15.5, rmag: 15.75 }, [13, 15, 18], [13.5, 15.5, 18]),
    ...{ dmdt_g: 0.5, dmdt_r: 0.25, sgscore1: 0.99, distpsnr1: 0.25, sgmag1: 15.5, srmag1: 15.25 },
    ...{ sherlock_classification: 'CV' },
  },
];

const ZTF_SHERLOCK: Row[] = [
  sherlock(SUPERNOVA, 'SN', 0.75, 'SDSS/PS1', 'galaxy', { z: 0.03125, photoZ: 0.0625 }),
  sherlock(NUCLEAR, 'NT', 0.25, 'PS1', 'galaxy', { z: 0.125 }),
  sherlock(STAR, 'VS', 0.125, 'GAIA/PS1', 'star'),
  { objectId: AT_STAR, classification: 'ORPHAN' },
  sherlock(NUCLEUS, 'AGN', 0.0625, 'MILLIQUAS/GAIA', 'agn', { z: 0.158 }),
  sherlock(OLD_SUPERNOVA, 'SN', 4, 'NED_D', 'galaxy', { z: 0.015625, direct_distance: 60 }),
  sherlock(DWARF_NOVA, 'CV', 0.25, 'CV/GAIA', 'cv'),
];

/** Detections: name, days ago, band, magnitude, sign, drb. Numbered in this order from 1. */
const ZTF_DETECTIONS: [string, number, 'g' | 'r' | 'i', number, 't' | 'f', number][] = [
  // Five days ago and later it is brighter than 19 in r three times, twice brighter than 18.875.
  [SUPERNOVA, 10, 'r', 19.75, 't', 0.875],
  [SUPERNOVA, 9, 'g', 19.5, 't', 0.875],
  [SUPERNOVA, 6, 'r', 19.25, 't', 0.5],
  [SUPERNOVA, 4, 'r', 18.9375, 't', 0.99],
  [SUPERNOVA, 3, 'g', 18.25, 't', 0.99],
  [SUPERNOVA, 2, 'r', 18.5, 't', 0.99],
  [SUPERNOVA, 1.5, 'i', 18.5, 't', 0.99],
  [SUPERNOVA, 1, 'r', 18.75, 't', 0.99],
  [NUCLEAR, 20, 'g', 19, 't', 0.99],
  [NUCLEAR, 10, 'r', 19, 't', 0.99],
  [NUCLEAR, 3, 'g', 18.25, 't', 0.99],
  [NUCLEAR, 2, 'r', 18.5, 't', 0.99],
  [DWARF_NOVA, 9, 'r', 18, 'f', 0.99],
  [DWARF_NOVA, 8, 'g', 18, 'f', 0.99],
  [DWARF_NOVA, 2.5, 'g', 13, 't', 0.99],
  [DWARF_NOVA, 2, 'r', 13.5, 't', 0.99],
  [AT_STAR, 5, 'r', 19.75, 't', 0.25],
  [AT_STAR, 4, 'r', 19.25, 't', 0.25],
];

export const RUBIN_SUPERNOVA = '313000000000000001';
export const RUBIN_NUCLEAR = '313000000000000002';
export const RUBIN_STAR = '313000000000000003';
export const RUBIN_NUCLEUS = '313000000000000004';
export const RUBIN_FADING = '313000000000000005';

const LSST_OBJECTS: Row[] = [
  {
    ...rubinPlace(RUBIN_SUPERNOVA, 150, -30, 20),
    ...rubinTimes(12, 1),
    ...{ nDiaSources: 6, nPosDiaSources: 6, latestR: 0.875, ebv: 0.0625, absMag: -19.5 },
    ...{ g_psfFlux: 120_000, r_psfFlux: 90_000, latest_psfFlux: 90_000, r_psfFluxSigma: 12_000 },
    ...{ BBBRiseRate: 0.3125, latestPairColourTemp: 12, penultimatePairColourTemp: 11 },
    ...{ sherlock_classification: 'SN', tns_name: '2026rub', tns_type: 'SN II' },
  },
  {
    ...rubinPlace(RUBIN_NUCLEAR, 40, -10, -55),
    ...rubinTimes(40, 3),
    ...{ nDiaSources: 4, nPosDiaSources: 4, latestR: 0.625, ebv: 0.03125, absMag: -20 },
    ...{ g_psfFlux: 40_000, r_psfFlux: 60_000, latest_psfFlux: 40_000, r_psfFluxSigma: 8_000 },
    ...{ BBBRiseRate: 0.125, latestPairColourTemp: 20 },
    ...{ sherlock_classification: 'NT' },
  },
  {
    ...rubinPlace(RUBIN_STAR, 90, -20, -19),
    ...rubinTimes(300, 0.5),
    ...{ nDiaSources: 50, nPosDiaSources: 25, latestR: 0.75, ebv: 0.25 },
    ...{ g_psfFlux: 250_000, r_psfFlux: 200_000, latest_psfFlux: 250_000, r_psfFluxSigma: 90_000 },
    ...{ sherlock_classification: 'VS' },
  },
  {
    ...rubinPlace(RUBIN_NUCLEUS, 55, -35, -54),
    ...rubinTimes(250, 5),
    ...{ nDiaSources: 20, nPosDiaSources: 12, latestR: 0.99, ebv: 0.015625 },
    ...{ g_psfFlux: 150_000, r_psfFlux: 30_000, latest_psfFlux: 30_000, r_psfFluxSigma: 20_000 },
    ...{ sherlock_classification: 'AGN' },
  },
  {
    ...rubinPlace(RUBIN_FADING, 150.0001, -30.5, 20),
    ...rubinTimes(60, 2),
    ...{ nDiaSources: 9, nPosDiaSources: 0, latestR: 0.5, ebv: 0.0625 },
    ...{ g_psfFlux: -500, r_psfFlux: null, latest_psfFlux: -500, r_psfFluxSigma: 100 },
    ...{ sherlock_classification: 'SN' },
  },
];

const LSST_SHERLOCK: Row[] = [
  rubinSherlock(RUBIN_SUPERNOVA, 'SN', 2, 'galaxy', { z: 0.05078125 }),
  rubinSherlock(RUBIN_NUCLEAR, 'NT', 0.25, 'galaxy', { photoZ: 0.25 }),
  rubinSherlock(RUBIN_STAR, 'VS', 0.25, 'star'),
  rubinSherlock(RUBIN_NUCLEUS, 'AGN', 0.125, 'agn'),
  rubinSherlock(RUBIN_FADING, 'SN', 8, 'galaxy'),
];

/** Sources: number of the object, days ago, band, flux in nJy, its error, reliability. */
const LSST_SOURCES: [string, number, string, number, number, number][] = [
  [RUBIN_SUPERNOVA, 12, 'r', 10_000, 500, 0.875],
  [RUBIN_SUPERNOVA, 8, 'g', 60_000, 1_000, 0.875],
  [RUBIN_SUPERNOVA, 4, 'r', 100_000, 1_000, 0.5],
  [RUBIN_SUPERNOVA, 3, 'g', 120_000, 1_000, 0.99],
  [RUBIN_SUPERNOVA, 1.015625, 'i', 80_000, 1_000, 0.99],
  [RUBIN_SUPERNOVA, 1, 'r', 90_000, 1_000, 0.875],
  [RUBIN_FADING, 3, 'g', -1_000, 100, 0.5],
  [RUBIN_FADING, 2, 'g', -500, 100, 0.5],
];

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
  await insertRows(
    db,
    'ztf',
    'candidates',
    ZTF_DETECTIONS.map(([objectId, daysAgo, band, magpsf, isdiffpos, drb], i) => ({
      candid: BigInt(i + 1),
      objectId,
      jd: JD - daysAgo,
      fid: 'gri'.indexOf(band) + 1,
      magpsf,
      sigmapsf: 0.0625,
      isdiffpos,
      ...{ rb: 0.75, drb, nbad: 0, fwhm: 2.5, magdiff: 0.0625, elong: 1.125, sgmag1: 19.5 },
    })),
  );
  await insertRows(db, 'ztf', 'comments', [
    comment(SUPERNOVA, 2, 'In TNS as 2026abc at 0.1 arcsec', 'tns'),
    comment(OLD_SUPERNOVA, 100, 'In TNS as 2025old at 0.3 arcsec', 'tns'),
    comment(NUCLEUS, 1, 'a quasar since 1963', null),
  ]);
  await insertRows(db, 'lsst', 'objects', LSST_OBJECTS);
  await insertRows(db, 'lsst', 'sherlock_classifications', LSST_SHERLOCK);
  await insertRows(
    db,
    'lsst',
    'diaSources',
    LSST_SOURCES.map(([diaObjectId, daysAgo, band, psfFlux, psfFluxErr, reliability], i) => ({
      diaSourceId: BigInt(i + 1),
      diaObjectId: BigInt(diaObjectId),
      midpointMjdTai: MJD_TAI - daysAgo,
      ...{ band, psfFlux, psfFluxErr, reliability, snr: psfFlux / psfFluxErr },
    })),
  );
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
      'lsst-r': { absolute_peak_mag_val: -19.25 },
    }),
    annotation('objectId', NUCLEAR, 'fastfinder', 'slow', {
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

function ztfPlace(objectId: string, ramean: number, decmean: number, glatmean: number): Row {
  return { objectId, ramean, decmean, glatmean, hpx29: hpx29(ramean, decmean) };
}

function ztfTimes(firstDaysAgo: number, lastDaysAgo: number): Row {
  return { jdmin: JD - firstDaysAgo, jdmax: JD - lastDaysAgo, jdgmax: JD - lastDaysAgo };
}

function magnitudes(
  last: { gmag: number; rmag: number },
  [maggmin, maggmean, maggmax]: [number, number, number],
  [magrmin, magrmean, magrmax]: [number, number, number],
): Row {
  return {
    ...last,
    ...{ latestgmag: last.gmag, latestrmag: last.rmag },
    ...{ maggmin, maggmean, maggmax, magrmin, magrmean, magrmax },
  };
}

function rubinPlace(diaObjectId: string, ra: number, decl: number, glat: number): Row {
  return { diaObjectId: BigInt(diaObjectId), ra, decl, glat, hpx29: hpx29(ra, decl) };
}

/** Rubin counts in TAI. */
function rubinTimes(firstDaysAgo: number, lastDaysAgo: number): Row {
  return {
    firstDiaSourceMjdTai: MJD_TAI - firstDaysAgo,
    lastDiaSourceMjdTai: MJD_TAI - lastDaysAgo,
    g_latestMJD: MJD_TAI - lastDaysAgo,
  };
}

function sherlock(
  objectId: string,
  classification: string,
  separationArcsec: number,
  catalogue_table_name: string,
  catalogue_object_type: string,
  distances: Row = {},
): Row {
  return {
    ...{ objectId, classification, separationArcsec },
    ...{ catalogue_table_name, catalogue_object_type, ...distances },
  };
}

function rubinSherlock(
  diaObjectId: string,
  classification: string,
  separationArcsec: number,
  catalogue_object_type: string,
  distances: Row = {},
): Row {
  const id = BigInt(diaObjectId);
  return { diaObjectId: id, classification, separationArcsec, catalogue_object_type, ...distances };
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
