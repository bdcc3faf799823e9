import { expect } from 'chai';

import {
  falseAlarmProbability,
  logGamma,
} from '../../../../common/features/periodogram/false-alarm.ts';
import { findPeriod } from '../../../../common/features/periodogram/find-period.ts';
import {
  timeVariance,
  weightedSeries,
} from '../../../../common/features/periodogram/weighted-series.ts';
import { seededRandom } from '../../astro/reference.ts';
import { lightCurve, normals } from './light-curves.ts';

describe('false-alarm probability', () => {
  it('is that of astropy (fap_baluev) for one band', () => {
    const series = weightedSeries(lightCurve(40, 0), 50);
    const size = { points: 40, bands: 1, timeVariance: timeVariance(series), bandwidth: 4 };
    for (const [power, expected] of EXPECTED) {
      expect(falseAlarmProbability(power, size) / expected).to.be.closeTo(1, 1e-9);
    }
  });

  it('falls with power, from 1 to 0, and stays a probability at the ends', () => {
    const size = { points: 60, bands: 2, timeVariance: 900, bandwidth: 24 };
    let before = 1;
    for (let power = 0; power <= 1; power += 0.01) {
      const chance = falseAlarmProbability(power, size);
      expect(chance).to.be.within(0, before);
      before = chance;
    }
    expect(falseAlarmProbability(0, size)).to.equal(1);
    expect(falseAlarmProbability(1, size)).to.equal(0);
    expect(falseAlarmProbability(NaN, size)).to.equal(1);
    expect(falseAlarmProbability(0.9, { ...size, points: 6 })).to.equal(1);
  });

  it('is as rare as it says on noise: an upper limit, and a close one', () => {
    for (const bands of [1, 2]) {
      const random = seededRandom(17 + bands);
      const normal = normals(99 + bands);
      const runs = 400;
      let [below10, below30] = [0, 0];
      for (let run = 0; run < runs; run++) {
        const answer = findPeriod(
          Array.from({ length: bands }, (_, n) => {
            const time = Array.from({ length: 40 }, () => 58_000 + 12 * random());
            return {
              band: 'gr'[n],
              isApparent: false,
              time,
              value: time.map(normal),
              error: time.map(() => 1),
            };
          }),
        );
        if (answer.outcome !== 'searched') throw new Error(answer.reason);
        const chance = answer.peaks[0].falseAlarmProbability;
        if (chance < 0.1) below10++;
        if (chance < 0.3) below30++;
      }
      // Four standard deviations of the counts above, and no more than a factor of two below.
      expect(below10 / runs, `${bands} bands`).to.be.within(0.05, 0.16);
      expect(below30 / runs, `${bands} bands`).to.be.within(0.15, 0.39);
    }
  });

  it('knows the gamma function: factorials, and one half', () => {
    expect(logGamma(11)).to.be.closeTo(Math.log(3_628_800), 1e-12);
    expect(logGamma(1)).to.be.closeTo(0, 1e-12);
    expect(logGamma(0.5)).to.be.closeTo(0.5 * Math.log(Math.PI), 1e-12);
  });
});

/** Powers, and what astropy 7 gives for them with a highest frequency of 4 a day. */
const EXPECTED = [
  [0.3, 0.7880738954345259],
  [0.5, 0.004679789016229118],
  [0.7, 5.635657758200198e-7],
] as const;
