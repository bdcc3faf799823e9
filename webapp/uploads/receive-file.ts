import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Response } from 'express';

import { InvalidInputError } from '../../common/errors.ts';
import { MAX_FILE_BYTES } from './upload.ts';
import type { Upload } from './upload.ts';

const MEGABYTE = 2 ** 20;

/**
 * Writes what comes to a file of its own, in flat memory, and sees to it that the file goes with the
 * answer, however that ends.
 *
 * @throws {InvalidInputError} if it is longer than may be.
 */
export async function receiveFile(
  res: Response,
  content: Readable,
  fileName: string,
): Promise<Upload> {
  const folder = join(tmpdir(), 'glint-uploads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, randomBytes(16).toString('hex'));
  forget(res, path);
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > MAX_FILE_BYTES ? tooLarge() : null, chunk);
    },
  });
  const file = createWriteStream(path, { mode: 0o600, flags: 'wx' });
  try {
    await pipeline(content, counter, file);
  } finally {
    // It may have been made after the answer had ended, when there was nothing to remove yet.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', resolve));
    if (res.closed) await rm(path, { force: true });
  }
  return { fileName: cleanName(fileName), path, bytes };
}

/** Removes a file when the answer is finished or nobody waits for it. */
export function forget(res: Response, path: string): void {
  const remove = () => {
    // Nobody can do anything about one that cannot be removed; the system clears its folder.
    rm(path, { force: true }).catch(() => undefined);
  };
  if (res.closed) remove();
  else res.once('close', remove);
}

function tooLarge(): InvalidInputError {
  return new InvalidInputError(
    `The file is larger than ${MAX_FILE_BYTES / MEGABYTE} MB, which is the most that is taken: leave out columns that are not needed, or pack it with gzip.`,
  );
}

function cleanName(name: string): string {
  return name.replace(/\p{Cc}/gu, '').slice(-200);
}
