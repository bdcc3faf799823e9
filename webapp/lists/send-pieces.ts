import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Response } from 'express';

/** Who takes nothing for so long is gone. */
const STALL_MS = 60_000;

/**
 * Streams a file as fast as it is taken. When it fails on the way the connection is reset: a short file
 * never looks like a whole one.
 */
export async function sendPieces(
  res: Response,
  file: { mediaType: string; fileName: string | undefined },
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  if (file.fileName !== undefined) res.attachment(file.fileName);
  res.set('Content-Type', file.mediaType);
  res.set('Cache-Control', 'private, no-store');
  if (res.req.method === 'HEAD') {
    res.end();
    return;
  }
  res.setTimeout(STALL_MS, () => res.destroy());
  try {
    await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 2 }), res);
  } catch (err) {
    // Whoever went away is not to be told, and it is no failure of ours.
    if ((err as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw err;
  }
}
