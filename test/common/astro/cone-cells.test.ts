import { expect } from 'chai';

import { addConeCells, CELL_COUNT, squareLevel } from '../../../common/astro/cone-cells.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import { positionAt, randomPosition, seededRandom } from './reference.ts';

const RADII_ARCSEC = [0.01, 2, 10, 60, 600, 5400];
/** The poles, RA 0, the corners where base cells and the polar caps meet. */
const EDGES = [
  { ra: 0, dec: 90 },
  { ra: 123, dec: -90 },
  { ra: 0, dec: 0 },
  { ra: 359.9999999, dec: 12 },
  { ra: 90, dec: 41.8103148957786 },
  { ra: 45, dec: 41.8103148957786 },
  { ra: 270, dec: -41.8103148957786 },
];

describe('addConeCells', () => {
  const random = seededRandom(11);
  const near = (place: { ra: number; dec: number }) => {
    const at = positionAt(place, random() * 0.003, random() * 360);
    return { ra: at.ra, dec: Math.max(-90, Math.min(90, at.dec)) };
  };

  function expectCovered(place: { ra: number; dec: number }, radiusArcsec: number): void {
    const bounds: number[] = [];
    addConeCells(place.ra, place.dec, radiusArcsec, 5 + Math.floor(random() * 23), bounds);
    for (let i = 0; i < 8; i++) {
      // Half of them on the very rim.
      const part = i < 4 ? 1 - 1e-9 : Math.sqrt(random());
      const inside = positionAt(place, (radiusArcsec / 3_600) * part, random() * 360);
      const cell = Number(hpx29(inside.ra, inside.dec) >> 10n);
      const isCovered = bounds.some(
        (low, at) => at % 2 === 0 && low <= cell && cell <= bounds[at + 1],
      );
      expect(isCovered, `${JSON.stringify({ place, radiusArcsec, inside, bounds })}`).to.equal(
        true,
      );
    }
  }

  for (const radiusArcsec of RADII_ARCSEC) {
    it(`holds every position within ${radiusArcsec} arcsec, on the sky and at its edges`, () => {
      for (let i = 0; i < 500; i++) expectCovered(randomPosition(random), radiusArcsec);
      for (const edge of EDGES) {
        for (let i = 0; i < 60; i++) expectCovered(near(edge), radiusArcsec);
        expectCovered(edge, radiusArcsec);
      }
    });
  }

  it('needs one square for most cones when squares are wide, and four at the most', () => {
    let squares = 0;
    for (let i = 0; i < 1_000; i++) {
      const { ra, dec } = randomPosition(random);
      const bounds: number[] = [];
      addConeCells(ra, dec, 2, squareLevel(2, 0) + 5, bounds);
      expect(bounds.length).to.be.at.most(8);
      squares += bounds.length / 2;
      for (const cell of bounds) expect(cell >= 0 && cell < CELL_COUNT).to.equal(true);
    }
    expect(squares / 1_000).to.be.below(1.2);
  });
});
