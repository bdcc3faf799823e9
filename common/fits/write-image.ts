import { InvalidInputError } from '../errors.ts';
import type { CardValue } from './header.ts';
import { BLOCK_BYTES, CARD_BYTES } from './header.ts';

/** One line of a header. */
export interface FitsCard {
  /** At most eight of A-Z, 0-9, - and _. */
  name: string;
  value: CardValue;
  comment?: string;
}

/** An image to be written. */
export interface FitsImageContent {
  /** Row by row; NaN stands for no value. */
  pixels: Float32Array;
  width: number;
  height: number;
  /** What the header says beyond the layout of the image. */
  cards?: readonly FitsCard[];
}

/**
 * One 32-bit floating-point image as a FITS file.
 *
 * @throws {InvalidInputError} if the pixels are not width times height, or a card cannot be written.
 */
export function writeFitsImage(
  pixels: Float32Array,
  width: number,
  height: number,
  cards: readonly FitsCard[] = [],
): Buffer {
  return writeFitsImages([{ pixels, width, height, cards }]);
}

/**
 * A FITS file of several images: the first is the primary one, the others are extensions.
 *
 * @throws {InvalidInputError} as `writeFitsImage`.
 * @see The FITS Standard, version 4.0, sections 4 and 7.1.
 */
export function writeFitsImages(images: readonly FitsImageContent[]): Buffer {
  const headers = images.map((image, i) => headerText(image, i === 0));
  const sizes = images.map((image, i) => headers[i].length + toBlocks(4 * image.pixels.length));
  const file = Buffer.alloc(sizes.reduce((sum, size) => sum + size, 0));
  let position = 0;
  for (const [i, { pixels }] of images.entries()) {
    file.write(headers[i], position, 'latin1');
    const data = file.subarray(position + headers[i].length, position + sizes[i]);
    const raw = data.subarray(0, 4 * pixels.length);
    raw.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
    raw.swap32();
    position += sizes[i];
  }
  return file;
}

function headerText({ pixels, width, height, cards = [] }: FitsImageContent, isFirst: boolean) {
  if (pixels.length !== width * height) {
    throw new InvalidInputError(`${pixels.length} pixels are not ${width} x ${height}`);
  }
  let text = isFirst ? cardText('SIMPLE', true) : cardText('XTENSION', 'IMAGE');
  text += cardText('BITPIX', -32);
  text += cardText('NAXIS', 2);
  text += cardText('NAXIS1', width);
  text += cardText('NAXIS2', height);
  text += isFirst ? cardText('EXTEND', true) : cardText('PCOUNT', 0) + cardText('GCOUNT', 1);
  for (const { name, value, comment } of cards) text += cardText(name, value, comment);
  text += 'END';
  return text.padEnd(toBlocks(text.length));
}

function cardText(name: string, value: CardValue, comment?: string): string {
  if (!/^[A-Z0-9_-]{1,8}$/.test(name)) throw new InvalidInputError(`${name} is no FITS keyword`);
  const written = `${name.padEnd(8)}= ${valueText(name, value)}`;
  const line = comment === undefined ? written : `${written} / ${comment}`;
  if (written.length > CARD_BYTES || !/^[\x20-\x7e]*$/.test(line)) {
    throw new InvalidInputError(`the value of ${name} does not fit a FITS header`);
  }
  return line.slice(0, CARD_BYTES).padEnd(CARD_BYTES);
}

function valueText(name: string, value: CardValue): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''").padEnd(8)}'`.padEnd(20);
  if (typeof value === 'boolean') return (value ? 'T' : 'F').padStart(20);
  if (!Number.isFinite(value))
    throw new InvalidInputError(`FITS has no way to write ${value} as ${name}`);
  return String(value).toUpperCase().padStart(20);
}

function toBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
