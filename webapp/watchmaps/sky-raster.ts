import { cellOfKey } from '../../common/moc/cell-keys.ts';
import { degrade } from '../../common/moc/from-intervals.ts';
import type { Moc } from '../../common/moc/moc.ts';
import { hpx29Halves } from '../../common/astro/healpix.ts';
import { onSkyMap, SKY_HEIGHT, SKY_WIDTH } from '../figures/sky-frame.ts';

/** Cells of this order, half a degree wide, are about as large as two units of the map. */
const ORDER = 7;
const CELLS = 12 * 4 ** ORDER;
/** Bits of the upper half of `hpx29` below those of such a cell. */
const SHIFT = 2 * (29 - ORDER) - 32;
const OUTSIDE = -1;
const DEGREES = 180 / Math.PI;

/** Draws regions on the map of the whole sky. */
export interface SkyRaster {
  /** The path that covers all map units in whose cells the region is. */
  pathOf(moc: Moc): string;
}

/** A raster with a memory: which cell each unit of the map shows is worked out when it is first asked. */
export function createSkyRaster(): SkyRaster {
  let cells: Int32Array | undefined;
  return {
    pathOf(moc) {
      cells ??= cellsOfUnits();
      const isIn = new Uint8Array(CELLS);
      const { bounds } = degrade(moc, ORDER);
      for (let i = 0; i < bounds.length; i += 2) {
        isIn.fill(1, cellOfKey(bounds[i], ORDER), Math.ceil(cellOfKey(bounds[i + 1], ORDER)));
      }
      const shown = cells;
      return runsPath(SKY_WIDTH, SKY_HEIGHT, 1, (x, y) => {
        const cell = shown[y * SKY_WIDTH + x];
        return cell !== OUTSIDE && isIn[cell] === 1;
      });
    },
  };
}

/**
 * A path of the squares of a raster that are in something, as few rectangles of one row each.
 *
 * @param unit - Side of a square.
 */
export function runsPath(
  columns: number,
  rows: number,
  unit: number,
  isIn: (column: number, row: number) => boolean,
): string {
  const runs: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!isIn(column, row)) continue;
      const start = column;
      while (column < columns && isIn(column, row)) column++;
      runs.push(
        `M${start * unit} ${row * unit}h${(column - start) * unit}v${unit}H${start * unit}z`,
      );
    }
  }
  return runs.join('');
}

/** Position that a point of the map of the whole sky shows, degrees; undefined beside the sky. */
function positionOnMap(x: number, y: number): { ra: number; dec: number } | undefined {
  const margin = onSkyMap(0, 90).y;
  const across = (x - SKY_WIDTH / 2) / (SKY_WIDTH / 2 - margin);
  const sine = (SKY_HEIGHT / 2 - y) / (SKY_HEIGHT / 2 - margin);
  const cosine = Math.sqrt(1 - sine * sine);
  if (!(Math.abs(across) <= cosine)) return undefined;
  const theta = Math.asin(sine);
  const ra = 180 - (cosine === 0 ? 0 : (180 * across) / cosine);
  const dec = DEGREES * Math.asin((2 * theta + Math.sin(2 * theta)) / Math.PI);
  return { ra, dec };
}

function cellsOfUnits(): Int32Array {
  const cells = new Int32Array(SKY_WIDTH * SKY_HEIGHT).fill(OUTSIDE);
  for (let y = 0; y < SKY_HEIGHT; y++) {
    for (let x = 0; x < SKY_WIDTH; x++) {
      const position = positionOnMap(x + 0.5, y + 0.5);
      if (position === undefined) continue;
      cells[y * SKY_WIDTH + x] = hpx29Halves(position.ra, position.dec).high >>> SHIFT;
    }
  }
  return cells;
}
