/**
 * The light curve of one object as both surveys give it, in order of time: what the feature groups
 * common to both work on. Fluxes are difference fluxes in nJy, negative where the source is fainter
 * than in the reference image (for ZTF worked out from `magpsf` and `isdiffpos`).
 */
export interface ObjectCurve {
  /** Names of the bands; `band` and `perBand` count in this order. */
  bands: readonly string[];
  /** All detections. A detection without a usable flux has NaN there. */
  count: number;
  /** Days: MJD, UTC for ZTF and TAI for Rubin. Times that are none stand last. */
  mjd: number[];
  ra: number[];
  decl: number[];
  flux: number[];
  fluxErr: number[];
  /** Number of the band; one that we do not know is not less than `bands.length`. */
  band: number[];
  /** The detections with a finite time and flux, band by band. */
  perBand: BandCurve[];
  /** Where it was looked for and not found: upper limits. */
  limits: Limits;
}

export interface BandCurve {
  mjd: number[];
  flux: number[];
  /** Standard errors; NaN or 0 where the survey gave none. */
  fluxErr: number[];
}

/** Upper limits in order of time: AB magnitudes at 5 sigma. */
export interface Limits {
  mjd: number[];
  mag: number[];
  band: number[];
}

/** The order of these times, NaN last; undefined if they are in order already. */
export function timeOrder(times: readonly number[]): number[] | undefined {
  let isSorted = true;
  for (let i = 1; i < times.length && isSorted; i++) isSorted = times[i] >= times[i - 1];
  if (isSorted) return undefined;
  const key = (i: number) => (Number.isNaN(times[i]) ? Infinity : times[i]);
  return times.map((_, i) => i).sort((a, b) => key(a) - key(b) || a - b);
}

/** Splits detections by band, leaving out those without a time or a flux. */
export function splitBands(
  bandCount: number,
  curve: Pick<ObjectCurve, 'mjd' | 'flux' | 'fluxErr' | 'band'>,
): BandCurve[] {
  const bands: BandCurve[] = [];
  for (let b = 0; b < bandCount; b++) bands.push({ mjd: [], flux: [], fluxErr: [] });
  const { mjd, flux, fluxErr, band } = curve;
  for (let i = 0; i < mjd.length; i++) {
    if (!(band[i] < bandCount) || !Number.isFinite(flux[i]) || !Number.isFinite(mjd[i])) continue;
    const own = bands[band[i]];
    own.mjd.push(mjd[i]);
    own.flux.push(flux[i]);
    own.fluxErr.push(fluxErr[i]);
  }
  return bands;
}
