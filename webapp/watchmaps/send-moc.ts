import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Response } from 'express';

import type { Moc } from '../../common/moc/moc.ts';
import { writeFitsMoc } from '../../common/moc/write-fits.ts';
import { writeAsciiMoc, writeJsonMoc } from '../../common/moc/write-text.ts';
import { sendPieces } from '../lists/send-pieces.ts';

/** Forms in which what a watchmap covers is sent. */
export const MOC_FORMATS = ['fits', 'ascii', 'json'] as const;
export type MocFormat = (typeof MOC_FORMATS)[number];

type Piece = string | Uint8Array;

const FILES: Record<
  MocFormat,
  { mediaType: string; ending: string; write: (moc: Moc) => Iterable<Piece | undefined> }
> = {
  fits: { mediaType: 'application/fits', ending: 'fits', write: (moc) => writeFitsMoc(moc) },
  ascii: { mediaType: 'text/plain; charset=utf-8', ending: 'txt', write: writeAsciiMoc },
  json: { mediaType: 'application/json', ending: 'json', write: writeJsonMoc },
};

/**
 * Sends what a watchmap covers as a file, in portions between which others are served.
 *
 * @throws {InvalidInputError} if it takes too many cells for a text.
 */
export async function sendMoc(
  res: Response,
  watchmapId: number,
  moc: Moc,
  format: MocFormat,
): Promise<void> {
  const { mediaType, ending, write } = FILES[format];
  const pieces = inTurns(write(moc));
  // Refused before anything is sent.
  const first = await pieces.next();
  async function* all(): AsyncGenerator<Piece, void, void> {
    if (first.done !== true) yield first.value;
    yield* pieces;
  }
  await sendPieces(res, { mediaType, fileName: `watchmap-${watchmapId}.${ending}` }, all());
}

async function* inTurns(pieces: Iterable<Piece | undefined>): AsyncGenerator<Piece, void, void> {
  for (const piece of pieces) {
    await nextTurn();
    if (piece !== undefined) yield piece;
  }
}
