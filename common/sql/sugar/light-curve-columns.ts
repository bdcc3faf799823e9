import type { Survey } from '../../config.ts';

/** What a light curve has for both surveys: a name, what it is, and how each survey's columns give it. */
export interface LightCurveColumn {
  name: string;
  unit?: string;
  description: string;
  /**
   * Of the columns of the survey's detections; `:now` is the moment of the query and `:last` that of
   * the object's last detection, as the survey counts time.
   */
  formulas: Readonly<Record<Survey, string>>;
}

/** The detections that a light curve is made of. */
export const DETECTIONS = {
  ztf: { table: 'candidates', time: 'jd', last: 'jdmax' },
  lsst: { table: 'diaSources', time: 'midpointMjdTai', last: 'lastDiaSourceMjdTai' },
} as const;

const SIGN = "CASE WHEN isdiffpos IN ('t', '1') THEN 1 WHEN isdiffpos IN ('f', '0') THEN -1 END";
/** 2.5 / ln 10: magnitudes per relative change of flux. */
const MAG_PER_RELATIVE_FLUX = '1.0857362047581296';

export const LIGHT_CURVE_COLUMNS: readonly LightCurveColumn[] = [
  {
    name: 'mjd',
    unit: 'd',
    description: 'Time: Modified Julian Date, of ZTF in UTC, of Rubin in TAI (37 s ahead).',
    formulas: { ztf: 'jd - 2400000.5', lsst: 'midpointMjdTai' },
  },
  {
    name: 'band',
    description: 'u, g, r, i, z or y.',
    formulas: {
      ztf: "CASE fid WHEN 1 THEN 'g' WHEN 2 THEN 'r' WHEN 3 THEN 'i' END",
      lsst: 'band',
    },
  },
  {
    name: 'mag',
    unit: 'mag',
    description:
      'Difference magnitude (AB): how much light came or went. isPositive tells which of the two.',
    formulas: { ztf: 'magpsf', lsst: '31.4 - 2.5 * LOG10(ABS(psfFlux))' },
  },
  {
    name: 'magerr',
    unit: 'mag',
    description: 'Uncertainty of mag.',
    formulas: {
      ztf: 'sigmapsf',
      lsst: `${MAG_PER_RELATIVE_FLUX} * psfFluxErr / ABS(psfFlux)`,
    },
  },
  {
    name: 'flux',
    unit: 'nJy',
    description: 'Difference flux, negative where the source is fainter than in the reference.',
    formulas: { ztf: `${SIGN} * POWER(10, 0.4 * (31.4 - magpsf))`, lsst: 'psfFlux' },
  },
  {
    name: 'fluxerr',
    unit: 'nJy',
    description: 'Uncertainty of flux.',
    formulas: {
      ztf: `POWER(10, 0.4 * (31.4 - magpsf)) * sigmapsf / ${MAG_PER_RELATIVE_FLUX}`,
      lsst: 'psfFluxErr',
    },
  },
  {
    name: 'snr',
    description: 'Signal to noise: of ZTF 1.0857 / sigmapsf, of Rubin as it says.',
    formulas: { ztf: `${MAG_PER_RELATIVE_FLUX} / sigmapsf`, lsst: 'snr' },
  },
  {
    name: 'isPositive',
    description: '1 where the source is brighter than in the reference, 0 where fainter.',
    formulas: { ztf: "isdiffpos IN ('t', '1')", lsst: 'psfFlux > 0' },
  },
  {
    name: 'age',
    unit: 'd',
    description: 'Days between the detection and now.',
    formulas: { ztf: ':now - jd', lsst: ':now - midpointMjdTai' },
  },
  {
    name: 'since_last',
    unit: 'd',
    description: "Days between the detection and the object's last one: 0 for that.",
    formulas: { ztf: ':last - jd', lsst: ':last - midpointMjdTai' },
  },
  {
    name: 'reliability',
    description:
      'How real the detection is, 0 an artefact to 1: of ZTF drb, or rb where there is none, of Rubin reliability.',
    formulas: { ztf: 'COALESCE(drb, rb)', lsst: 'reliability' },
  },
];
