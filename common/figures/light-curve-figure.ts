import {
  apparentMagnitude,
  fluxErrFromMag,
  fluxNJyFromCounts,
  fluxNJyFromMag,
  magErrFromFlux,
  magFromFluxNJy,
} from '../astro/photometry.ts';
import type { Magnitude } from '../astro/photometry.ts';
import { dateFromMjdUtc, mjdFromJd, mjdUtcFromTai } from '../astro/time.ts';
import { isNegative, ztfBand, ztfValue } from '../store/light-curves.ts';
import type { Candidate, LightCurve } from '../store/light-curves.ts';
import { formatInstant } from './format-instant.ts';

export const KINDS = ['detection', 'negative', 'limit', 'forced', 'forcedLimit'] as const;
export type PointKind = (typeof KINDS)[number];

/** One mark of a light curve in every unit it can be shown in; null where it has none. */
export interface FigurePoint {
  kind: PointKind;
  band: string;
  /** Days, in the time scale of the figure. */
  mjd: number;
  /** UTC, for people. */
  date: string;
  id: string | null;
  /** Of the difference image; for limits the limit itself. AB. */
  mag: number | null;
  magErr: number | null;
  /** Of the difference image, nJy, negative where the object has faded. */
  flux: number | null;
  fluxErr: number | null;
  /** Difference and reference together, AB. */
  apparent: number | null;
  apparentErr: number | null;
}

export interface LightCurveFigure {
  survey: LightCurve['survey'];
  timeScale: 'UTC' | 'TAI';
  /** Days to add to the axis for UTC. */
  utcOffsetDays: number;
  bands: string[];
  units: { key: 'mag' | 'flux' | 'apparent'; label: string; axis: string }[];
  hasForced: boolean;
  /** Newest first. */
  points: FigurePoint[];
}

/** Forced photometry below this many sigma is shown as a limit... */
const FORCED_SIGMA = 3;
/** ...of so many sigma, as the surveys' own limits are. */
const LIMIT_SIGMA = 5;
const BAND_ORDER = ['u', 'g', 'r', 'i', 'z', 'y'];

const MAG = {
  key: 'mag',
  label: 'Difference magnitude',
  axis: 'difference magnitude (AB)',
} as const;
const FLUX = { key: 'flux', label: 'Difference flux', axis: 'difference flux (nJy)' } as const;
const APPARENT = {
  key: 'apparent',
  label: 'Apparent magnitude',
  axis: 'apparent magnitude (AB)',
} as const;

/** A light curve as the page draws it. */
export function lightCurveFigure(curve: LightCurve): LightCurveFigure {
  const points = curve.survey === 'ztf' ? ztfPoints(curve) : lsstPoints(curve);
  const present = new Set(points.map((point) => point.band));
  const known = BAND_ORDER.filter((band) => present.has(band));
  const others = [...present].filter((band) => !BAND_ORDER.includes(band)).sort();
  const newest = points.at(0)?.mjd ?? 0;
  return {
    survey: curve.survey,
    timeScale: curve.survey === 'ztf' ? 'UTC' : 'TAI',
    utcOffsetDays: curve.survey === 'ztf' ? 0 : mjdUtcFromTai(newest) - newest,
    bands: [...known, ...others],
    units: curve.survey === 'ztf' ? [MAG, APPARENT, FLUX] : [FLUX, MAG, APPARENT],
    hasForced: points.some((point) => point.kind === 'forced' || point.kind === 'forcedLimit'),
    points,
  };
}

function ztfPoints(curve: LightCurve & { survey: 'ztf' }): FigurePoint[] {
  const detections = curve.detections.map((row): FigurePoint => {
    const sign = isNegative(row) ? -1 : 1;
    const size = row.magpsf === null ? null : fluxNJyFromMag(row.magpsf);
    const apparent = apparentOf(row);
    return {
      ...blank(ztfBand(row.fid), mjdFromJd(row.jd)),
      kind: sign < 0 ? 'negative' : 'detection',
      id: row.candid,
      mag: row.magpsf,
      magErr: row.sigmapsf,
      flux: size === null ? null : sign * size,
      fluxErr: size === null || row.sigmapsf === null ? null : fluxErrFromMag(size, row.sigmapsf),
      apparent: apparent?.mag ?? null,
      apparentErr: apparent?.err ?? null,
    };
  });
  const limits = curve.nonDetections.map((row): FigurePoint => ({
    ...blank(ztfBand(row.fid), mjdFromJd(row.jd)),
    kind: 'limit',
    mag: row.diffmaglim,
    flux: row.diffmaglim === null ? null : fluxNJyFromMag(row.diffmaglim),
  }));
  const forced = curve.forced.flatMap((row): FigurePoint[] => {
    const counts = ztfValue(row.forcediffimflux);
    const noise = ztfValue(row.forcediffimfluxunc);
    const { magzpsci } = row;
    if (counts === null || noise === null || magzpsci === null || noise <= 0) return [];
    const flux = fluxNJyFromCounts(counts, magzpsci);
    const fluxErr = fluxNJyFromCounts(noise, magzpsci);
    return [forcedPoint(ztfBand(row.fid), mjdFromJd(row.jd), flux, fluxErr)];
  });
  return [...detections, ...limits, ...forced].sort((a, b) => b.mjd - a.mjd);
}

