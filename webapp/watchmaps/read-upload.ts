import { readFile } from 'node:fs/promises';

import { InvalidInputError } from '../../common/errors.ts';
import { readMoc } from '../../common/moc/read-moc.ts';
import type { ReadMoc } from '../../common/moc/read-moc.ts';
import { readInThread } from '../uploads/read-in-thread.ts';
import type { Upload } from '../uploads/upload.ts';

/** Larger files, and packed ones, are read in a thread of their own: it may take seconds. */
const LARGE_BYTES = 256 << 10;

/**
 * Reads a MOC that somebody sent.
 *
 * @throws {InvalidInputError} naming the file, if it is none.
 */
export async function readUploadedMoc({ path, bytes, fileName }: Upload): Promise<ReadMoc> {
  try {
    const file = bytes <= LARGE_BYTES ? await readFile(path) : undefined;
    const isPacked = file?.[0] === 0x1f && file[1] === 0x8b;
    return file !== undefined && !isPacked
      ? readMoc(file)
      : await readInThread<ReadMoc>('webapp/watchmaps/read-worker', { path });
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    const name = fileName === '' ? 'The file' : `“${fileName}”`;
    throw new InvalidInputError(`${name} is not taken. ${err.message}`, { cause: err });
  }
}
