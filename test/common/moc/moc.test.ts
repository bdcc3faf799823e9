import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { hpx29 } from '../../../common/astro/healpix.ts';
import { InvalidInputError } from '../../../common/errors.ts';
import { bigintOfKey, keyOfBigint, keyOfCell, SKY_END } from '../../../common/moc/cell-keys.ts';
import { difference, intersection, isSameRegion, union } from '../../../common/moc/combine.ts';
import { degrade, fromIntervals } from '../../../common/moc/from-intervals.ts';
import { matchPositions, orderOnSky } from '../../../common/moc/match-positions.ts';
import {
  hasKey,
  hasPosition,
  rangeCount,
  SKY_SQUARE_DEGREES,
  squareDegrees,
  WHOLE_SKY,
} from '../../../common/moc/moc.ts';
import type { Moc } from '../../../common/moc/moc.ts';
import { packMoc, unpackMoc } from '../../../common/moc/pack.ts';
import { readMoc } from '../../../common/moc/read-moc.ts';
import { randomPosition, requireReference, seededRandom } from '../astro/reference.ts';
import { asciiMoc, fitsMoc, jsonMoc } from './whole-moc.ts';

interface Reference {
  area_deg2: number;
  contains: [ra: number, dec: number, isIn: boolean][];
}

const FILES = [
  'CDS-I-125A-catalog_MOC.fits',
  'P-GALEXGR6-AIS-FUV.fits',
  'SMOC.fits',
  'fractal.fits',
  'lasair_ar_1.fits',
  'lasair_sample_area.fits',
  'polygon_moc.fits',
];

const read = (text: string): Moc => readMoc(Buffer.from(text)).moc;
const refusal = (file: Buffer | string): string => {
  try {
    readMoc(Buffer.from(file));
  } catch (err) {
    expect(err).to.be.instanceOf(InvalidInputError);
    return (err as Error).message;
  }
  return 'taken';
};

/** Ranges of an order, here and there, from a seed. */
function randomMoc(seed: number, order: number, count: number): Moc {
  const random = seededRandom(seed);
  const cells = Array.from({ length: count }, () => Math.floor(random() * 12 * 4 ** order));
  const starts = Float64Array.from(cells, (cell) => keyOfCell(order, cell));
  const ends = Float64Array.from(cells, (cell) => keyOfCell(order, cell + 1));
  return fromIntervals(starts, ends, order).moc;
}

describe('keys of cells', () => {
  it('stand in the order of the numbers, from the smallest to the largest', () => {
    const random = seededRandom(5);
    const numbers = [0n, 1n, 2n, 2n ** 52n, 2n ** 53n + 1n, 12n * 4n ** 29n - 1n];
    for (let i = 0; i < 2_000; i++) {
      const { ra, dec } = randomPosition(random);
      numbers.push(hpx29(ra, dec) >> BigInt(Math.floor(random() * 62)));
    }
    const keys = Float64Array.from(numbers, keyOfBigint).sort();
    const sorted = [...numbers].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect([...keys].map(bigintOfKey)).to.deep.equal(sorted);
    expect(bigintOfKey(SKY_END)).to.equal(12n * 4n ** 29n);
  });
});

