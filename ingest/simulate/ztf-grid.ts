import { toTangentPlane } from './sky-geometry.ts';
import type { SkyPoint } from './sky-geometry.ts';

export interface GridField extends SkyPoint {
  field: number;
}

/** Rows of ZTF's field grid: first field, number of fields, declination, RA of first and last. */
const PRIMARY_ROWS = [
  [245, 49, -24.25, 1.16, 353.77],
  [294, 51, -17.05, 1.63, 354.55],
  [345, 51, -9.85, 5.2, 358.15],
  [396, 51, -2.65, 1.71, 354.68],
  [447, 52, 4.55, 5.24, 358.23],
  [499, 51, 11.75, 1.77, 354.79],
  [550, 50, 18.95, 1.38, 354.13],
  [600, 48, 26.15, 0.96, 353.44],
  [648, 46, 33.35, 0.57, 352.79],
  [694, 42, 40.55, 3.47, 355.04],
  [736, 37, 47.75, 2.21, 352.18],
  [773, 33, 54.95, 6.95, 356.36],
  [806, 27, 62.15, 6.67, 353.33],
  [833, 21, 69.35, 8.57, 351.43],
  [854, 15, 76.55, 12, 348],
] as const;

/** The grid shifted by half a field that covers the first one's gaps. */
const SECONDARY_ROWS = [
  [1240, 47, -27.85, 4.69, 357.12],
  [1287, 50, -20.65, 5.02, 358.08],
  [1337, 52, -13.45, 5.33, 358.38],
  [1389, 52, -6.25, 1.89, 354.97],
  [1441, 52, 0.95, 5.37, 358.48],
  [1493, 52, 8.15, 1.96, 355.1],
  [1545, 51, 15.35, 1.58, 354.46],
  [1596, 49, 22.55, 1.17, 353.78],
  [1645, 47, 29.75, 0.76, 353.1],
  [1692, 43, 36.95, 3.87, 355.49],
  [1735, 39, 44.15, 7.65, 358.27],
  [1774, 35, 51.35, 2.42, 352.41],
  [1809, 30, 58.55, 7.2, 354.99],
  [1839, 24, 65.75, 8.91, 353.88],
  [1863, 18, 72.95, 12.48, 352.44],
] as const;

/** Centres of the primary fields that Palomar sees well. */
export const PRIMARY_FIELDS = fieldsOf(PRIMARY_ROWS);
export const SECONDARY_FIELDS = fieldsOf(SECONDARY_ROWS);

function fieldsOf(rows: typeof PRIMARY_ROWS | typeof SECONDARY_ROWS): GridField[] {
  return rows.flatMap(([first, count, dec, raFirst, raLast]) =>
    Array.from({ length: count }, (_, n) => ({
      field: first + n,
      ra: raFirst + (n * (raLast - raFirst)) / (count - 1),
      dec,
    })),
  );
}

/** Arcseconds a pixel. */
export const ZTF_PIXEL_SCALE = 1.012;
/** Pixels of a readout channel. */
export const QUADRANT_WIDTH = 3072;
export const QUADRANT_HEIGHT = 3080;

/** Centres of the CCD columns (to the east) and rows (to the north) on the focal plane, degrees. */
const CCD_EAST = [2.782, 0.926, -0.926, -2.782];
const CCD_NORTH = [-2.867, -0.954, 0.954, 2.867];
const HALF_QUADRANT = 0.4318;

/** A position on the camera: readout channel (0 to 63) and pixels from its corner. */
export interface CameraPosition {
  rcid: number;
  x: number;
  y: number;
}

/** Focal-plane offsets, degrees to the east and north of the field's centre. */
export function focalPlaneOf({ rcid, x, y }: CameraPosition): { east: number; north: number } {
  const ccd = rcid >> 2;
  const [left, up] = QUADRANT_SIGNS[rcid & 3];
  return {
    east: CCD_EAST[ccd & 3] + left * HALF_QUADRANT + (x / QUADRANT_WIDTH - 0.5) * 2 * HALF_QUADRANT,
    north:
      CCD_NORTH[ccd >> 2] + up * HALF_QUADRANT + (y / QUADRANT_HEIGHT - 0.5) * 2 * HALF_QUADRANT,
  };
}
const QUADRANT_SIGNS = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
] as const;

/** Where the camera pointed at a field sees a position; nothing in the gaps between CCDs. */
export function cameraPositionOf(field: SkyPoint, point: SkyPoint): CameraPosition | undefined {
  const { east, north } = toTangentPlane(field, point);
  const column = CCD_EAST.findIndex((centre) => Math.abs(east - centre) < 2 * HALF_QUADRANT);
  const row = CCD_NORTH.findIndex((centre) => Math.abs(north - centre) < 2 * HALF_QUADRANT);
  if (column < 0 || row < 0) return undefined;
  const [dEast, dNorth] = [east - CCD_EAST[column], north - CCD_NORTH[row]];
  const [left, up] = [dEast >= 0 ? 1 : -1, dNorth >= 0 ? 1 : -1];
  const quadrant = QUADRANT_SIGNS.findIndex(([l, u]) => l === left && u === up);
  return {
    rcid: (row * 4 + column) * 4 + quadrant,
    x: ((dEast - left * HALF_QUADRANT) / (2 * HALF_QUADRANT) + 0.5) * QUADRANT_WIDTH,
    y: ((dNorth - up * HALF_QUADRANT) / (2 * HALF_QUADRANT) + 0.5) * QUADRANT_HEIGHT,
  };
}
