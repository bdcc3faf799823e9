import { expect } from 'chai';

import { dereddeningFactor, LSST_EXTINCTION } from '../../../common/astro/extinction.ts';

describe('dereddeningFactor', () => {
  it('takes the extinction, R times E(B-V), off the magnitude', () => {
    const factor = dereddeningFactor(0.2, LSST_EXTINCTION.g);
    expect(-2.5 * Math.log10(factor)).to.be.closeTo(-0.2 * 3.237, 1e-12);
    expect(dereddeningFactor(0, LSST_EXTINCTION.u)).to.equal(1);
  });
});
