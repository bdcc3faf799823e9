import { magErrFromFlux, magFromFluxNJy } from '../../astro/photometry.ts';
import { forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { BandCurve, ObjectCurve } from '../object-curve.ts';
import { peakIndex, usableError } from './peak.ts';
import { weightedSlope } from './straight-line.ts';
import type { LinePoints } from './straight-line.ts';
import type { SurveyBands } from './survey-bands.ts';

/** A line is fitted to what lies no farther than this from the peak, or from the last detection. */
const WINDOW_DAYS = 30;
/** The present slope is that of so many last detections at most. */
const LAST_POINTS = 5;

/** How fast it brightens and fades: magnitudes a day, brightening positive as in Lasair's dmdt. */
export function slopeGroup({ bands }: SurveyBands): FeatureGroup<ObjectCurve> {
  return {
    name: 'slopes',
    source:
      'Weighted straight line through the difference magnitudes of positive differences that have an error (Bevington & Robinson 2003, ch. 6)',
    columns: forBands(
      bands,
      `
      *_slope float mag/d arith.rate;phot.mag;* Present slope in *: of the last ${LAST_POINTS}
        | positive detections at most, within ${WINDOW_DAYS} days of the last of them. Brightening
        | is positive.
      *_slopeErr float mag/d stat.error;phot.mag;* Standard error of *_slope, from the
        | errors of the magnitudes.
      *_riseRate float mag/d arith.rate;phot.mag;* Slope in * up to *_peakMJD, with the peak: of the
        | positive detections in the ${WINDOW_DAYS} days before it. Brightening is positive.
      *_riseRateErr float mag/d stat.error;phot.mag;* Standard error of *_riseRate.
      *_fadeRate float mag/d arith.rate;phot.mag;* Slope in * from *_peakMJD on, with the peak: of
        | the positive detections in the ${WINDOW_DAYS} days after it. Brightening is positive, so
        | that what fades has a negative rate.
      *_fadeRateErr float mag/d stat.error;phot.mag;* Standard error of *_fadeRate.`,
    ),
    compute({ perBand }) {
      const values: FeatureValue[] = [];
      for (const band of perBand) {
        const peak = peakIndex(band);
        if (peak === -1) {
          values.push(null, null, null, null, null, null);
          continue;
        }
        pushRate(values, linePoints(band, lastPositive(band), -1, LAST_POINTS));
        pushRate(values, linePoints(band, peak, -1, Infinity));
        pushRate(values, linePoints(band, peak, 1, Infinity));
      }
      return values;
    },
  };
}

/** Brightening is falling magnitude. */
function pushRate(values: FeatureValue[], points: LinePoints): void {
  const { slope, err } = weightedSlope(points);
  values.push(0 - slope, err);
}

/** The positive detections with an error from one on, back or ahead in time. */
function linePoints(
  { mjd, flux, fluxErr }: BandCurve,
  from: number,
  step: 1 | -1,
  most: number,
): LinePoints {
  const points: LinePoints = { time: [], value: [], err: [] };
  for (let i = from; i >= 0 && i < mjd.length && points.time.length < most; i += step) {
    if (Math.abs(mjd[i] - mjd[from]) > WINDOW_DAYS) break;
    const mag = magFromFluxNJy(flux[i]);
    const err = magErrFromFlux(flux[i], usableError(fluxErr[i]));
    if (mag === undefined || err === undefined || !(err > 0)) continue;
    points.time.push(mjd[i]);
    points.value.push(mag);
    points.err.push(err);
  }
  return points;
}

function lastPositive({ flux }: BandCurve): number {
  return flux.findLastIndex((each) => each > 0);
}
