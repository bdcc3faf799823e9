import { expect } from 'chai';

import { withExtraScatter } from '../../../../common/features/periodogram/extra-scatter.ts';
import { findPeriod } from '../../../../common/features/periodogram/find-period.ts';
import { weightedSeries } from '../../../../common/features/periodogram/weighted-series.ts';
import { seededRandom } from '../../astro/reference.ts';
import { normals } from './light-curves.ts';

const series = (value: number[], error: number[]) =>
  weightedSeries({ time: value.map((_, i) => i), value, error }, 0);

describe('errors enlarged to the scatter', () => {
  it('are the standard deviation of the sample where all errors are equal', () => {
    const enlarged = withExtraScatter(series([10, 12, 14, 16], [0.1, 0.1, 0.1, 0.1]));
    // Chi-square is then the degrees of freedom.
    expect(enlarged.chiSquare).to.be.closeTo(3, 1e-9);
    for (const weight of enlarged.weight) expect(weight).to.be.closeTo(0.25, 1e-12);
  });

  it('become alike where the scatter is far above them all, and move the mean', () => {
    const enlarged = withExtraScatter(series([0, 100, 200, 300], [0.01, 0.02, 0.3, 1]));
    for (const weight of enlarged.weight) expect(weight).to.be.closeTo(0.25, 1e-4);
    expect(enlarged.value[0]).to.be.closeTo(-150, 0.01);
  });

  it('stay what they are where they explain the scatter, or there is none', () => {
    for (const each of [
      series([10, 11, 10, 11], [1, 2, 3, 4]),
      series([5, 5, 5], [1, 1, 1]),
      series([5], [1]),
      series([], []),
    ])
      expect(withExtraScatter(each)).to.equal(each);
  });

  it('keep irregular variation, a few points of which are precise, from being a sure period', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const normal = normals(seed + 100);
      const time = Array.from({ length: 40 }, () => 28 * random()).sort((a, b) => a - b);
      const bands = ['g', 'r'].map((band, b) => ({
        band,
        isApparent: true,
        time: time.filter((_, i) => i % 2 === b),
        value: time.filter((_, i) => i % 2 === b).map(() => 1_000 + 30 * normal()),
        error: time.filter((_, i) => i % 2 === b).map((_, i) => (i % 5 === 0 ? 2 : 15)),
      }));
      const answer = findPeriod(bands);
      if (answer.outcome !== 'searched') throw new Error(answer.reason);
      if (answer.peaks[0].falseAlarmProbability < 0.01) alarms++;
    }
    // One in a hundred is expected.
    expect(alarms).to.be.at.most(2);
  });
});
