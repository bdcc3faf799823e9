import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { BandCurve, ObjectCurve } from '../object-curve.ts';
import {
  amplitude,
  inOrder,
  medianAbsoluteDeviation,
  relativeErrors,
  skewness,
  stetsonK,
  vonNeumannRatio,
  weightedMean,
} from './series.ts';
import { stetsonJ } from './stetson-j.ts';
import type { SurveyBands } from './survey-bands.ts';

const PER_BAND = `
  *_meanFlux float nJy phot.flux.density;*;stat.mean Mean difference flux of the stored detections in
    | *, weighted with the inverse squares of their errors.
  *_meanFluxErr float nJy stat.error;phot.flux.density;* Standard error of *_meanFlux, from the
    | errors.
  *_reducedChi2 float - stat.fit.chi2 Chi-square per degree of freedom of the difference fluxes in * against
    | *_meanFlux; the degrees are the detections that have an error, less one.
  *_amplitude float nJy src.var.amplitude;phot.flux.density;* Half the difference between the highest
    | and the lowest difference flux in *, each the median of a twentieth of the detections at that
    | end.
  *_mad float nJy stat.mad;phot.flux.density;* Median distance of the difference fluxes in * from
    | their median.
  *_skew float - stat.skewness;phot.flux.density;* Skewness of the difference fluxes in *: positive if
    | a few are high. NULL for fewer than 3.
  *_stetsonK float - src.var.index Stetson's K of the difference fluxes in *: 0.8 for noise, 0.9 for a
    | sine, towards 0 where a few stand out. NULL for fewer than 3.
  *_vonNeumann float - src.var.index Mean square difference of successive difference fluxes in * over
    | their variance: 2 for noise, near 0 for a smooth light curve. NULL for fewer than 3.`;

/** How the difference flux of the detections varies: by band, and for all bands together. */
export function statisticsGroup({ bands }: SurveyBands): FeatureGroup<ObjectCurve> {
  return {
    name: 'statistics',
    source:
      'Stetson 1996, PASP 108, 851 (J, K); von Neumann 1941, Ann. Math. Stat. 12, 367; Nun et al. 2015, arXiv:1506.00010 (amplitude)',
    columns: [
      ...describeColumns(`
        stetsonJ float - src.var.index Stetson's J of the difference fluxes in all bands: near 0 for
          | noise, large where observations within an hour of each other, or single ones, depart
          | from the means of their bands together.`),
      ...forBands(bands, PER_BAND),
    ],
    compute(curve) {
      const values: FeatureValue[] = [null];
      const relative = curve.perBand.map((band) => {
        const measured = withErrors(band);
        const { mean, err, chi2 } = weightedMean(measured.flux, measured.fluxErr);
        const count = measured.flux.length;
        const deltas = count < 2 ? [] : relativeErrors(measured.flux, measured.fluxErr, mean);
        values.push(mean, err, count < 2 ? null : chi2 / (count - 1));
        pushSpread(values, band.flux);
        values.push(count < 3 ? null : stetsonK(deltas));
        values.push(band.flux.length < 3 ? null : vonNeumannRatio(band.flux));
        return deltas;
      });
      if (relative.some((deltas) => deltas.length > 0)) values[0] = jOf(curve, relative);
      return values;
    },
  };
}

function pushSpread(values: FeatureValue[], flux: number[]): void {
  if (flux.length < 2) {
    values.push(null, null, null);
    return;
  }
  const sorted = inOrder(flux);
  values.push(amplitude(sorted), medianAbsoluteDeviation(sorted));
  values.push(flux.length < 3 ? null : skewness(flux));
}

/** Puts the bands' relative errors back into the order of time, as `splitBands` took them apart. */
function jOf({ mjd, flux, fluxErr, band, perBand }: ObjectCurve, relative: number[][]): number {
  const next = perBand.map(() => 0);
  const inTime = mjd.map((time, i) => {
    const deltas = relative[band[i]] as number[] | undefined;
    if (deltas === undefined || !Number.isFinite(flux[i]) || !Number.isFinite(time)) return NaN;
    if (!(fluxErr[i] > 0 && fluxErr[i] < Infinity)) return NaN;
    return deltas.length === 0 ? NaN : deltas[next[band[i]]++];
  });
  return stetsonJ(mjd, inTime);
}

/** The detections with an error that can be one. */
function withErrors(band: BandCurve): Pick<BandCurve, 'flux' | 'fluxErr'> {
  const isUsable = (err: number) => err > 0 && err < Infinity;
  if (band.fluxErr.every(isUsable)) return band;
  return {
    flux: band.flux.filter((_, i) => isUsable(band.fluxErr[i])),
    fluxErr: band.fluxErr.filter(isUsable),
  };
}
