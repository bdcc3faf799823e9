import { RADIANS, wrapDegrees } from '../astro/angles.ts';
import { InvalidInputError } from '../errors.ts';
import type { Region } from './cover.ts';
import { angleBetween, cross, dot, positionOf, unit, vectorOf } from './sphere.ts';
import type { Vector } from './sphere.ts';

/** Vertices nearer to each other, radians, are one: a tenth of a milliarcsecond. */
const SAME_POINT = 5e-10;
/** A polygon must lie within so much of the middle of a hemisphere, as the cosine: 89.4 degrees. */
const HEMISPHERE_MARGIN = 0.01;
const CENTRING_STEPS = 2_000;

/** Everything within a radius of a position. All in degrees. */
export function circleRegion(ra: number, dec: number, radius: number): Region {
  const centre = vectorOf(ra, dec);
  const angle = radius * RADIANS;
  return {
    edges: [(point) => Math.abs(angleBetween(centre, point) - angle)],
    holds: (point) => angleBetween(centre, point) < angle,
    edgeLength: 2 * Math.PI * Math.sin(angle),
  };
}

/**
 * What a polygon of great circles encloses: the side that lies in a hemisphere, whichever way round
 * its vertices go.
 *
 * @param vertices - Degrees; the last is joined to the first, and may repeat it.
 * @throws {InvalidInputError} for fewer than three points, edges that cross, or what no hemisphere
 *   holds.
 */
export function polygonRegion(vertices: readonly (readonly [ra: number, dec: number])[]): Region {
  const points = distinctPoints(vertices.map(([ra, dec]) => vectorOf(ra, dec)));
  if (points.length < 3) {
    throw new InvalidInputError('A polygon has three vertices or more, at different places.');
  }
  const middle = hemisphereOf(points);
  // From the middle of a hemisphere great circles are seen as straight lines.
  const [east, north] = tangents(middle);
  const project = (point: Vector): readonly [number, number] => {
    const depth = dot(point, middle);
    return [dot(point, east) / depth, dot(point, north) / depth];
  };
  const plane = points.map(project);
  refuseCrossings(plane);
  return {
    edges: points.map((from, i) => arcDistance(from, points[(i + 1) % points.length])),
    holds: (point) => dot(point, middle) > 0 && isInPolygon(plane, project(point)),
    edgeLength: points.reduce(
      (sum, from, i) => sum + angleBetween(from, points[(i + 1) % points.length]),
      0,
    ),
  };
}

/**
 * A box around a position whose sides are great circles: its corners are half the width east and west,
 * and half the height north and south, of the position as of the origin of coordinates.
 *
 * @param angle - Of its height from north through east. All in degrees.
 * @throws {InvalidInputError} if a side is 180 degrees or more.
 */
export function boxRegion(
  ra: number,
  dec: number,
  width: number,
  height: number,
  angle: number,
): Region {
  if (width >= 180 || height >= 180) {
    throw new InvalidInputError('A side of a box is less than 180 degrees.');
  }
  const middle = vectorOf(ra, dec);
  const eastward = vectorOf(ra + 90, 0);
  const northward = cross(middle, eastward);
  const [c, s] = [Math.cos(angle * RADIANS), Math.sin(angle * RADIANS)];
  const north: Vector = mix(northward, c, eastward, s);
  const east: Vector = mix(eastward, c, northward, -s);
  const corners = [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ].map(([x, y]) => {
    const [lon, lat] = [(x * width * RADIANS) / 2, (y * height * RADIANS) / 2];
    const level = mix(middle, Math.cos(lon), east, Math.sin(lon));
    return positionOf(mix(level, Math.cos(lat), north, Math.sin(lat)));
  });
  return polygonRegion(corners.map((corner) => [corner.ra, corner.dec] as const));
}

/**
 * Everything between two right ascensions and two declinations, degrees: from `raFrom` eastward to
 * `raTo`, also across 0; all the way round if both are the same place and not the same number.
 *
 * @throws {InvalidInputError} if it holds nothing.
 */
