import type { FitsImage } from './image.ts';
import { referencePixel, skyMatrix } from './wcs.ts';
import type { SkyMatrix } from './wcs.ts';

/** How a stamp is to be shown. */
export interface StampView {
  /** Goes to the middle of the picture: column and row counted from 0 at the middle of a pixel. */
  source?: { column: number; row: number };
  /** North is put up and east to the left; without it the last row is on top. */
  sky?: SkyMatrix;
}

/** Pixels of a ZTF stamp to each side of that of the source, where the channel goes on so far. */
const ZTF_HALF = 31;

/**
 * ZTF's stamps have no coordinates. On all its readout channels columns run to the west and rows to
 * the south: measured on the positions and pixels of real alerts, 1.01 arcsec a pixel each.
 */
const ZTF_SKY: SkyMatrix = { eastPerColumn: -1, eastPerRow: 0, northPerColumn: 0, northPerRow: -1 };

/**
 * A stamp of ZTF: 63 x 63 pixels about that of the source, cut off where the readout channel ends.
 *
 * @param place - `xpos` and `ypos` of the candidate: pixels from the channel's corner. Without them,
 *   or if the stamp is not what would be there, one that is cut off is shown in the middle.
 */
export function ztfStampView(
  { width, height }: Pick<FitsImage, 'width' | 'height'>,
  place: { x: number; y: number } | null,
): StampView {
  const column = sourceAt(width, place?.x);
  const row = sourceAt(height, place?.y);
  return column === undefined || row === undefined
    ? { sky: ZTF_SKY }
    : { sky: ZTF_SKY, source: { column, row } };
}

/** Where along an axis the source's pixel is; undefined if that cannot be told. */
function sourceAt(length: number, position: number | undefined): number | undefined {
  const whole = 2 * ZTF_HALF + 1;
  if (length === whole) return ZTF_HALF;
  if (position === undefined || !(length > ZTF_HALF && length < whole)) return undefined;
  const before = Math.floor(position);
  if (before >= ZTF_HALF) return ZTF_HALF;
  return length === before + 1 + ZTF_HALF ? before : undefined;
}

/** A stamp of Rubin: its coordinates say where the source and where north is. */
export function lsstStampView({ width, height, header }: FitsImage): StampView {
  const pixel = referencePixel(header);
  const isInside =
    pixel !== undefined &&
    pixel.column > -1 &&
    pixel.column < width &&
    pixel.row > -1 &&
    pixel.row < height;
  const sky = skyMatrix(header);
  return { ...(isInside && { source: pixel }), ...(sky && { sky }) };
}
