import { expect } from 'chai';

import {
  lombScargle,
  lombScargleAt,
} from '../../../../common/features/periodogram/lomb-scargle.ts';
import { multiBandPowerAt } from '../../../../common/features/periodogram/multi-band.ts';
import { weightedSeries } from '../../../../common/features/periodogram/weighted-series.ts';
import { lightCurve, sinusoid } from './light-curves.ts';

const FREQUENCIES = [0.05, 0.3, 1 / 1.7, 0.9, 3.21];

describe('Lomb-Scargle periodogram', () => {
  it('gives the powers of astropy 7 (LombScargle, method slow) for a weighted light curve', () => {
    const series = weightedSeries(lightCurve(40, 0), 50);
    const expected = [
      0.025753522216302942, 0.024727074982299483, 0.8680151642497038, 0.06170973244255779,
      0.012482409007695868,
    ];
    FREQUENCIES.forEach((frequency, n) =>
      expect(lombScargleAt(series, frequency)).to.be.closeTo(expected[n], 1e-12),
    );
  });

  it('gives those of astropy for two bands with a sinusoid each (nterms_base 0, nterms_band 1)', () => {
    const bands = [weightedSeries(lightCurve(40, 0), 50), weightedSeries(lightCurve(30, 1), 50)];
    const expected = [
      0.026487973908274936, 0.015360727118953931, 0.8717179139211388, 0.09601749750452417,
      0.02065013110562415,
    ];
    FREQUENCIES.forEach((frequency, n) =>
      expect(multiBandPowerAt(bands, frequency)).to.be.closeTo(expected[n], 1e-12),
    );
  });

  it('is 1 at the frequency of a perfect sinusoid, whatever its mean, phase and weights', () => {
    for (const [mean, phase, amplitude] of [
      [0, 0, 1],
      [1e5, 2.1, 30],
      [-3, 5.5, 1e-3],
    ]) {
      const { time } = lightCurve(50, 0);
      const value = time.map((t) => mean + amplitude * Math.sin(2 * Math.PI * 0.37 * t + phase));
      const error = time.map((_, i) => 0.1 + 0.05 * (i % 7));
      const series = weightedSeries({ time, value, error }, 40);
      expect(lombScargleAt(series, 0.37)).to.be.closeTo(1, 1e-8);
    }
  });

  it('does not drift along a grid of a hundred thousand frequencies', () => {
    const series = weightedSeries(sinusoid({ points: 80, period: 1.3, noise: 0.4, seed: 3 }), 500);
    const grid = { first: 0.001, step: 0.0002, count: 100_000 };
    const power = lombScargle(series, grid);
    for (let j = 0; j < grid.count; j += 997) {
      expect(power[j]).to.be.closeTo(lombScargleAt(series, grid.first + j * grid.step), 1e-9);
    }
  });

  it('keeps between 0 and 1 at the Nyquist frequency of evenly spaced times', () => {
    const time = Array.from({ length: 32 }, (_, i) => i);
    const alternating = time.map((i) => (i % 2 === 0 ? 1 : -1));
    const error = time.map(() => 1);
    const series = weightedSeries({ time, value: alternating, error }, 0);
    // Sine and cosine are one function there, and it explains everything.
    expect(lombScargleAt(series, 0.5)).to.be.closeTo(1, 1e-9);
    const power = lombScargle(series, { first: 0.25, step: 0.05, count: 30 });
    for (const each of power) expect(each).to.be.within(0, 1);
  });

  it('is 0 for constant brightness, one point and none', () => {
    const constant = { time: [1, 2, 3.3, 7], value: [0.1, 0.1, 0.1, 0.1], error: [1, 2, 3, 4] };
    for (const measured of [
      constant,
      { time: [5], value: [3], error: [1] },
      { time: [], value: [], error: [] },
    ]) {
      expect(lombScargleAt(weightedSeries(measured, 0), 0.7)).to.equal(0);
    }
  });
});

describe('weights of a periodogram', () => {
  it('leaves out what is not finite and takes the median for an error that is missing', () => {
    const series = weightedSeries(
      {
        time: [1, NaN, 3, 4, 5, 6],
        value: [1, 2, Infinity, 3, 4, 5],
        error: [1, 1, 1, NaN, 0, 3],
      },
      0,
    );
    expect([...series.time]).to.deep.equal([1, 4, 5, 6]);
    // The usable errors are 1 and 3: the upper median, 3, stands in for the two that are missing.
    const weights = [1, 1 / 9, 1 / 9, 1 / 9];
    const total = weights.reduce((sum, weight) => sum + weight);
    weights.forEach((weight, i) => expect(series.weight[i]).to.be.closeTo(weight / total, 1e-12));
  });

  it('does not let one tiny error drown the rest', () => {
    const time = [1, 2, 3, 4, 5];
    const series = weightedSeries({ time, value: [1, 2, 3, 4, 5], error: [1, 1, 1e-9, 1, 1] }, 0);
    expect(Math.max(...series.weight)).to.be.closeTo(100 / 104, 1e-12);
  });
});
