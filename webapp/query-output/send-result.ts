import type { Response } from 'express';

import type { ResultFormat } from '../../common/formats/result-formats.ts';
import type { OpenResult } from './open-result.ts';

/** Who takes nothing for so long is gone: a query must not wait for them on the server. */
const STALL_MS = 60_000;

/** Header that says how many rows an answer may have: exactly so many may mean that there are more. */
export const ROW_LIMIT_HEADER = 'Glint-Row-Limit';

/**
 * Streams a result as fast as it is taken, in flat memory, and closes it. When the query fails on the
 * way the connection is reset, in every format: a short file never looks like a whole one.
 *
 * @param limit - Rows that it may have.
 * @throws what the query throws.
 */
export async function sendResult(
  res: Response,
  result: OpenResult,
  format: Pick<ResultFormat, 'mediaType' | 'write'>,
  limit: number,
): Promise<void> {
  res.status(200);
  res.set('Content-Type', format.mediaType);
  res.set(ROW_LIMIT_HEADER, String(limit));
  if (res.getHeader('Cache-Control') === undefined) res.set('Cache-Control', 'private, no-store');
  try {
    for await (const piece of format.write(result)) {
      if (res.destroyed || res.req.method === 'HEAD') break;
      if (!res.write(piece)) await taken(res);
    }
    res.end();
  } catch (err) {
    // Nobody is there to be told; the query was ended because of that.
    if (res.destroyed) return;
    // An end without a reset is how an answer of HTTP/1.0 ends when it is whole.
    res.socket?.resetAndDestroy();
    throw err;
  } finally {
    await result.close();
  }
}

/** Until there is room for more, or nobody who takes it. */
function taken(res: Response): Promise<void> {
  return new Promise((resolve) => {
    // Destroying it closes it.
    const timer = setTimeout(() => res.destroy(), STALL_MS);
    const done = () => {
      clearTimeout(timer);
      res.removeListener('drain', done);
      res.removeListener('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
    // It may have closed before anybody listened.
    if (res.destroyed) done();
  });
}
