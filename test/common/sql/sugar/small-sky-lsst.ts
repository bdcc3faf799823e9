import { hpx29 } from '../../../../common/astro/healpix.ts';
import { MJD_TAI } from './small-sky-moment.ts';
import type { Row } from './small-sky-moment.ts';

export const RUBIN_SUPERNOVA = '313000000000000001';
export const RUBIN_NUCLEAR = '313000000000000002';
export const RUBIN_STAR = '313000000000000003';
export const RUBIN_NUCLEUS = '313000000000000004';
export const RUBIN_FADING = '313000000000000005';

export const LSST_OBJECTS: Row[] = [
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

export const LSST_SHERLOCK: Row[] = [
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

export const LSST_SOURCE_ROWS: Row[] = LSST_SOURCES.map(
  ([diaObjectId, daysAgo, band, psfFlux, psfFluxErr, reliability], i) => ({
    diaSourceId: BigInt(i + 1),
    diaObjectId: BigInt(diaObjectId),
    midpointMjdTai: MJD_TAI - daysAgo,
    ...{ band, psfFlux, psfFluxErr, reliability, snr: psfFlux / psfFluxErr },
  }),
);

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
