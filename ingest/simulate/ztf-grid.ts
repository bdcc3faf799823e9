import { ZTF_FIELDS } from '../../common/astro/ztf-fields.ts';
import { toTangentPlane } from './sky-geometry.ts';
import type { SkyPoint } from './sky-geometry.ts';

export interface GridField extends SkyPoint {
  field: number;
}

/** Fields that Palomar sees well: of the primary grid, and of the one that covers its gaps. */
export const PRIMARY_FIELDS = fieldsBetween(245, 868);
export const SECONDARY_FIELDS = fieldsBetween(1240, 1880);

function fieldsBetween(first: number, last: number): GridField[] {
  return [...ZTF_FIELDS.values()].filter(({ field }) => field >= first && field <= last);
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

/**
 * A position on the camera: readout channel (0 to 63) and pixels from its corner, columns to the west
 * and rows to the south.
 */
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
    east: CCD_EAST[ccd & 3] + left * HALF_QUADRANT + (0.5 - x / QUADRANT_WIDTH) * 2 * HALF_QUADRANT,
    north:
      CCD_NORTH[ccd >> 2] + up * HALF_QUADRANT + (0.5 - y / QUADRANT_HEIGHT) * 2 * HALF_QUADRANT,
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
    x: (0.5 - (dEast - left * HALF_QUADRANT) / (2 * HALF_QUADRANT)) * QUADRANT_WIDTH,
    y: (0.5 - (dNorth - up * HALF_QUADRANT) / (2 * HALF_QUADRANT)) * QUADRANT_HEIGHT,
  };
}
