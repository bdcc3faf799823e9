import sharp from 'sharp';

import { InvalidInputError } from '../errors.ts';
import type { FitsImage } from './image.ts';

const NEUTRAL_GREY = 128;
const JPEG_QUALITY = 85;
const MAX_SIZE_PX = 2_048;
/** Share of the pixels below black, and above white. */
const BLACK_AT = 0.01;
const WHITE_AT = 0.997;
/** Standard deviation of a normal distribution in units of its median absolute deviation. */
const SIGMA_PER_MAD = 1.4826;

/**
 * A stamp as a square grey JPEG with the last row of the file on top, as astronomers show FITS. Grey
 * values follow the inverse hyperbolic sine: linear within the noise, logarithmic above it. Pixels
 * without a value, and what is missing to a square, are of a middle grey.
 *
 * @param sizePx - Side of the picture, 1 to 2048.
 * @see Lupton, Gunn & Szalay 1999, AJ 118, 1406.
 */
export async function renderStampJpeg(
  stamp: Pick<FitsImage, 'width' | 'height' | 'pixels'>,
  sizePx: number,
): Promise<Buffer> {
  if (!(Number.isInteger(sizePx) && sizePx >= 1 && sizePx <= MAX_SIZE_PX)) {
    throw new InvalidInputError(`a picture has 1 to ${MAX_SIZE_PX} pixels a side, not ${sizePx}`);
  }
  const side = Math.max(stamp.width, stamp.height);
  const picture = sharp(squareGreys(stamp), { raw: { width: side, height: side, channels: 1 } });
  return picture
    .resize(sizePx, sizePx, { kernel: 'nearest' })
    .toColourspace('b-w')
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

/** Grey values from the top row down, the stamp in the middle of a square. */
function squareGreys({
  width,
  height,
  pixels,
}: Pick<FitsImage, 'width' | 'height' | 'pixels'>): Uint8Array {
  const side = Math.max(width, height);
  const left = (side - width) >> 1;
  const bottom = (side - height) >> 1;
  const grey = stretchOf(pixels);
  const square = new Uint8Array(side * side).fill(NEUTRAL_GREY);
  for (let row = 0; row < height; row++) {
    const target = (side - 1 - bottom - row) * side + left;
    for (let column = 0; column < width; column++) {
      square[target + column] = grey(pixels[row * width + column]);
    }
  }
  return square;
}

function stretchOf(pixels: Float32Array): (value: number) => number {
  const sorted = pixels.filter(Number.isFinite).sort();
  if (sorted.length === 0) return () => NEUTRAL_GREY;
  const black = quantile(sorted, BLACK_AT);
  const white = quantile(sorted, WHITE_AT);
  if (!(white > black)) return () => NEUTRAL_GREY;
  const median = quantile(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  const sigma = SIGMA_PER_MAD * quantile(deviations, 0.5);
  // Bounds keep both noise and a source visible when there is only one of them.
  const softening = Math.min(Math.max((white - black) / (6 * sigma), 1), 300);
  const whole = Math.asinh(softening);
  return (value) => {
    if (Number.isNaN(value)) return NEUTRAL_GREY;
    const share = Math.min(Math.max((value - black) / (white - black), 0), 1);
    return Math.round((255 * Math.asinh(softening * share)) / whole);
  };
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}
