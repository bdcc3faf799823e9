import { expect } from 'chai';

import { cellsNear, NEAR_SHIFT, nearCell } from '../../../common/astro/cells-near.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import { InvalidInputError } from '../../../common/errors.ts';
import { positionAt, randomPosition, seededRandom } from './reference.ts';

describe('cellsNear', () => {
  it('holds every position within the radius, on edges of base cells and at the poles too', () => {
    const random = seededRandom(5);
    const centres = Array.from({ length: 3_000 }, () => randomPosition(random));
    for (const ra of [0, 45, 90, 135, 359.9999999]) {
      for (const dec of [90, -90, 89.9999, -89.9995, 41.8103149, -41.8103149, 0, 1e-5])
        centres.push({ ra, dec });
    }
    for (let i = 0; i < 1_000; i++) {
      const side = i % 2 === 0 ? 1 : -1;
      centres.push({ ra: random() * 360, dec: side * (90 - random() * 0.01) });
      // The base cells of the caps meet on these meridians.
      centres.push({ ra: 45 * (i % 8) + (random() - 0.5) * 1e-3, dec: random() * 180 - 90 });
    }
    for (const centre of centres) {
      for (const radiusArcsec of [1.5, 3, 20]) {
        const cells = cellsNear(centre.ra, centre.dec, radiusArcsec);
        expect(new Set(cells).size).to.equal(cells.length);
        for (let i = 0; i < 10; i++) {
          const distance = (radiusArcsec / 3_600) * (1 - 1e-9) * (i % 2 === 0 ? 1 : random());
          const { ra, dec } = positionAt(centre, distance, random() * 360);
          const found = cells.includes(nearCell(ra, dec));
          if (!found) expect.fail(`${ra}, ${dec} is near ${centre.ra}, ${centre.dec}`);
        }
      }
    }
  });

  it('names few cells', () => {
    const random = seededRandom(6);
    let count = 0;
    for (let i = 0; i < 5_000; i++) {
      const { ra, dec } = randomPosition(random);
      count += cellsNear(ra, dec, 3).length;
    }
    expect(count / 5_000).to.be.lessThan(1.6);
  });

  it('numbers cells as the index does', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 1_000; i++) {
      const { ra, dec } = randomPosition(random);
      expect(nearCell(ra, dec)).to.equal(Number(hpx29(ra, dec) >> NEAR_SHIFT));
      expect(cellsNear(ra, dec, 1.5)).to.include(nearCell(ra, dec));
    }
  });

  it('refuses what is no position', () => {
    expect(() => cellsNear(10, 91, 1)).to.throw(InvalidInputError);
    expect(() => cellsNear(NaN, 0, 1)).to.throw(InvalidInputError);
  });
});