export function zoneRegion(raFrom: number, raTo: number, decFrom: number, decTo: number): Region {
  if (!(decFrom < decTo)) {
    throw new InvalidInputError('The declinations of a box go from the lower to the higher one.');
  }
  if (raFrom === raTo) {
    throw new InvalidInputError('The right ascensions of a box differ; 0 to 360 is all of them.');
  }
  const [west, width] = [wrapDegrees(raFrom), wrapDegrees(raTo - raFrom) || 360];
  const hasSides = width < 360;
  const parallels = [decFrom, decTo].filter((dec) => Math.abs(dec) < 90);
  const meridians = hasSides ? [west, west + width] : [];
  const holdsRa = (ra: number) => !hasSides || wrapDegrees(ra - west) <= width;
  return {
    edges: [
      ...parallels.map((dec) => parallelDistance(dec, holdsRa, meridians)),
      ...meridians.map((ra) => arcDistance(vectorOf(ra, decFrom), vectorOf(ra, decTo), ra)),
    ],
    holds(point) {
      const { ra, dec } = positionOf(point);
      return dec > decFrom && dec < decTo && holdsRa(ra);
    },
    edgeLength:
      parallels.reduce((sum, dec) => sum + width * RADIANS * Math.cos(dec * RADIANS), 0) +
      meridians.length * (decTo - decFrom) * RADIANS,
  };
}

/**
 * Distance to the great circle between two points.
 *
 * @param meridian - Right ascension, degrees, where they lie on one meridian and may be opposite.
 */
function arcDistance(from: Vector, to: Vector, meridian?: number): (point: Vector) => number {
  const pole = meridian === undefined ? unit(cross(from, to)) : vectorOf(meridian - 90, 0);
  const start = cross(pole, from);
  const end = cross(to, pole);
  const isHalf = meridian !== undefined && dot(start, to) < 1e-12 && dot(from, to) < 0;
  const middle = meridian === undefined ? undefined : vectorOf(meridian, 0);
  return (point) => {
    const isBetween = isHalf
      ? middle !== undefined && dot(point, middle) > 0
      : dot(point, start) >= 0 && dot(point, end) >= 0;
    return isBetween
      ? Math.asin(Math.min(1, Math.abs(dot(point, pole))))
      : Math.min(angleBetween(point, from), angleBetween(point, to));
  };
}

function parallelDistance(
  dec: number,
  holdsRa: (ra: number) => boolean,
  meridians: readonly number[],
): (point: Vector) => number {
  const ends = meridians.map((ra) => vectorOf(ra, dec));
  return (point) => {
    const position = positionOf(point);
    // Along a parallel the distance grows with the difference in right ascension.
    return holdsRa(position.ra)
      ? Math.abs(position.dec - dec) * RADIANS
      : Math.min(...ends.map((end) => angleBetween(point, end)));
  };
}

function distinctPoints(points: readonly Vector[]): Vector[] {
  const kept: Vector[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last === undefined || angleBetween(last, point) > SAME_POINT) kept.push(point);
  }
  while (kept.length > 1 && angleBetween(kept[0], kept[kept.length - 1]) <= SAME_POINT) kept.pop();
  return kept;
}

/** A direction from which all points are less than 90 degrees away. */
function hemisphereOf(points: readonly Vector[]): Vector {
  let sum: Vector = [0, 0, 0];
  for (const point of points) sum = mix(sum, 1, point, 1);
  let middle = Math.hypot(...sum) > 1e-6 ? unit(sum) : points[0];
  for (let step = 0; step < CENTRING_STEPS; step++) {
    const farthest = points.reduce((a, b) => (dot(b, middle) < dot(a, middle) ? b : a));
    if (dot(farthest, middle) > HEMISPHERE_MARGIN) return middle;
    middle = unit(mix(middle, 1, farthest, 0.1));
  }
  throw new InvalidInputError(
    'The polygon is larger than a hemisphere, or as large: make it of several, joined.',
  );
}

function tangents(middle: Vector): [east: Vector, north: Vector] {
  const { ra } = positionOf(middle);
  const east = vectorOf(ra + 90, 0);
  return [east, cross(middle, east)];
}

function mix(a: Vector, x: number, b: Vector, y: number): Vector {
  return [a[0] * x + b[0] * y, a[1] * x + b[1] * y, a[2] * x + b[2] * y];
}

type PlanePoint = readonly [x: number, y: number];

function isInPolygon(corners: readonly PlanePoint[], [x, y]: PlanePoint): boolean {
  let isIn = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [xi, yi] = corners[i];
    const [xj, yj] = corners[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isIn = !isIn;
  }
  return isIn;
}

function refuseCrossings(corners: readonly PlanePoint[]): void {
  const count = corners.length;
  const side = (a: PlanePoint, b: PlanePoint, c: PlanePoint) =>
    Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  for (let i = 0; i < count; i++) {
    const [a, b] = [corners[i], corners[(i + 1) % count]];
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      const [c, d] = [corners[j], corners[(j + 1) % count]];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) {
        throw new InvalidInputError(
          `The edges behind vertex ${i + 1} and vertex ${j + 1} of the polygon cross: what is inside is not clear.`,
        );
      }
    }
  }
}
