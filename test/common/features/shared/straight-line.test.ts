import { expect } from 'chai';

import { weightedSlope } from '../../../../common/features/shared/straight-line.ts';

describe('weightedSlope', () => {
  it('finds a line that is one, with the error in closed form', () => {
    const time = [59_000, 59_001, 59_002, 59_003, 59_004];
    const value = time.map((t) => 18 + 0.25 * (t - 59_000));
    const { slope, err } = weightedSlope({ time, value, err: value.map(() => 0.1) });
    expect(slope).to.be.closeTo(0.25, 1e-12);
    // Sum of squared offsets 10: 0.1 / sqrt(10).
    expect(err).to.be.closeTo(0.1 / Math.sqrt(10), 1e-12);
  });

  it('weighs with the inverse squares of the errors', () => {
    // Normal equations by hand, weights 4, 1, 1: mean time 1/2, mean value 7/6;
    // slope = (4 x 1/2 x 7/6 + 1/2 x 11/6 + 3/2 x 17/6) / (1 + 1/4 + 9/4).
    const line = { time: [0, 1, 2], value: [0, 3, 4], err: [0.5, 1, 1] };
    const { slope, err } = weightedSlope(line);
    expect(slope).to.be.closeTo((7 / 3 + 11 / 12 + 17 / 4) / 3.5, 1e-12);
    expect(err).to.be.closeTo(1 / Math.sqrt(3.5), 1e-12);
  });

  it('of two points is the slope between them', () => {
    const { slope, err } = weightedSlope({ time: [5, 7], value: [18, 19], err: [0.3, 0.4] });
    expect(slope).to.be.closeTo(0.5, 1e-12);
    expect(err).to.be.closeTo(0.25, 1e-12);
  });

  it('is none without two different times', () => {
    const time = [59_000.123456, 59_000.123456, 59_000.123456];
    for (const count of [0, 1, 3]) {
      const line = { time: time.slice(0, count), value: [1, 2, 3], err: [0.1, 0.2, 0.3] };
      expect(weightedSlope(line).slope).to.be.NaN;
      expect(weightedSlope(line).err).to.be.NaN;
    }
  });
});