describe('reading a MOC', () => {
  for (const file of FILES) {
    it(`${file} has the area and holds the positions that healpy finds`, function () {
      const path = requireReference(this, `moc/${file}`);
      const all = JSON.parse(
        readFileSync(requireReference(this, 'reference/generated/mocs.json'), 'utf8'),
      ) as Record<string, Reference>;
      const { moc } = readMoc(readFileSync(path));
      expect(squareDegrees(moc)).to.be.closeTo(all[file].area_deg2, 1e-6 * all[file].area_deg2);
      for (const [ra, dec, isIn] of all[file].contains) {
        expect(hasPosition(moc, ra, dec), `${ra} ${dec}`).to.equal(isIn);
      }
    });

    it(`${file} comes back the same from every form`, async function () {
      const { moc } = readMoc(readFileSync(requireReference(this, `moc/${file}`)));
      const copies = [
        readMoc(fitsMoc(moc)).moc,
        readMoc(fitsMoc(moc, 'RANGE')).moc,
        readMoc(gzipSync(fitsMoc(moc))).moc,
        read(asciiMoc(moc)),
        read(jsonMoc(moc)),
        await unpackMoc(moc.order, await packMoc(moc)),
      ];
      for (const copy of copies) {
        expect(isSameRegion(copy, moc)).to.equal(true);
        expect(copy.order).to.equal(moc.order);
      }
    });
  }

  it('takes text and JSON of order 29 to the last digit', () => {
    const last = 12n * 4n ** 29n - 1n;
    for (const text of [`29/0 ${last}`, `{"29": [0, ${last}]}`]) {
      expect([...read(text).bounds].map(bigintOfKey)).to.deep.equal([0n, 1n, last, last + 1n]);
    }
    expect(asciiMoc(read(`29/${last}`)).trim()).to.equal(`29/${last}`);
  });

  it('takes the text of the standard, in any order, overlapping and with commas', function () {
    const fits = readMoc(readFileSync(requireReference(this, 'moc/SMOC.fits'))).moc;
    const text = readFileSync(requireReference(this, 'moc/smoc.ascii.txt'), 'utf8');
    expect(isSameRegion(read(text), fits)).to.equal(true);
    expect(isSameRegion(read('6/5,4 5/1'), read('5/1'))).to.equal(true);
    expect(readMoc(Buffer.from('6/5,4 5/1')).hadOverlaps).to.equal(true);
    expect(read('0/0-11 8/').order).to.equal(8);
  });

  it('refuses everything else, and says why', () => {
    const moc = read('5/1-3 6/29');
    const fits = fitsMoc(moc);
    const changed = (card: string, by: string) =>
      Buffer.from(fits.toString('latin1').replace(card, by.padEnd(card.length)), 'latin1');
    const last = Buffer.from(fits);
    last.writeBigInt64BE(3n, 5760);
    const large = Buffer.from(fits);
    large.writeBigInt64BE(2n ** 62n, 5760);
    const reversed = fitsMoc(moc, 'RANGE');
    reversed.writeBigInt64BE(0n, 5768);
    const cases: [Buffer | string, RegExp][] = [
      ['', /empty/],
      ['   \n', /empty/],
      ['hello', /no MOC/],
      ['RA,Dec\n1,2\n', /no MOC/],
      ['{"5": []}', /empty/],
      ['{"5": [1,]}', /line 1, column 10/],
      ['{"5": [1]} more', /nothing may stand behind/],
      ['{"30": [1]}', /order 30.*0 to 29/],
      ['{"99999999999999999999999": [1]}', /too long/],
      ['[{"t": {}, "s": {}}]', /time/],
      ['5/12288', /no cell 12288 of order 5/],
      ['5/3-1', /reversed/],
      ['5/1-', /a number is expected/],
      ['5/1 x', /line 1, column 5/],
      ['t61/1 s5/2', /time/],
      ['30/1', /0 to 29/],
      ['5/', /no cells/],
      [Buffer.from('89504e470d0a1a0a', 'hex'), /PNG/],
      ['<?xml version="1.0"?><VOTABLE/>', /XML/],
      [fits.subarray(0, 200), /header cannot be read/],
      [fits.subarray(0, 2000), /without a binary table/],
      [fits.subarray(0, 2880), /without a binary table/],
      [fits.subarray(0, 5770), /cut short.*4 numbers, and 1/],
      [gzipSync(fits).subarray(0, 100), /gzip.*damaged/],
      [gzipSync(Buffer.alloc(50 << 20)), /more than 40 MB/],
      [changed("= 'NUNIQ   '", "= 'NESTED  '"), /NESTED order, not a MOC/],
      [changed("= 'SPACE   '", "= 'TIME    '"), /MOC of time/],
      [changed("COORDSYS= 'C       '", "COORDSYS= 'G       '"), /coordinate system G/],
      [changed("'1K      '", "'1D      '"), /not integers/],
      [changed("'1K      '", "'2K      '"), /contradicts itself/],
      [changed(`MOCORD_S= ${'6'.padStart(20)}`, `MOCORD_S= ${'77'.padStart(20)}`), /= 77/],
      [last, /row 1 holds 3/],
      [large, /row 1 holds 4611686018427387904/],
      [reversed, /range 1, from 281474976710656 to before 0/],
    ];
    for (const [file, reason] of cases) {
      expect(refusal(file), String(file).slice(0, 40)).to.match(reason);
    }
  });

  it('refuses maps of probability and images', function () {
    const map = readFileSync(requireReference(this, 'skymaps/MS181101ab_multiorder.fits'));
    expect(refusal(map)).to.match(/map of values on the sky \(column PROBDENSITY\)/);
    const flat = readFileSync(requireReference(this, 'skymaps/GW150914_bayestar_nside512.fits.gz'));
    expect(refusal(flat)).to.match(/map of values|more than 40 MB/);
  });
});

