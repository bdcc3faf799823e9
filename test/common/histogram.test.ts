import { expect } from 'chai';

import { addDuration, addHistogram, quantileMs } from '../../common/histogram.ts';
import type { Histogram } from '../../common/histogram.ts';

describe('the histogram of delays', () => {
  it('gives quantiles to 5%', () => {
    const histogram: Histogram = {};
    for (let ms = 1; ms <= 10_000; ms++) addDuration(histogram, ms);
    for (const fraction of [0.1, 0.5, 0.95, 0.99, 1]) {
      expect(quantileMs(histogram, fraction)).to.be.closeTo(
        10_000 * fraction,
        10_000 * fraction * 0.05,
      );
    }
  });

  it('adds up over batches', () => {
    const [first, second]: Histogram[] = [{}, {}];
    addDuration(first, 10);
    addDuration(second, 10);
    addDuration(second, 1_000);
    addHistogram(first, second);
    expect(Object.values(first).reduce((sum, count) => sum + count, 0)).to.equal(3);
    expect(quantileMs(first, 0.5)).to.be.closeTo(10, 0.5);
  });

  it('has no quantile while empty, and takes a clock that runs behind', () => {
    expect(quantileMs({}, 0.5)).to.equal(undefined);
    const histogram: Histogram = {};
    addDuration(histogram, -5);
    expect(quantileMs(histogram, 0.5)).to.be.closeTo(0.1, 0.01);
  });
});
