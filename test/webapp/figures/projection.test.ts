import { expect } from 'chai';

import { mollweide } from '../../../webapp/figures/projection.ts';

describe('mollweide', () => {
  it('puts the poles, the centre and the edges where they belong, east to the left', () => {
    expect(mollweide(180, 0)).to.deep.equal({ x: 0, y: 0 });
    expect(mollweide(0, 90).y).to.be.closeTo(0.5, 1e-12);
    expect(mollweide(77, -90).y).to.be.closeTo(-0.5, 1e-12);
    expect(mollweide(0, 0).x).to.be.closeTo(1, 1e-12);
    expect(mollweide(270, 0).x).to.be.closeTo(-0.5, 1e-12);
    expect(mollweide(-90, 0).x).to.be.closeTo(-0.5, 1e-12);
  });

  it('keeps areas: the cap above a declination fills the same share of the ellipse', () => {
    for (const dec of [-75, -30, 5, 45, 80]) {
      const y = 2 * mollweide(180, dec).y;
      // Share of a unit circle above height y, which is that of the ellipse above it.
      const share = (Math.acos(y) - y * Math.sqrt(1 - y * y)) / Math.PI;
      expect(share).to.be.closeTo((1 - Math.sin((dec * Math.PI) / 180)) / 2, 1e-9);
    }
  });
});