describe('regions', () => {
  const asSets = (a: Moc, b: Moc, cell: number) => {
    const key = keyOfCell(6, cell);
    return [hasKey(a, key), hasKey(b, key)] as const;
  };

  it('are joined, cut and taken away as sets of cells are', () => {
    for (let seed = 1; seed < 20; seed++) {
      const a = randomMoc(seed, 6, 3_000 * (seed % 3));
      const b = randomMoc(seed + 100, seed % 2 === 0 ? 6 : 4, 900);
      const [or, and, less] = [union(a, b), intersection(a, b), difference(a, b)];
      for (let cell = 0; cell < 12 * 4 ** 6; cell += 7) {
        const [inA, inB] = asSets(a, b, cell);
        const key = keyOfCell(6, cell);
        expect([hasKey(or, key), hasKey(and, key), hasKey(less, key)]).to.deep.equal([
          inA || inB,
          inA && inB,
          inA && !inB,
        ]);
      }
      expect(squareDegrees(or) + squareDegrees(and)).to.be.closeTo(
        squareDegrees(a) + squareDegrees(b),
        1e-6,
      );
    }
  });

  it('cover the whole sky or nothing of it', () => {
    expect(squareDegrees(WHOLE_SKY)).to.be.closeTo(SKY_SQUARE_DEGREES, 1e-9);
    expect(SKY_SQUARE_DEGREES).to.be.closeTo(41252.96125, 1e-5);
    expect(rangeCount(difference(WHOLE_SKY, WHOLE_SKY))).to.equal(0);
    expect(asciiMoc(WHOLE_SKY).trim()).to.equal('0/0-11');
  });

  it('are degraded to all coarser cells that they touch', () => {
    const fine = randomMoc(7, 9, 500);
    const coarse = degrade(fine, 5);
    expect(coarse.order).to.equal(5);
    expect(rangeCount(difference(fine, coarse))).to.equal(0);
    const touched = new Set<number>();
    for (let cell = 0; cell < 12 * 4 ** 9; cell++) {
      if (hasKey(fine, keyOfCell(9, cell))) touched.add(cell >> 8);
    }
    for (let cell = 0; cell < 12 * 4 ** 5; cell++) {
      expect(hasKey(coarse, keyOfCell(5, cell))).to.equal(touched.has(cell));
    }
  });

  it('are matched with many positions as with each alone', () => {
    const random = seededRandom(3);
    const positions = Array.from({ length: 2_000 }, () => {
      const { ra, dec } = randomPosition(random);
      return { ra, decl: dec };
    });
    for (const moc of [randomMoc(1, 5, 4_000), randomMoc(2, 3, 1), WHOLE_SKY]) {
      const found: number[] = [];
      matchPositions(orderOnSky(positions), moc, (place) => found.push(place));
      const alone = positions.flatMap(({ ra, decl }, i) => (hasPosition(moc, ra, decl) ? [i] : []));
      expect(found.sort((a, b) => a - b)).to.deep.equal(alone);
    }
  });
});