/** Difference and reference together; undefined where ZTF found no source in the reference. */
export function apparentOf(row: Candidate): Magnitude | undefined {
  const reference = ztfValue(row.magnr);
  if (row.magpsf === null || reference === null) return undefined;
  return apparentMagnitude(
    { mag: row.magpsf, err: row.sigmapsf ?? 0 },
    { mag: reference, err: ztfValue(row.sigmagnr) ?? 0 },
    isNegative(row) ? -1 : 1,
  );
}

function lsstPoints(curve: LightCurve & { survey: 'lsst' }): FigurePoint[] {
  const detections = curve.detections.map((row): FigurePoint => {
    const { psfFlux: flux, psfFluxErr: err } = row;
    const total = row.scienceFlux;
    const isPositive = total !== null && total > 0;
    return {
      ...blank(row.band ?? '?', row.midpointMjdTai, 'TAI'),
      kind: flux !== null && flux < 0 ? 'negative' : 'detection',
      id: row.diaSourceId,
      ...magnitudesOf(flux, err),
      flux,
      fluxErr: err,
      apparent: isPositive ? (magFromFluxNJy(total) ?? null) : null,
      apparentErr:
        isPositive && row.scienceFluxErr !== null
          ? (magErrFromFlux(total, row.scienceFluxErr) ?? null)
          : null,
    };
  });
  const limits = curve.nonDetections.flatMap((row): FigurePoint[] => {
    if (row.diaNoise === null || row.diaNoise <= 0) return [];
    const flux = LIMIT_SIGMA * row.diaNoise;
    const point = blank(row.band ?? '?', row.midpointMjdTai, 'TAI');
    return [{ ...point, kind: 'limit', flux, mag: magFromFluxNJy(flux) ?? null }];
  });
  const forced = curve.forced.flatMap((row): FigurePoint[] =>
    row.psfFlux === null || row.psfFluxErr === null || row.psfFluxErr <= 0
      ? []
      : [forcedPoint(row.band ?? '?', row.midpointMjdTai, row.psfFlux, row.psfFluxErr, 'TAI')],
  );
  return [...detections, ...limits, ...forced].sort((a, b) => b.mjd - a.mjd);
}

function forcedPoint(
  band: string,
  mjd: number,
  flux: number,
  fluxErr: number,
  scale: 'UTC' | 'TAI' = 'UTC',
): FigurePoint {
  const isSeen = Math.abs(flux) >= FORCED_SIGMA * fluxErr;
  const magnitudes = isSeen
    ? magnitudesOf(flux, fluxErr)
    : { mag: magFromFluxNJy(LIMIT_SIGMA * fluxErr) ?? null, magErr: null };
  const kind = isSeen ? 'forced' : 'forcedLimit';
  return { ...blank(band, mjd, scale), kind, ...magnitudes, flux, fluxErr };
}

/** Magnitude of a flux's size: the sign is told by the mark. */
function magnitudesOf(flux: number | null, err: number | null) {
  if (flux === null || flux === 0) return { mag: null, magErr: null };
  const size = Math.abs(flux);
  return {
    mag: magFromFluxNJy(size) ?? null,
    magErr: err === null ? null : (magErrFromFlux(size, err) ?? null),
  };
}

function blank(band: string, mjd: number, scale: 'UTC' | 'TAI' = 'UTC'): FigurePoint {
  return {
    kind: 'detection',
    band,
    mjd,
    date: formatInstant(dateFromMjdUtc(scale === 'TAI' ? mjdUtcFromTai(mjd) : mjd)),
    id: null,
    mag: null,
    magErr: null,
    flux: null,
    fluxErr: null,
    apparent: null,
    apparentErr: null,
  };
}
