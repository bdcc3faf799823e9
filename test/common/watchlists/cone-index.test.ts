import { expect } from 'chai';

import { separationArcsec } from '../../../common/astro/coordinates.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import {
  coveredCells,
  findHits,
  indexCones,
  mergeCones,
  NO_CONES,
} from '../../../common/watchlists/cone-index.ts';
import type { ConeIndex, LooseCones } from '../../../common/watchlists/cone-index.ts';
import { ascendingOrder } from '../../../common/watchlists/sort-cells.ts';
import { positionAt, randomPosition, seededRandom } from '../astro/reference.ts';

const RADII = [0.1, 1, 2, 5, 10, 45, 60, 300, 360, 2_000, 3_600];

/** Cones all over the sky, at the poles, where RA begins, and at corners of HEALPix's base cells. */
function cones(
  watchlistId: number,
  count: number,
  firstId: number,
  random: () => number,
): LooseCones {
  const made: LooseCones = { watchlistId: [], coneId: [], ra: [], decl: [], radiusArcsec: [] };
  const corners = [0, 45, 90, 180, 270, 359.999999];
  const edge = (Math.asin(2 / 3) * 180) / Math.PI;
  for (let n = 0; n < count; n++) {
    const place = randomPosition(random);
    if (n % 7 === 0) place.dec = n % 2 === 0 ? 90 : -90;
    if (n % 7 === 1) place.ra = corners[n % corners.length];
    if (n % 7 === 2) place.dec = [edge, -edge, 0][n % 3];
    if (n % 21 === 3) Object.assign(place, { ra: corners[n % 5], dec: [edge, -edge, 0][n % 3] });
    made.watchlistId.push(watchlistId);
    made.coneId.push(firstId + n);
    made.ra.push(place.ra);
    made.decl.push(place.dec);
    made.radiusArcsec.push(RADII[n % RADII.length]);
  }
  return made;
}

function placesAround(made: LooseCones, random: () => number): { ra: number; decl: number }[] {
  return made.ra.flatMap((ra, n) =>
    [0, 0.3, 0.99999, 1.00001, 2].map((factor) => {
      const from = { ra, dec: made.decl[n] };
      const at = positionAt(from, (factor * made.radiusArcsec[n]) / 3_600, 360 * random());
      return { ra: ((at.ra % 360) + 360) % 360, decl: Math.max(-90, Math.min(90, at.dec)) };
    }),
  );
}

function allPairs(lists: LooseCones[], places: readonly { ra: number; decl: number }[]): string[] {
  const pairs: string[] = [];
  for (const [place, { ra, decl }] of places.entries()) {
    for (const list of lists) {
      for (const [n, coneId] of list.coneId.entries()) {
        const arcsec = separationArcsec(list.ra[n], list.decl[n], ra, decl);
        if (arcsec <= Math.fround(list.radiusArcsec[n])) {
          pairs.push(`${place} ${list.watchlistId[n]} ${coneId}`);
        }
      }
    }
  }
  return pairs.sort();
}

const found = (index: ConeIndex, places: readonly { ra: number; decl: number }[]) =>
  findHits(index, places)
    .map(({ place, watchlistId, coneId }) => `${place} ${watchlistId} ${coneId}`)
    .sort();

describe('ConeIndex', () => {
  it('finds what comparing everything finds: poles, RA 0, base cells, radii of 0.1 to 3,600 arcsec', () => {
    const random = seededRandom(3);
    const [a, b] = [cones(1, 400, 1, random), cones(2, 200, 1_001, random)];
    const index = mergeCones(indexCones(a), new Set(), indexCones(b));
    const places = [...placesAround(a, random), ...placesAround(b, random)];
    const expected = allPairs([a, b], places);
    expect(expected.length).to.be.greaterThan(1_500);
    expect(found(index, places)).to.deep.equal(expected);
  });

  it('is the same however lists came and went', () => {
    const random = seededRandom(4);
    const lists = [1, 2, 3].map((list) => cones(list, 150, 1_000 * list, random));
    const changed = cones(2, 80, 9_000, random);
    let index = NO_CONES;
    for (const list of lists) index = mergeCones(index, new Set(), indexCones(list));
    index = mergeCones(index, new Set([2, 3]), indexCones(changed));
    expect(index.count).to.equal(230);
    const places = [...lists, changed].flatMap((list) => placesAround(list, random));
    expect(found(index, places)).to.deep.equal(allPairs([lists[0], changed], places));
    const none = mergeCones(index, new Set([1, 2]), NO_CONES);
    expect([none.count, found(none, places)]).to.deep.equal([0, []]);
  });

  it('keeps of each list the hundred nearest sources of a place', () => {
    const crowd = (list: number): LooseCones => ({
      watchlistId: Array.from({ length: 300 }, () => list),
      coneId: Array.from({ length: 300 }, (_, n) => 1_000 * list + n),
      ra: Array.from({ length: 300 }, () => 10),
      decl: Array.from({ length: 300 }, (_, n) => (300 - n) / 3_600_000),
      radiusArcsec: Array.from({ length: 300 }, () => 5),
    });
    const index = mergeCones(indexCones(crowd(1)), new Set(), indexCones(crowd(2)));
    const hits = findHits(index, [{ ra: 10, decl: 0 }]);
    const ids = (list: number) =>
      hits.filter((hit) => hit.watchlistId === list).map((hit) => hit.coneId % 1_000);
    for (const list of [1, 2]) {
      expect(ids(list).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 100 }, (_, n) => 200 + n),
      );
    }
  });

  it('finds nothing for what is no place on the sky', () => {
    const index = indexCones(cones(1, 100, 1, seededRandom(8)));
    const places = [
      { ra: NaN, decl: 0 },
      { ra: 0, decl: NaN },
      { ra: 0, decl: 91 },
      { ra: Infinity, decl: 0 },
    ];
    expect(findHits(index, places)).to.deep.equal([]);
  });

  it('covers all that may be near in ranges that ascend and do not touch', () => {
    const random = seededRandom(9);
    const made = cones(1, 300, 1, random);
    const cells = coveredCells(indexCones(made));
    for (let i = 2; i < cells.length; i += 2) expect(cells[i]).to.be.greaterThan(cells[i - 1] + 1);
    const isCovered = (cell: number) => {
      for (let i = 0; i < cells.length; i += 2)
        if (cells[i] <= cell && cell <= cells[i + 1]) return true;
      return false;
    };
    const places = placesAround(made, random);
    for (const pair of allPairs([made], places)) {
      const { ra, decl } = places[Number(pair.split(' ')[0])];
      expect(isCovered(Number(hpx29(ra, decl) >> 10n)), `${ra} ${decl}`).to.equal(true);
    }
  });
});

describe('ascendingOrder', () => {
  it('sorts numbers up to 2^52 as comparing them does, equal ones in their order', () => {
    const random = seededRandom(1);
    const cells = Float64Array.from({ length: 5_000 }, (_, n) =>
      n % 3 === 0 ? Math.floor(random() * 50) : Math.floor(random() * 2 ** 52),
    );
    const expected = Array.from(cells.keys()).sort((a, b) => cells[a] - cells[b] || a - b);
    expect([...ascendingOrder(cells)]).to.deep.equal(expected);
    expect([...ascendingOrder(new Float64Array(0))]).to.deep.equal([]);
  });
});
