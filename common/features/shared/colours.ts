import { magErrFromFlux, magFromFluxNJy } from '../../astro/photometry.ts';
import { forBandPairs } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { BandCurve, ObjectCurve } from '../object-curve.ts';
import { peakIndex, usableError } from './peak.ts';
import type { SurveyBands } from './survey-bands.ts';

/** Two detections no farther apart make a colour. */
const PAIR_DAYS = 1;
/** A colour no farther from the peak is the colour at peak. */
const PEAK_DAYS = 3;

/** A detection in the bluer band with the nearest one in the redder. */
interface Pair {
  blue: number;
  red: number;
  /** Mean of the two. */
  mjd: number;
}

/** Colours of the difference flux between neighbouring bands: the last, and that at peak. */
export function colourGroup({ bands, timeScale }: SurveyBands): FeatureGroup<ObjectCurve> {
  return {
    name: 'colours',
    source:
      'Difference magnitudes of positive differences, each in the bluer band with the nearest in the redder',
    columns: forBandPairs(
      bands,
      `
      *_%_colour float mag phot.color;*;% Last *-% of the difference flux: the last positive detection
        | in * that has one in % within ${PAIR_DAYS} day, and the nearest such. Not corrected for
        | extinction.
      *_%_colourErr float mag stat.error;phot.color;*;% Standard error of *_%_colour.
      *_%_colourMJD double d time.epoch Time of *_%_colour, the mean of the two: MJD, ${timeScale}.
      *_%_peakColour float mag phot.color;*;% The same at peak: of all such pairs the one nearest to
        | peakMJD, within ${PEAK_DAYS} days of it.
      *_%_peakColourErr float mag stat.error;phot.color;*;% Standard error of *_%_peakColour.`,
    ),
    compute({ perBand }) {
      const values: FeatureValue[] = [];
      const peakMjd = peakTime(perBand);
      for (let b = 0; b + 1 < perBand.length; b++) {
        const [blue, red] = [perBand[b], perBand[b + 1]];
        const { last, atPeak } = choosePairs(blue, red, peakMjd);
        pushColour(values, blue, red, last);
        values.push(last?.mjd ?? null);
        pushColour(values, blue, red, atPeak);
      }
      return values;
    },
  };
}

function choosePairs(
  blue: BandCurve,
  red: BandCurve,
  peakMjd: number,
): { last?: Pair; atPeak?: Pair } {
  let last: Pair | undefined;
  let atPeak: Pair | undefined;
  const reds = positivePlaces(red);
  if (reds.length === 0) return {};
  let at = 0;
  for (let i = 0; i < blue.mjd.length; i++) {
    if (!(blue.flux[i] > 0)) continue;
    const time = blue.mjd[i];
    let days = Math.abs(red.mjd[reds[at]] - time);
    for (; at + 1 < reds.length; at++) {
      const next = Math.abs(red.mjd[reds[at + 1]] - time);
      if (next > days) break;
      days = next;
    }
    if (!(days <= PAIR_DAYS)) continue;
    last = { blue: i, red: reds[at], mjd: (time + red.mjd[reds[at]]) / 2 };
    const fromPeak = Math.abs(last.mjd - peakMjd);
    if (fromPeak > PEAK_DAYS) continue;
    if (atPeak === undefined || fromPeak < Math.abs(atPeak.mjd - peakMjd)) atPeak = last;
  }
  return { last, atPeak };
}

function pushColour(
  values: FeatureValue[],
  blue: BandCurve,
  red: BandCurve,
  pair: Pair | undefined,
): void {
  if (pair === undefined) {
    values.push(null, null);
    return;
  }
  const colour = magAt(blue, pair.blue) - magAt(red, pair.red);
  values.push(colour, Math.hypot(errAt(blue, pair.blue), errAt(red, pair.red)));
}

function magAt({ flux }: BandCurve, i: number): number {
  return magFromFluxNJy(flux[i]) ?? NaN;
}

function errAt({ flux, fluxErr }: BandCurve, i: number): number {
  return magErrFromFlux(flux[i], usableError(fluxErr[i])) ?? NaN;
}

function positivePlaces({ flux }: BandCurve): number[] {
  const places: number[] = [];
  for (let i = 0; i < flux.length; i++) if (flux[i] > 0) places.push(i);
  return places;
}

/** When it was brightest in any band; NaN if it never was positive. */
function peakTime(perBand: readonly BandCurve[]): number {
  let time = NaN;
  let highest = 0;
  for (const band of perBand) {
    const peak = peakIndex(band);
    if (peak === -1 || !(band.flux[peak] > highest)) continue;
    highest = band.flux[peak];
    time = band.mjd[peak];
  }
  return time;
}
