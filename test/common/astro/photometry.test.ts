import { expect } from 'chai';

import {
  apparentMagnitude,
  fluxErrFromMag,
  fluxNJyFromCounts,
  fluxNJyFromMag,
  magErrFromFlux,
  magFromFluxNJy,
} from '../../../common/astro/photometry.ts';

describe('photometry', () => {
  it('has the AB zero point: 3631 Jy is magnitude 0', () => {
    expect(magFromFluxNJy(3631e9)).to.be.closeTo(0, 1e-4);
    expect(magFromFluxNJy(1)).to.equal(31.4);
    expect(fluxNJyFromMag(31.4)).to.equal(1);
    expect(fluxNJyFromMag(23.9)).to.be.closeTo(1000, 1e-9);
  });

  it('has no magnitude for a flux that is not positive', () => {
    for (const flux of [0, -5, NaN]) {
      expect(magFromFluxNJy(flux)).to.equal(undefined);
      expect(magErrFromFlux(flux, 1)).to.equal(undefined);
    }
  });

  it('carries errors both ways', () => {
    expect(magErrFromFlux(100, 1)).to.be.closeTo(0.010857, 1e-6);
    expect(fluxErrFromMag(100, 0.01085736)).to.be.closeTo(1, 1e-6);
  });

  it('turns counts into flux by the zero point of the image', () => {
    expect(magFromFluxNJy(fluxNJyFromCounts(1, 26.3))).to.be.closeTo(26.3, 1e-12);
  });
});

describe('apparentMagnitude', () => {
  it('doubles the flux when the difference equals the reference', () => {
    const apparent = apparentMagnitude({ mag: 18, err: 0.02 }, { mag: 18, err: 0.02 }, 1);
    expect(apparent?.mag).to.be.closeTo(18 - 2.5 * Math.log10(2), 1e-12);
    expect(apparent?.err).to.be.closeTo(0.02 / Math.SQRT2, 1e-12);
  });

  it('has none when all the flux is gone', () => {
    expect(apparentMagnitude({ mag: 17, err: 0.1 }, { mag: 18, err: 0.1 }, -1)).to.equal(undefined);
    expect(apparentMagnitude({ mag: 18, err: 0.1 }, { mag: 18, err: 0.1 }, -1)).to.equal(undefined);
  });
});
