import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { InvalidInputError } from '../../../common/errors.ts';
import { difference } from '../../../common/moc/combine.ts';
import { coverRegion } from '../../../common/moc/cover.ts';
import type { Region } from '../../../common/moc/cover.ts';
import { hasPosition, rangeCount, squareDegrees } from '../../../common/moc/moc.ts';
import { readMoc } from '../../../common/moc/read-moc.ts';
import { circleRegion, polygonRegion, zoneRegion } from '../../../common/moc/regions.ts';
import { applyShapes, ShapesSchema } from '../../../common/moc/shapes.ts';
import { positionAt, randomPosition, seededRandom } from '../astro/reference.ts';

const RADIANS = Math.PI / 180;
/** Coverings by the MOC library of the CDS (moc-wasm 0.11): all cells that overlap a shape. */
const CDS = JSON.parse(
  readFileSync(join(import.meta.dirname, 'cds-covers.json'), 'utf8'),
) as Record<string, string>;
const SHAPES: [name: string, region: Region, order: number][] = [
  ['circle', circleRegion(359.5, -30, 6), 7],
  ['pole', circleRegion(100, 88, 7), 6],
  [
    'polygon',
    polygonRegion([
      [350, -10],
      [10, -10],
      [15, 12],
      [0, 30],
      [345, 8],
    ]),
    6,
  ],
  [
    'cap',
    polygonRegion([
      [270, 80],
      [180, 80],
      [90, 80],
      [0, 80],
    ]),
    6,
  ],
  ['limits', zoneRegion(350, 20, -10, 40), 5],
];

const shapes = (...given: object[]) => applyShapes(ShapesSchema.parse(given));

