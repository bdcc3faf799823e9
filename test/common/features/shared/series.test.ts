import { expect } from 'chai';
import { z } from 'zod';

import {
  amplitude,
  inOrder,
  median,
  medianAbsoluteDeviation,
  relativeErrors,
  skewness,
  stetsonK,
  vonNeumannRatio,
  weightedMean,
} from '../../../../common/features/shared/series.ts';
import { stetsonJ } from '../../../../common/features/shared/stetson-j.ts';
import { readReference, seededRandom } from '../../astro/reference.ts';

const Numbers = z.array(z.number());
/** One light curve of MACHO with what the FATS library (Nun et al. 2015) makes of it. */
const Fats = z.object({
  preprocessed: z.object({ mag: Numbers, error: Numbers, time: Numbers }),
  aligned: z.object({
    aligned_time: Numbers,
    aligned_mag: Numbers,
    aligned_error: Numbers,
    aligned_mag2: Numbers,
    aligned_error2: Numbers,
  }),
  features: z.record(z.string(), z.number()),
});

function readFats(test: Mocha.Context): z.infer<typeof Fats> {
  const file = 'reference/fats_features_macho_1.3444.614.json';
  return Fats.parse(JSON.parse(readReference(test, file)));
}

function relative(values: number[], errs: number[]): number[] {
  return relativeErrors(values, errs, weightedMean(values, errs).mean);
}

describe('statistics of a series', () => {
  it('are those of FATS where its definitions are the same: 707 points of a light curve of MACHO', function () {
    const { preprocessed, features } = readFats(this);
    const { mag, error } = preprocessed;
    const sorted = inOrder(mag);
    expect(amplitude(sorted)).to.be.closeTo(features.Amplitude, 1e-12);
    expect(medianAbsoluteDeviation(sorted)).to.be.closeTo(features.MedianAbsDev, 1e-12);
    expect(skewness(mag)).to.be.closeTo(features.Skew, 1e-12);
    expect(stetsonK(relative(mag, error))).to.be.closeTo(features.StetsonK, 1e-12);
  });

  it("have FATS's Psi_eta as the von Neumann ratio of the light curve folded with twice its period", function () {
    const { preprocessed, features } = readFats(this);
    const { mag, time } = preprocessed;
    const phase = time.map((each) => each % (2 * features.PeriodLS));
    const order = time.map((_, i) => i).sort((a, b) => phase[a] - phase[b]);
    const ratio = vonNeumannRatio(order.map((i) => mag[i]));
    expect(ratio).to.be.closeTo(features.Psi_eta, 1e-12);
  });

  it("have FATS's Stetson J of two bands observed at the same 689 times", function () {
    const { aligned, features } = readFats(this);
    const first = relative(aligned.aligned_mag, aligned.aligned_error);
    const second = relative(aligned.aligned_mag2, aligned.aligned_error2);
    const times = aligned.aligned_time.flatMap((time) => [time, time]);
    const pairs = first.flatMap((delta, i) => [delta, second[i]]);
    expect(stetsonJ(times, pairs)).to.be.closeTo(features.StetsonJ, 1e-12);
  });

  it('take the weighted mean, its error and chi-square', () => {
    // Weights 1 and 1/4: mean (10 + 14/4) / 1.25, error 1/sqrt(1.25).
    const { mean, err, chi2 } = weightedMean([10, 14], [1, 2]);
    expect(mean).to.be.closeTo(10.8, 1e-12);
    expect(err).to.be.closeTo(Math.sqrt(0.8), 1e-12);
    expect(chi2).to.be.closeTo(0.8 ** 2 + 1.6 ** 2, 1e-12);
    expect(weightedMean([], []).mean).to.be.NaN;
  });

  it('take the median, the spread about it and the amplitude', () => {
    expect(median([1, 2, 4])).to.equal(2);
    expect(median([1, 2, 4, 8])).to.equal(3);
    expect(median([])).to.be.NaN;
    // Distances from 3: 2, 1, 0, 1, 97.
    expect(medianAbsoluteDeviation(inOrder([100, 2, 3, 4, 1]))).to.equal(1);
    expect(amplitude(inOrder([5, -1, 2]))).to.equal(3);
    // Of 60 values three at either end: an outlier does not count.
    const ramp = Array.from({ length: 60 }, (_, i) => i);
    expect(amplitude(inOrder([...ramp.slice(0, 59), 1e6]))).to.equal((58 - 1) / 2);
  });

  it('have closed forms: a saw of two values, a ramp, an exponential tail', () => {
    const saw = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(vonNeumannRatio(saw)).to.be.closeTo(4, 1e-12);
    expect(skewness(saw)).to.be.closeTo(0, 1e-12);
    expect(stetsonK(saw)).to.equal(1);
    // Variance of 0 ... n-1 is (n^2 - 1) / 12, every step is 1.
    const ramp = Array.from({ length: 50 }, (_, i) => i);
    expect(vonNeumannRatio(ramp)).to.be.closeTo(12 / (50 ** 2 - 1), 1e-12);
    // One of n apart: (n - 2) / sqrt(n - 1).
    expect(skewness([0, 0, 0, 0, 0, 0, 0, 0, 0, 7])).to.be.closeTo(8 / 3, 1e-12);
  });

  it('know noise and a sine', () => {
    const random = seededRandom(5);
    const noise = Array.from({ length: 20_000 }, () => gaussian(random));
    expect(stetsonK(noise)).to.be.closeTo(Math.sqrt(2 / Math.PI), 0.01);
    expect(vonNeumannRatio(noise)).to.be.closeTo(2, 0.05);
    const sine = Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
    expect(stetsonK(sine)).to.be.closeTo((2 * Math.SQRT2) / Math.PI, 1e-3);
  });

  it('have no spread of equal values, however they are rounded', () => {
    const equal = new Array<number>(11).fill(0.1);
    expect(skewness(equal)).to.be.NaN;
    expect(vonNeumannRatio(equal)).to.be.NaN;
    expect(weightedMean(equal, equal)).to.include({ mean: 0.1, chi2: 0 });
    expect(stetsonK(relative(equal, equal))).to.be.NaN;
  });
});

describe('stetsonJ', () => {
  it('pairs what lies within an hour, each observation once', () => {
    const minute = 1 / 1440;
    // (2, 3) are a pair, 1 stands alone, (-1, -4) are a pair: sqrt 6, 0, 2.
    const times = [0, 30 * minute, 80 * minute, 5, 5 + 20 * minute];
    expect(stetsonJ(times, [2, 3, 1, -1, -4])).to.be.closeTo((Math.sqrt(6) + 0 + 2) / 3, 1e-12);
    // Pairs that depart in opposite ways count against it.
    expect(stetsonJ([0, 0], [2, -2])).to.equal(-2);
  });

  it('leaves out what does not take part', () => {
    expect(stetsonJ([0, 0, 0], [2, NaN, 2])).to.equal(2);
    expect(stetsonJ([0], [NaN])).to.be.NaN;
    expect(stetsonJ([], [])).to.be.NaN;
  });

  it('is near 0 for noise', () => {
    const random = seededRandom(11);
    const noise = Array.from({ length: 20_000 }, () => gaussian(random));
    expect(
      stetsonJ(
        noise.map((_, i) => Math.floor(i / 2)),
        noise,
      ),
    ).to.be.closeTo(0, 0.03);
  });
});

/** Box and Muller 1958. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
