import { healpixCentre } from '../astro/healpix-centre.ts';
import { keyOfCell } from './cell-keys.ts';
import type { Moc } from './moc.ts';
import { vectorOf } from './sphere.ts';
import type { Vector } from './sphere.ts';

/** Cells finer than this, 12 milliarcseconds, are not made. */
const FINEST_ORDER = 24;
/** Largest distance from the centre of a cell to its corners, times its side count, radians. */
const CELL_REACH = 1.0691;
/** Side of a cell times the side count, radians: the root of its area. */
const CELL_SIDE = Math.sqrt(Math.PI / 3);
/** Orders below the one asked for in which it is found out whether a cell meets an edge. */
const CLOSER_LOOKS = 1;
/** Cells that an edge runs through for each that its length would fill. */
const CELLS_ALONG = 1.6;

/** A region with an edge, as it is covered with cells. */
export interface Region {
  /** The parts of its edge, each as the distance to it in radians. */
  edges: readonly ((point: Vector) => number)[];
  /** Whether it holds a point that is on no edge. */
  holds(point: Vector): boolean;
  /** How long all edges are together, radians. */
  edgeLength: number;
}

/**
 * `touching`: all cells that the region may touch, so that every position in it is covered.
 * `within`: only cells that lie in it wholly, so that what is taken away is never too much.
 */
export type Cover = 'touching' | 'within';

/**
 * A region in HEALPix cells. The edge is as wide as one cell.
 *
 * @param order - 0 to 24.
 */
export function coverRegion(region: Region, order: number, cover: Cover): Moc {
  const bounds: number[] = [];
  const add = (level: number, cell: number) => {
    const start = keyOfCell(level, cell);
    const end = keyOfCell(level, cell + 1);
    if (bounds[bounds.length - 1] === start) bounds[bounds.length - 1] = end;
    else bounds.push(start, end);
  };
  const visit = (level: number, cell: number, edges: Region['edges']) => {
    const { ra, dec } = healpixCentre(level, cell);
    const centre = vectorOf(ra, dec);
    const reach = CELL_REACH / 2 ** level;
    const near = edges.filter((distance) => distance(centre) <= reach);
    if (near.length === 0 || (level === order && !meetsEdge(near, level, cell, CLOSER_LOOKS))) {
      if (region.holds(centre)) add(level, cell);
    } else if (level === order) {
      if (cover === 'touching') add(level, cell);
    } else for (let child = 0; child < 4; child++) visit(level + 1, 4 * cell + child, near);
  };
  for (let face = 0; face < 12; face++) visit(0, face, region.edges);
  return { order, bounds: Float64Array.from(bounds) };
}

/** Whether a part of an edge runs through a cell, or so close by that cells so much finer do not tell. */
function meetsEdge(edges: Region['edges'], level: number, cell: number, looks: number): boolean {
  const { ra, dec } = healpixCentre(level, cell);
  const centre = vectorOf(ra, dec);
  const reach = CELL_REACH / 2 ** level;
  const near = edges.filter((distance) => distance(centre) <= reach);
  if (near.length === 0) return false;
  if (looks === 0 || level === FINEST_ORDER) return true;
  for (let child = 0; child < 4; child++) {
    if (meetsEdge(near, level + 1, 4 * cell + child, looks - 1)) return true;
  }
  return false;
}

/** The finest order in which the edge of a region takes about so many cells. */
export function orderFor({ edgeLength }: Region, edgeCells: number): number {
  const side = (edgeLength * CELLS_ALONG) / edgeCells;
  const order = Math.floor(Math.log2(CELL_SIDE / side));
  return Math.max(0, Math.min(FINEST_ORDER, order));
}

/** Side of the cells of an order, arcseconds. */
export function cellSideArcsec(order: number): number {
  return (CELL_SIDE / 2 ** order) * (180 / Math.PI) * 3600;
}
