import { gunzipSync } from 'node:zlib';

import { InvalidInputError } from '../errors.ts';
import { readFitsMoc } from './read-fits.ts';
import { readAsciiMoc, readJsonMoc } from './read-text.ts';
import type { Moc } from './moc.ts';

/** Larger files are not taken, packed or not: two million ranges as FITS, and some room. */
export const MAX_MOC_BYTES = 40 << 20;

/** What other files begin with, and what they are. */
const OTHER_FILES: readonly (readonly [start: string, name: string])[] = [
  ['89504e47', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['25504446', 'a PDF document'],
  ['504b0304', 'a zip archive: unpack it first'],
  ['425a68', 'packed with bzip2: unpack it first'],
  ['fd377a585a00', 'packed with xz: unpack it first'],
  ['28b52ffd', 'packed with zstd: unpack it first'],
  ['3c', 'XML or HTML'],
];

/** A region as a file gives it. */
export interface ReadMoc {
  moc: Moc;
  format: 'FITS' | 'JSON' | 'ASCII';
  /** Whether cells of it lay upon each other, which the standard forbids: they count once. */
  hadOverlaps: boolean;
}

/**
 * Reads a MOC in any of the forms that are in use: FITS, text or JSON, also packed with gzip. Cells
 * may come in any order and overlap: what they cover together is the region.
 *
 * @throws {InvalidInputError} saying what the file is instead, or what is wrong in it.
 */
export function readMoc(file: Buffer): ReadMoc {
  const bytes = unpacked(file);
  if (bytes.length > MAX_MOC_BYTES) throw tooLarge();
  const start = bytes.toString('latin1', 0, 80).trimStart();
  if (start === '') throw new InvalidInputError('It is empty.');
  if (start.startsWith('SIMPLE  =')) return { ...readFitsMoc(bytes), format: 'FITS' };
  const other = OTHER_FILES.find(([magic]) => bytes.toString('hex', 0, 6).startsWith(magic));
  if (other !== undefined) throw new InvalidInputError(`It is ${other[1]}, not a MOC.`);
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (/^\s*\{/.test(text)) return { ...readJsonMoc(text), format: 'JSON' };
  if (/^\s*s?\d+\s*\//.test(text)) return { ...readAsciiMoc(text), format: 'ASCII' };
  if (/^\s*t\d+\s*\//.test(text) || /^\s*\[/.test(text)) {
    throw new InvalidInputError('It is a MOC of time, or of space and time: a region is of space.');
  }
  throw new InvalidInputError(
    'It is no MOC: neither FITS, nor text like 5/1-3 6/29, nor JSON like {"5": [1, 2, 3]}.',
  );
}

function unpacked(file: Buffer): Buffer {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file, { maxOutputLength: MAX_MOC_BYTES });
  } catch (err) {
    if ((err as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new InvalidInputError('It is packed with gzip, and damaged or cut short.', {
      cause: err,
    });
  }
}

function tooLarge(): InvalidInputError {
  return new InvalidInputError(
    `It has more than ${MAX_MOC_BYTES >> 20} MB: degrade it to a coarser order.`,
  );
}
