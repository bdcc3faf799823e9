import { z } from 'zod';

import { InvalidInputError } from '../errors.ts';
import { difference, union } from './combine.ts';
import { coverRegion, orderFor } from './cover.ts';
import type { Region } from './cover.ts';
import { EMPTY_MOC } from './moc.ts';
import type { Moc } from './moc.ts';
import { boxRegion, circleRegion, polygonRegion, zoneRegion } from './regions.ts';

export const MAX_SHAPES = 100;
export const MAX_VERTICES = 1_000;
/** Of all polygons together: a tenth of a second of work. */
const ALL_VERTICES = 5_000;
/** Cells that the edge of one shape takes, and of all shapes together. */
const EDGE_CELLS = 10_000;
const ALL_EDGE_CELLS = 100_000;
const LEAST_SIZE_DEG = 0.1 / 3600;
const MOST_SIZE_DEG = 360;

const Ra = z.number().min(-360).max(360).meta({ description: 'Right ascension, degrees, ICRS.' });
const Dec = z.number().min(-90).max(90).meta({ description: 'Declination, degrees, ICRS.' });
const Size = z.number().min(LEAST_SIZE_DEG).max(MOST_SIZE_DEG);
const Use = z
  .enum(['add', 'subtract'])
  .default('add')
  .meta({ description: 'Whether it is joined to what the shapes before it make, or taken away.' });

/** A shape on the sky, lengths in degrees. */
export const ShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('circle'),
    use: Use,
    ra: Ra,
    dec: Dec,
    radius: Size.max(180).meta({ description: 'Degrees.' }),
  }),
  z.strictObject({
    kind: z.literal('polygon'),
    use: Use,
    vertices: z
      .array(z.tuple([Ra, Dec]))
      .min(3)
      .max(MAX_VERTICES)
      .meta({ description: 'Joined by great circles; less than a hemisphere, either way round.' }),
  }),
  z.strictObject({
    kind: z.literal('box'),
    use: Use,
    ra: Ra,
    dec: Dec,
    width: Size.lt(180).meta({ description: 'East to west, degrees.' }),
    height: Size.lt(180).meta({ description: 'North to south, degrees.' }),
    angle: z.number().min(-360).max(360).default(0).meta({
      description: 'By which it is turned, from north through east, degrees.',
    }),
  }),
  z.strictObject({
    kind: z.literal('limits'),
    use: Use,
    raFrom: Ra,
    raTo: Ra.meta({ description: 'East of raFrom, also across 0.' }),
    decFrom: Dec,
    decTo: Dec,
  }),
]);
export type Shape = z.infer<typeof ShapeSchema>;

export const ShapesSchema = z.array(ShapeSchema).min(1).max(MAX_SHAPES);

/**
 * What shapes make of a region, one after the other: added with all cells that they touch, taken away
 * with those that lie in them wholly, so that nothing is lost at an edge.
 *
 * @param begin - What they are added to or taken from; nothing by default.
 * @throws {InvalidInputError} for a shape that is none, naming it by its number, or too many vertices.
 */
export function applyShapes(shapes: readonly Shape[], begin: Moc = EMPTY_MOC): Moc {
  const vertices = shapes.reduce(
    (sum, shape) => sum + (shape.kind === 'polygon' ? shape.vertices.length : 0),
    0,
  );
  if (vertices > ALL_VERTICES) {
    throw new InvalidInputError(
      `The polygons have ${vertices} vertices, and ${ALL_VERTICES} together are the most: send such a region as a MOC.`,
    );
  }
  const edgeCells = Math.min(EDGE_CELLS, ALL_EDGE_CELLS / Math.max(1, shapes.length));
  let moc = begin;
  for (const [i, shape] of shapes.entries()) {
    const region = namedRegion(shape, i);
    const order = orderFor(region, edgeCells);
    moc =
      shape.use === 'add'
        ? union(moc, coverRegion(region, order, 'touching'))
        : difference(moc, coverRegion(region, order, 'within'));
  }
  return moc;
}

function namedRegion(shape: Shape, i: number): Region {
  try {
    return regionOf(shape);
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    throw new InvalidInputError(`Shape ${i + 1}: ${err.message}`, { cause: err });
  }
}

function regionOf(shape: Shape): Region {
  switch (shape.kind) {
    case 'circle':
      return circleRegion(shape.ra, shape.dec, shape.radius);
    case 'polygon':
      return polygonRegion(shape.vertices);
    case 'box':
      return boxRegion(shape.ra, shape.dec, shape.width, shape.height, shape.angle);
    case 'limits':
      return zoneRegion(shape.raFrom, shape.raTo, shape.decFrom, shape.decTo);
  }
}
