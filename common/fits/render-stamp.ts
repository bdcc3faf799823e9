import sharp from 'sharp';

import { InvalidInputError } from '../errors.ts';
import type { FitsImage } from './image.ts';
import type { StampView } from './stamp-view.ts';
import type { SkyMatrix } from './wcs.ts';

const NEUTRAL_GREY = 128;
const JPEG_QUALITY = 85;
const MAX_SIZE_PX = 2_048;
/** Share of the pixels below black, and above white. */
const BLACK_AT = 0.01;
const WHITE_AT = 0.997;
/** Standard deviation of a normal distribution in units of its median absolute deviation. */
const SIGMA_PER_MAD = 1.4826;
/** Larger numbers are no brightness: ZTF's templates are filled with -3.4e38 where they have no sky. */
const LARGEST_VALUE = 1e20;
/** The last row on top, as FITS files are shown. */
const FILE_ORDER: SkyMatrix = {
  eastPerColumn: -1,
  eastPerRow: 0,
  northPerColumn: 0,
  northPerRow: 1,
};

type Picture = Pick<FitsImage, 'width' | 'height' | 'pixels'>;

/**
 * A stamp as a square grey JPEG, north up and east to the left where that is known, with the source
 * in the middle where that is known, and every pixel of the stamp in it. Grey values follow the
 * inverse hyperbolic sine: linear within the noise, logarithmic above it. Pixels without a value,
 * and what is missing to the square, are of a middle grey; infinite ones are black or white. Pixels are not mixed with each other.
 *
 * @param sizePx - Side of the picture, 1 to 2048.
 * @see Lupton, Gunn & Szalay 1999, AJ 118, 1406.
 */
export async function renderStampJpeg(
  stamp: Picture,
  sizePx: number,
  view: StampView = {},
): Promise<Buffer> {
  if (!(Number.isInteger(sizePx) && sizePx >= 1 && sizePx <= MAX_SIZE_PX)) {
    throw new InvalidInputError(`a picture has 1 to ${MAX_SIZE_PX} pixels a side, not ${sizePx}`);
  }
  const raw = { width: sizePx, height: sizePx, channels: 1 as const };
  return sharp(squareGreys(stamp, sizePx, view), { raw })
    .toColourspace('b-w')
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

/** Grey values from the top row down, each that of the pixel it falls on. */
function squareGreys(stamp: Picture, sizePx: number, view: StampView): Uint8Array {
  const { width, height, pixels } = stamp;
  const { column, row } = view.source ?? { column: (width - 1) / 2, row: (height - 1) / 2 };
  const sky = view.sky ?? FILE_ORDER;
  const side = 2 * reachOf(stamp, column, row, sky);
  const determinant = sky.eastPerColumn * sky.northPerRow - sky.eastPerRow * sky.northPerColumn;
  const greys = greysOf(pixels);
  const square = new Uint8Array(sizePx * sizePx).fill(NEUTRAL_GREY);
  for (let v = 0; v < sizePx; v++) {
    const north = (0.5 - (v + 0.5) / sizePx) * side;
    for (let u = 0; u < sizePx; u++) {
      const east = (0.5 - (u + 0.5) / sizePx) * side;
      const x = column + (sky.northPerRow * east - sky.eastPerRow * north) / determinant;
      const y = row + (sky.eastPerColumn * north - sky.northPerColumn * east) / determinant;
      const [i, j] = [Math.round(x), Math.round(y)];
      if (i < 0 || i >= width || j < 0 || j >= height) continue;
      square[v * sizePx + u] = greys[j * width + i];
    }
  }
  return square;
}

/** How far the stamp reaches from its source to the north, south, east or west, in pixels. */
function reachOf({ width, height }: Picture, column: number, row: number, sky: SkyMatrix): number {
  const corners = [-0.5, width - 0.5].flatMap((x) => [-0.5, height - 0.5].map((y) => [x, y]));
  return corners.reduce((reach, [x, y]) => {
    const [dx, dy] = [x - column, y - row];
    const east = sky.eastPerColumn * dx + sky.eastPerRow * dy;
    const north = sky.northPerColumn * dx + sky.northPerRow * dy;
    return Math.max(reach, Math.abs(east), Math.abs(north));
  }, 0);
}

/** Grey values in the order of the pixels. */
function greysOf(pixels: Float32Array): Uint8Array {
  const greys = new Uint8Array(pixels.length).fill(NEUTRAL_GREY);
  const sorted = pixels.filter((value) => Math.abs(value) < LARGEST_VALUE).sort();
  if (sorted.length === 0) return greys;
  const black = quantile(sorted, BLACK_AT);
  const white = quantile(sorted, WHITE_AT);
  if (!(white > black)) return greys;
  const median = quantile(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  const sigma = SIGMA_PER_MAD * quantile(deviations, 0.5);
  // Bounds keep both noise and a source visible when there is only one of them.
  const softening = Math.min(Math.max((white - black) / (6 * sigma), 1), 300);
  const whole = Math.asinh(softening);
  pixels.forEach((value, i) => {
    if (!(Math.abs(value) < LARGEST_VALUE) && Math.abs(value) !== Infinity) return;
    const share = Math.min(Math.max((value - black) / (white - black), 0), 1);
    greys[i] = Math.round((255 * Math.asinh(softening * share)) / whole);
  });
  return greys;
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}