describe('shapes on the sky', () => {
  for (const [name, region, order] of SHAPES) {
    it(`covers a ${name} with all cells that overlap it, and hardly more`, () => {
      const theirs = readMoc(Buffer.from(CDS[name])).moc;
      const touching = coverRegion(region, order, 'touching');
      const within = coverRegion(region, order, 'within');
      expect(rangeCount(difference(theirs, touching))).to.equal(0);
      expect(rangeCount(difference(within, theirs))).to.equal(0);
      expect(squareDegrees(touching)).to.be.lessThan(1.04 * squareDegrees(theirs));
    });
  }

  it('holds exactly the positions within a radius, but for the width of a cell', () => {
    const random = seededRandom(11);
    for (const radius of [0.001, 1, 30, 120]) {
      const centre = randomPosition(random);
      const moc = shapes({ kind: 'circle', ...centre, radius });
      for (let i = 0; i < 300; i++) {
        const inside = positionAt(centre, radius * (0.9999 * random()), 360 * random());
        expect(hasPosition(moc, inside.ra, inside.dec)).to.equal(true);
        const outside = positionAt(centre, radius * (1.005 + 0.3 * random()), 360 * random());
        expect(hasPosition(moc, outside.ra, outside.dec), `${radius}`).to.equal(false);
      }
      const cap = 2 * Math.PI * (1 - Math.cos(radius * RADIANS)) * (180 / Math.PI) ** 2;
      // The finest cells, 12 mas wide, are a 300th of the smallest radius.
      expect(squareDegrees(moc) / cap).to.be.within(1, radius < 0.01 ? 1.008 : 1.005);
    }
  });

  it('joins vertices by great circles, whichever way round they go', () => {
    // An octant is a spherical triangle with three right angles: an eighth of the sky.
    const vertices = [
      [0, 0],
      [90, 0],
      [0, 90],
    ];
    for (const each of [vertices, [...vertices].reverse(), [...vertices, vertices[0]]]) {
      const moc = shapes({ kind: 'polygon', vertices: each });
      expect(squareDegrees(moc)).to.be.within(5156.62, 5156.62 + 1.5 * 270 * 0.0573);
      expect(hasPosition(moc, 45, 35)).to.equal(true);
      expect(hasPosition(moc, 225, -35)).to.equal(false);
    }
  });

  it('takes boxes across RA 0, at the pole and all the way round', () => {
    const ring = shapes({ kind: 'limits', raFrom: 0, raTo: 360, decFrom: -30, decTo: 30 });
    expect(squareDegrees(ring)).to.be.within(41252.96 / 2, 41252.96 / 2 + 1.5 * 624 * 0.1145);
    const wrap = shapes({ kind: 'limits', raFrom: 350, raTo: 10, decFrom: -5, decTo: 5 });
    expect(squareDegrees(wrap)).to.be.within(199.74, 200.6);
    expect(hasPosition(wrap, 0, 0)).to.equal(true);
    expect(hasPosition(wrap, 180, 0)).to.equal(false);
    const polar = shapes({ kind: 'box', ra: 77, dec: 90, width: 4, height: 4 });
    expect(squareDegrees(polar)).to.be.closeTo(16, 0.1);
    for (const ra of [0, 90, 180, 270]) expect(hasPosition(polar, ra, 88.5)).to.equal(true);
    const turned = shapes({ kind: 'box', ra: 0, dec: 0, width: 1, height: 9, angle: 90 });
    expect([hasPosition(turned, 4, 0), hasPosition(turned, 0, 4)]).to.deep.equal([true, false]);
  });

  it('takes nothing away beyond a hole, and leaves nothing of it but its edge', () => {
    const ring = shapes(
      { kind: 'circle', ra: 10, dec: 10, radius: 3 },
      { kind: 'circle', ra: 10, dec: 10, radius: 2, use: 'subtract' },
    );
    const random = seededRandom(2);
    for (let i = 0; i < 500; i++) {
      const kept = positionAt({ ra: 10, dec: 10 }, 2 + 0.999 * random(), 360 * random());
      const gone = positionAt({ ra: 10, dec: 10 }, 1.98 * random(), 360 * random());
      expect(hasPosition(ring, kept.ra, kept.dec)).to.equal(true);
      expect(hasPosition(ring, gone.ra, gone.dec)).to.equal(false);
    }
  });

  it('refuses more vertices than are worked through at once', () => {
    const vertices = Array.from({ length: 1_000 }, (_, i): [number, number] => {
      const angle = (2 * Math.PI * i) / 1_000;
      return [10 + 5 * Math.cos(angle), 5 * Math.sin(angle)];
    });
    const shapes = Array.from({ length: 6 }, () => ({
      kind: 'polygon' as const,
      use: 'add' as const,
      vertices,
    }));
    expect(() => applyShapes(shapes)).to.throw(/6000 vertices, and 5000 together are the most/);
  });

  it('refuses what is no shape, naming it', () => {
    const polygon = (...vertices: number[][]) => [
      { kind: 'circle', ra: 0, dec: 0, radius: 1 },
      { kind: 'polygon', vertices },
    ];
    const cases: [object[], RegExp][] = [
      [polygon([0, 0], [0, 0], [1, 1]), /Shape 2: .*three vertices/],
      [polygon([0, 0], [2, 2], [2, 0], [0, 2]), /vertex 1 and vertex 3 .* cross/],
      [polygon([0, 0], [120, 0], [240, 0]), /Shape 2: .*hemisphere/],
      [[{ kind: 'limits', raFrom: 1, raTo: 2, decFrom: 5, decTo: 5 }], /lower to the higher/],
      [[{ kind: 'limits', raFrom: 1, raTo: 1, decFrom: 4, decTo: 5 }], /differ/],
    ];
    for (const [given, reason] of cases) {
      expect(() => shapes(...given)).to.throw(InvalidInputError, reason);
    }
    for (const given of [
      [],
      [{ kind: 'circle', ra: NaN, dec: 0, radius: 1 }],
      [{ kind: 'circle', ra: 0, dec: 91, radius: 1 }],
      [{ kind: 'circle', ra: 0, dec: 0, radius: 0 }],
      [{ kind: 'star', ra: 0, dec: 0 }],
    ]) {
      expect(ShapesSchema.safeParse(given).success).to.equal(false);
    }
  });
});
