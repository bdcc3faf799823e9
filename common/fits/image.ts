import { gunzipSync } from 'node:zlib';

import { describeError, InvalidInputError } from '../errors.ts';
import type { CardValue } from './header.ts';
import { BLOCK_BYTES, readHeader } from './header.ts';

/** Longest a stamp may be when it is decompressed; real ones have 17 to 120 kB. */
const MAX_BYTES = 16 << 20;
const MAX_HDUS = 32;

export interface FitsImage {
  width: number;
  height: number;
  /** Row by row in the order of the file: the first row is the lowest of the sky picture. */
  pixels: Float32Array;
  header: Map<string, CardValue>;
}

/** A survey's picture of one detection. */
export interface Stamp extends FitsImage {
  /** The images behind the first: for Rubin the variance and the point-spread function. */
  otherHdus: FitsImage[];
}

/** How the pixels of a BITPIX are read: bytes of one, and its number. */
const PIXEL_KINDS: Record<number, { size: number; read: (view: DataView, at: number) => number }> =
  {
    8: { size: 1, read: (view, at) => view.getUint8(at) },
    16: { size: 2, read: (view, at) => view.getInt16(at) },
    32: { size: 4, read: (view, at) => view.getInt32(at) },
    64: { size: 8, read: (view, at) => Number(view.getBigInt64(at)) },
    [-32]: { size: 4, read: (view, at) => view.getFloat32(at) },
    [-64]: { size: 8, read: (view, at) => view.getFloat64(at) },
  };

/**
 * Reads a stamp as the surveys send it: FITS, with or without gzip around it. Blank pixels are NaN;
 * BSCALE and BZERO are applied.
 *
 * @param bytes - ZTF: gzip, one image of 63 x 63 or fewer. Rubin: plain, three images.
 * @throws {InvalidInputError} if it is not FITS, is cut short, or holds no image of two axes.
 * @see The FITS Standard, version 4.0, sections 3 to 5 and 7.1.
 */
export function readStamp(bytes: Buffer): Stamp {
  try {
    const [first, ...otherHdus] = readImages(uncompressed(bytes));
    if (first === undefined) throw new InvalidInputError('it holds no image of two axes');
    return { ...first, otherHdus };
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    throw new InvalidInputError(`the stamp cannot be read: ${describeError(err)}`);
  }
}

function uncompressed(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (err) {
    throw new InvalidInputError('its gzip is damaged', { cause: err });
  }
}

function readImages(bytes: Buffer): FitsImage[] {
  if (bytes.toString('latin1', 0, 9) !== 'SIMPLE  =') throw new InvalidInputError('it is not FITS');
  const images: FitsImage[] = [];
  let position = 0;
  for (let hdu = 0; hdu < MAX_HDUS && position < bytes.length; hdu++) {
    // Whatever stands behind the last extension is no part of the file.
    if (hdu > 0 && bytes.toString('latin1', position, position + 9) !== 'XTENSION=') break;
    const { cards, dataStart } = readHeader(bytes, position);
    const axes = axesOf(cards);
    const length = dataBytes(cards, axes);
    if (dataStart + length > bytes.length) throw new InvalidInputError('it is cut short');
    if (isPlaneImage(cards, axes)) images.push(readImage(bytes, cards, axes, dataStart));
    position = dataStart + Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return images;
}

/** Axes beyond the second may be there if they are of length 1. */
function isPlaneImage(cards: Map<string, CardValue>, axes: number[]): boolean {
  const extension = cards.get('XTENSION');
  return (
    (extension === undefined || extension === 'IMAGE') &&
    axes.length >= 2 &&
    axes[0] * axes[1] > 0 &&
    axes.slice(2).every((axis) => axis === 1)
  );
}

function readImage(
  bytes: Buffer,
  header: Map<string, CardValue>,
  [width, height]: number[],
  start: number,
): FitsImage {
  const bitpix = wholeNumber(header, 'BITPIX');
  const { size, read } = PIXEL_KINDS[bitpix];
  // A damaged group count hides from the length of the data how many pixels there are.
  if (start + width * height * size > bytes.length) throw new InvalidInputError('it is cut short');
  const pixels = new Float32Array(width * height);
  const scale = realNumber(header, 'BSCALE', 1);
  const zero = realNumber(header, 'BZERO', 0);
  if (bitpix === -32 && scale === 1 && zero === 0) {
    const raw = Buffer.from(pixels.buffer);
    bytes.copy(raw, 0, start, start + raw.length);
    raw.swap32();
    return { width, height, pixels, header };
  }
  const blank = bitpix > 0 ? realNumber(header, 'BLANK', NaN) : NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < pixels.length; i++) {
    const stored = read(view, start + i * size);
    pixels[i] = stored === blank ? NaN : stored * scale + zero;
  }
  return { width, height, pixels, header };
}

function axesOf(cards: Map<string, CardValue>): number[] {
  const count = wholeNumber(cards, 'NAXIS');
  if (count < 0 || count > 999) throw new InvalidInputError(`it has ${count} axes`);
  return Array.from({ length: count }, (_, i) => {
    const axis = wholeNumber(cards, `NAXIS${i + 1}`);
    if (axis < 0) throw new InvalidInputError(`its axis ${i + 1} has the length ${axis}`);
    return axis;
  });
}

function dataBytes(cards: Map<string, CardValue>, axes: number[]): number {
  const bitpix = wholeNumber(cards, 'BITPIX');
  if (!(bitpix in PIXEL_KINDS)) throw new InvalidInputError(`its BITPIX is ${bitpix}`);
  if (axes.length === 0) return 0;
  const groups = cards.has('GCOUNT') ? wholeNumber(cards, 'GCOUNT') : 1;
  const parameters = cards.has('PCOUNT') ? wholeNumber(cards, 'PCOUNT') : 0;
  const elements = axes.reduce((product, axis) => product * axis, 1);
  const length = PIXEL_KINDS[bitpix].size * groups * (parameters + elements);
  if (!(length >= 0)) throw new InvalidInputError('its header gives no size');
  return length;
}

function wholeNumber(cards: Map<string, CardValue>, name: string): number {
  const value = cards.get(name);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new InvalidInputError(`its header has no whole number as ${name}`);
  }
  return value;
}

function realNumber(cards: Map<string, CardValue>, name: string, otherwise: number): number {
  const value = cards.get(name);
  return typeof value === 'number' ? value : otherwise;
}
