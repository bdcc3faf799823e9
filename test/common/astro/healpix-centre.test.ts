import { expect } from 'chai';

import { healpixCentre } from '../../../common/astro/healpix-centre.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import { InvalidInputError } from '../../../common/errors.ts';

describe('healpixCentre', () => {
  it('gives the middles of the base cells', () => {
    const middle = Math.asin(2 / 3) / (Math.PI / 180);
    for (const [cell, ra, dec] of [
      [0, 45, middle],
      [3, 315, middle],
      [4, 0, 0],
      [6, 180, 0],
      [11, 315, -middle],
    ]) {
      const centre = healpixCentre(0, cell);
      expect(centre.ra).to.be.closeTo(ra, 1e-9);
      expect(centre.dec).to.be.closeTo(dec, 1e-9);
    }
  });

  it('gives a position that lies in the cell, for every cell and order', () => {
    for (const order of [0, 1, 2, 5]) {
      for (let cell = 0; cell < 12 * 4 ** order; cell++) {
        const { ra, dec } = healpixCentre(order, cell);
        expect(hpx29(ra, dec) >> BigInt(2 * (29 - order))).to.equal(BigInt(cell));
      }
    }
    for (const order of [12, 24]) {
      for (let i = 0; i < 500; i++) {
        const cell = Math.floor((i / 500) * 12 * 4 ** order);
        const { ra, dec } = healpixCentre(order, cell);
        expect(hpx29(ra, dec) >> BigInt(2 * (29 - order))).to.equal(BigInt(cell));
      }
    }
  });

  it('refuses cells and orders that there are not', () => {
    for (const [order, cell] of [
      [0, 12],
      [5, -1],
      [5, 0.5],
      [5, NaN],
      [-1, 0],
      [25, 0],
      [1.5, 0],
    ]) {
      expect(() => healpixCentre(order, cell)).to.throw(InvalidInputError);
    }
  });
});
