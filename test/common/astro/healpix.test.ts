import { expect } from 'chai';
import { z } from 'zod';

import { coneRanges, hpx29, hpx29Halves } from '../../../common/astro/healpix.ts';
import type { HpxRange } from '../../../common/astro/healpix.ts';
import { InvalidInputError } from '../../../common/errors.ts';
import { positionAt, randomPosition, readReference, seededRandom } from './reference.ts';

const Reference = z.object({
  positions: z.array(z.object({ ra: z.number(), dec: z.number(), nest29: z.string() })),
  pixels: z.array(
    z.object({ order: z.number(), nest: z.string(), ra: z.number(), dec: z.number() }),
  ),
  discs: z.array(
    z.object({
      ra: z.number(),
      dec: z.number(),
      radius_deg: z.number(),
      order: z.number(),
      nest_centres_inside: z.array(z.number()).nullable(),
    }),
  ),
});

function holds(ranges: HpxRange[], cell: bigint): boolean {
  return ranges.some(({ low, high }) => low <= cell && cell <= high);
}

describe('hpx29', () => {
  it('gives healpy’s numbers, edges and poles included', function () {
    const { positions, pixels } = Reference.parse(
      JSON.parse(readReference(this, 'reference/generated/healpix.json')),
    );
    for (const { ra, dec, nest29 } of positions) {
      expect(String(hpx29(ra, dec)), `${ra} ${dec}`).to.equal(nest29);
      expect(String(hpx29(ra + 360, dec)).slice(0, -6)).to.equal(nest29.slice(0, -6));
    }
    for (const { order, nest, ra, dec } of pixels) {
      expect(String(hpx29(ra, dec) >> BigInt(2 * (29 - order)))).to.equal(nest);
    }
  });

  it('comes as two halves of the same number', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 2_000; i++) {
      const { ra, dec } = randomPosition(random);
      const { high, low } = hpx29Halves(ra, dec);
      expect((BigInt(high) << 32n) | BigInt(low)).to.equal(hpx29(ra, dec));
    }
  });

  it('is never outside the sphere, at the edges of the numbers', () => {
    const decs = [-90, -89.9999999999, -41.810314895778596, -1e-300, 0, 41.810314895778596, 90];
    for (const dec of decs) {
      for (const ra of [
        0, -1e-300, 89.99999999999999, 90, 180, 270, 359.99999999999994, 360, -90,
      ]) {
        expect(hpx29(ra, dec) >= 0n && hpx29(ra, dec) < 12n * 4n ** 29n, `${ra} ${dec}`).to.equal(
          true,
        );
      }
    }
  });

  it('refuses what is no position', () => {
    for (const [ra, dec] of [
      [NaN, 0],
      [0, NaN],
      [Infinity, 0],
      [0, 90.0000001],
    ]) {
      expect(() => hpx29(ra, dec)).to.throw(InvalidInputError);
    }
  });
});

describe('coneRanges', () => {
  it('holds every position of the cone, whatever its size and place', () => {
    const random = seededRandom(2);
    const places = [
      { ra: 0, dec: 0 },
      { ra: 0, dec: 90 },
      { ra: 123, dec: -90 },
      { ra: 359.9999, dec: 41.8103149 },
      { ra: 45, dec: 0 },
      ...Array.from({ length: 150 }, () => randomPosition(random)),
    ];
    for (const place of places) {
      const radius = 180 * 10 ** (-8 * random());
      const maxRanges = 1 + Math.floor(12 * random());
      const ranges = coneRanges(place.ra, place.dec, radius, maxRanges);
      expect(ranges.length).to.be.within(1, maxRanges);
      for (let i = 0; i < 100; i++) {
        // Half of them on the very edge, where a covering leaks first.
        const distance = i % 2 === 0 ? radius * (1 - 1e-9) : radius * Math.sqrt(random());
        const { ra, dec } = positionAt(place, distance, random() * 360);
        expect(holds(ranges, hpx29(ra, dec)), `${radius} deg at ${place.ra} ${place.dec}`).to.equal(
          true,
        );
      }
    }
  });

  it('holds the centres that healpy finds in the disc', function () {
    const { discs } = Reference.parse(
      JSON.parse(readReference(this, 'reference/generated/healpix.json')),
    );
    for (const disc of discs) {
      const ranges = coneRanges(disc.ra, disc.dec, disc.radius_deg, 12);
      const shift = BigInt(2 * (29 - disc.order));
      for (const cell of disc.nest_centres_inside ?? []) {
        // The centre of a cell begins its last quarter.
        expect(holds(ranges, (BigInt(cell) << shift) + (3n << (shift - 2n)))).to.equal(true);
      }
    }
  });

  it('covers little more than the cone', () => {
    const random = seededRandom(4);
    for (const radius of [1 / 3600, 0.1, 5]) {
      let area = 0;
      for (let i = 0; i < 40; i++) {
        const { ra, dec } = randomPosition(random);
        for (const { low, high } of coneRanges(ra, dec, radius, 12))
          area += Number(high - low + 1n);
      }
      const cone = (1 - Math.cos((radius * Math.PI) / 180)) / 2;
      expect(area / 40 / (12 * 4 ** 29) / cone).to.be.within(1, 2.2);
    }
  });

  it('gives ranges in order, apart from each other', () => {
    const ranges = coneRanges(10, 20, 1, 12);
    for (let i = 1; i < ranges.length; i++) {
      expect(ranges[i].low > ranges[i - 1].high + 1n).to.equal(true);
    }
  });

  it('knows the point and the whole sphere, and refuses what is no cone', () => {
    expect(holds(coneRanges(10, 20, 0, 4), hpx29(10, 20))).to.equal(true);
    expect(coneRanges(10, 20, 180, 4)).to.deep.equal([{ low: 0n, high: 12n * 4n ** 29n - 1n }]);
    expect(() => coneRanges(10, 20, -1, 4)).to.throw(InvalidInputError);
    expect(() => coneRanges(10, 20, NaN, 4)).to.throw(InvalidInputError);
    expect(() => coneRanges(10, 20, 1, 0)).to.throw(InvalidInputError);
  });
});
