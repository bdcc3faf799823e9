import { expect } from 'chai';

import { linearScale, paddedDomain } from '../../../common/figures/scale.ts';

describe('linearScale', () => {
  it('maps ends to ends and ticks at round values', () => {
    const scale = linearScale([17.03, 20.4], [10, 110], 6);
    expect(scale(17.03)).to.equal(10);
    expect(scale(20.4)).to.equal(110);
    expect(scale.ticks.map((tick) => tick.label)).to.deep.equal(['18', '19', '20']);
    expect(linearScale([0, 1], [0, 1], 5).ticks.map((tick) => tick.label)).to.deep.equal([
      '0.0',
      '0.2',
      '0.4',
      '0.6',
      '0.8',
      '1.0',
    ]);
  });

  it('survives a single value and none at all', () => {
    const [low, high] = paddedDomain([5], 1);
    expect(low).to.be.lessThan(5);
    expect(high).to.be.greaterThan(5);
    expect(paddedDomain([], 1)).to.deep.equal([0, 1]);
    expect(paddedDomain([NaN, 3, 4], 0.1)[0]).to.be.within(2.9, 3);
  });
});
