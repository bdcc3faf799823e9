import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { InvalidInputError, UpstreamError } from '../../common/errors.ts';
import { readMoc } from '../../common/moc/read-moc.ts';
import type { ReadMoc } from '../../common/moc/read-moc.ts';
import { startWorker } from '../../common/start-worker.ts';
import type { Upload } from '../uploads/upload.ts';

/** What the thread answers that reads large files. */
export type ReadAnswer = ReadMoc | { problem: string };

/** Larger files, and packed ones, are read in a thread of their own: it may take seconds. */
const LARGE_BYTES = 256 << 10;
const LONGEST_MS = 60_000;

/**
 * Reads a MOC that somebody sent.
 *
 * @throws {InvalidInputError} naming the file, if it is none.
 */
export async function readUploadedMoc({ path, bytes, fileName }: Upload): Promise<ReadMoc> {
  try {
    const file = bytes <= LARGE_BYTES ? await readFile(path) : undefined;
    const isPacked = file?.[0] === 0x1f && file[1] === 0x8b;
    return file !== undefined && !isPacked ? readMoc(file) : await readInThread(path);
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    const name = fileName === '' ? 'The file' : `“${fileName}”`;
    throw new InvalidInputError(`${name} is not taken. ${err.message}`, { cause: err });
  }
}

async function readInThread(path: string): Promise<ReadMoc> {
  const worker = startWorker('webapp/watchmaps/read-worker', { path });
  try {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const [answer] = (await once(worker, 'message', { signal })) as [ReadAnswer];
    if ('problem' in answer) throw new InvalidInputError(answer.problem);
    return answer;
  } catch (err) {
    if (err instanceof InvalidInputError) throw err;
    throw new UpstreamError('the file could not be read', { cause: err });
  } finally {
    await worker.terminate();
  }
}
