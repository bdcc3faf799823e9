import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { z } from 'zod';

import { findPeriod } from '../../../../common/features/periodogram/find-period.ts';
import { PeriodAnswerSchema } from '../../../../common/features/periodogram/period-answer.ts';
import type { PeriodSearched } from '../../../../common/features/periodogram/period-answer.ts';
import type { PeriodBand } from '../../../../common/features/periodogram/period-curve.ts';
import type { Measurements } from '../../../../common/features/periodogram/weighted-series.ts';
import { requireReference } from '../../astro/reference.ts';
import { sinusoid } from './light-curves.ts';

const band = (name: string, measured: Measurements): PeriodBand => ({
  band: name,
  isApparent: false,
  ...measured,
});

function search(bands: PeriodBand[]): PeriodSearched {
  const answer = PeriodAnswerSchema.parse(findPeriod(bands));
  if (answer.outcome !== 'searched') throw new Error(answer.reason);
  return answer;
}

function reasonOf(bands: PeriodBand[]): string {
  const answer = PeriodAnswerSchema.parse(findPeriod(bands));
  return answer.outcome === 'no answer' ? answer.reason : 'a period was found';
}

describe('finding a period', function () {
  this.timeout(60_000);

  it('recovers periods from hours to months under noise and uneven sampling', () => {
    for (const period of [0.0713, 0.3141, 0.563, 2.718, 47.3]) {
      const [best] = search([
        band('r', sinusoid({ points: 120, period, noise: 0.5, seed: Math.round(period * 100) })),
      ]).peaks;
      expect(best.falseAlarmProbability, `${period} d`).to.be.below(1e-6);
      expect(Math.abs(best.periodDays - period), `${period} d`).to.be.below(5 * best.periodErrDays);
    }
  });

  it('joins bands with means, amplitudes and phases of their own', () => {
    const period = 0.6174;
    const sparse = (name: string, seed: number, mean: number) =>
      band(name, sinusoid({ points: 14, period, noise: 0.35, seed, phase: seed, mean }));
    const bands = [sparse('g', 2, 900), sparse('r', 5, -40), sparse('i', 9, 3)];
    const [best] = search(bands).peaks;
    expect(best.periodDays).to.be.closeTo(period, 1e-3);
    const alone = search(bands.slice(0, 1)).peaks[0];
    expect(best.falseAlarmProbability).to.be.below(alone.falseAlarmProbability);
  });

  it('lists the aliases that the day makes of a period, and says that they are', () => {
    const { peaks } = search([
      band('g', sinusoid({ points: 150, period: 0.563, noise: 0.2, seed: 8 })),
    ]);
    const frequency = 1 / 0.563;
    const alias = peaks.find((peak) => Math.abs(peak.frequency - (frequency - 1)) < 0.01);
    expect(alias?.relation).to.match(/^alias of the best by 1\/(sidereal )?day$/);
    expect(peaks[0].relation).to.equal(null);
  });

  it('warns of a period that is the rhythm of the observations', () => {
    const measured = sinusoid({ points: 150, period: 1.0, noise: 0.3, seed: 12 });
    const [best] = search([band('g', measured)]).peaks;
    expect(best.windowRhythm).to.not.equal(null);
  });

  it('puts the epoch at a maximum', () => {
    const period = 3.7;
    const { epochMjd } = search([
      band('g', sinusoid({ points: 200, period, noise: 0.05, seed: 4 })),
    ]);
    expect(Math.sin((2 * Math.PI * epochMjd) / period)).to.be.above(0.99);
  });

  it('gives the period of the FATS reference light curve MACHO 1.3444.614', function () {
    const file = requireReference(this, 'reference/fats_features_macho_1.3444.614.json');
    const reference = Reference.parse(JSON.parse(readFileSync(file, 'utf8')));
    const { time, mag, error, time2, mag2, error2 } = reference.preprocessed;
    const blue = band('B', { time, value: mag, error });
    const red = band('R', { time: time2, value: mag2, error: error2 });
    for (const bands of [[blue], [red], [blue, red]]) {
      const { peaks, baselineDays } = search(bands);
      const expected = reference.features.PeriodLS;
      // FATS stops at the nearest point of a grid with six steps to the width of a peak.
      expect(peaks[0].periodDays).to.be.closeTo(expected, expected ** 2 / (6 * baselineDays));
      expect(peaks[0].falseAlarmProbability).to.be.below(1e-50);
    }
  });

  it('searches ten thousand points over ten years, as far up as the work allows', () => {
    const measured = sinusoid({ points: 10_000, period: 5.5, noise: 1, seed: 6, baseline: 40 });
    const answer = search([band('r', measured)]);
    expect(answer.peaks[0].periodDays).to.be.closeTo(5.5, 0.01);
    expect(answer.maxFrequency).to.be.closeTo(24, 0.01);
  });

  it('says why there is no answer: few points, one moment, nothing varies, nothing at all', () => {
    const few = sinusoid({ points: 9, period: 1, noise: 0.1, seed: 1 });
    expect(reasonOf([band('g', few)])).to.contain('9 measurements');
    // Twelve points, but none of the bands has enough for parameters of its own.
    const four = (n: number) => sinusoid({ points: 4, period: 1, noise: 0.1, seed: n });
    expect(reasonOf(['g', 'r', 'i'].map((name, n) => band(name, four(n))))).to.contain('0 meas');
    const times = (value: (i: number) => number) => Array.from({ length: 20 }, (_, i) => value(i));
    const one = times(() => 1);
    expect(reasonOf([band('g', { time: one, value: times((i) => i), error: one })])).to.contain(
      'one moment',
    );
    expect(reasonOf([band('g', { time: times((i) => i), value: one, error: one })])).to.contain(
      'does not vary',
    );
    expect(reasonOf([])).to.contain('0 measurements');
    const nothing = times(() => NaN);
    expect(reasonOf([band('g', { time: nothing, value: nothing, error: nothing })])).to.contain(
      '0 measurements',
    );
  });

  it('passes over what is not finite and bears equal times', () => {
    const clean = sinusoid({ points: 60, period: 0.77, noise: 0.2, seed: 21 });
    const dirty = {
      time: [...clean.time, NaN, 58_100.3, 58_200.1, clean.time[0], clean.time[0]],
      value: [...clean.value, 1, NaN, Infinity, clean.value[0], clean.value[0]],
      error: [...clean.error, 0.2, 0.2, 0.2, 0, NaN],
    };
    const [best] = search([band('g', dirty)]).peaks;
    expect(best.periodDays).to.be.closeTo(0.77, 1e-3);
  });
});

const numbers = z.array(z.number());
const Reference = z.object({
  preprocessed: z.object({
    time: numbers,
    mag: numbers,
    error: numbers,
    time2: numbers,
    mag2: numbers,
    error2: numbers,
  }),
  features: z.object({ PeriodLS: z.number() }),
});
