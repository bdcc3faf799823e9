import { healpixCentre } from '../../common/astro/healpix-centre.ts';
import { cellsByOrder } from '../../common/moc/cells.ts';
import { degrade } from '../../common/moc/from-intervals.ts';
import type { Moc } from '../../common/moc/moc.ts';
import { angleBetween, positionOf, unit, vectorOf } from '../../common/moc/sphere.ts';
import type { Vector } from '../../common/moc/sphere.ts';

/** Regions within such a circle are also drawn larger than on the map of the whole sky, degrees. */
const LARGEST_FIELD = 20;
/** Orders that the middle of a region is looked for in, until its cells are few enough. */
const ORDERS = [16, 12, 9, 6];
const ENOUGH_CELLS = 20_000;
/** Half a cell's diagonal, times the side count, degrees. */
const HALF_DIAGONAL = 61.3;
const DEGREES = 180 / Math.PI;

/** A circle of the sky that holds a region; degrees. */
export interface Field {
  ra: number;
  dec: number;
  radius: number;
}

/** The field in which a region can be drawn on a plane; undefined for what is too wide or empty. */
export function fieldOf(moc: Moc): Field | undefined {
  const cells = fewCells(moc);
  if (cells.length === 0) return undefined;
  let sum: [number, number, number] = [0, 0, 0];
  for (const { centre, order } of cells) {
    const weight = 4 ** -order;
    sum = [sum[0] + centre[0] * weight, sum[1] + centre[1] * weight, sum[2] + centre[2] * weight];
  }
  if (Math.hypot(...sum) === 0) return undefined;
  const middle = unit(sum);
  let radius = 0;
  for (const { centre, order } of cells) {
    const reach = angleBetween(middle, centre) * DEGREES + HALF_DIAGONAL / 2 ** order;
    if (reach > radius) radius = reach;
    if (radius > LARGEST_FIELD) return undefined;
  }
  return { ...positionOf(middle), radius };
}

function fewCells(moc: Moc): { centre: Vector; order: number }[] {
  for (const order of ORDERS) {
    const orders = cellsByOrder(degrade(moc, order));
    const count = orders?.reduce((sum, cells) => sum + cells.length, 0) ?? Infinity;
    if (orders === undefined || (count > ENOUGH_CELLS && order !== ORDERS.at(-1))) continue;
    return orders.flatMap((cells, each) =>
      Array.from(cells, (cell: number | bigint) => {
        const { ra, dec } = healpixCentre(each, Number(cell));
        return { centre: vectorOf(ra, dec), order: each };
      }),
    );
  }
  return [];
}
