import type { Response } from 'express';

import type { Moc } from '../../common/moc/moc.ts';
import { writeFitsMoc } from '../../common/moc/write-fits.ts';
import { writeAsciiMoc, writeJsonMoc } from '../../common/moc/write-text.ts';

/** Forms in which what a watchmap covers is sent. */
export const MOC_FORMATS = ['fits', 'ascii', 'json'] as const;
export type MocFormat = (typeof MOC_FORMATS)[number];

const FILES: Record<MocFormat, { mediaType: string; ending: string }> = {
  fits: { mediaType: 'application/fits', ending: 'fits' },
  ascii: { mediaType: 'text/plain; charset=utf-8', ending: 'txt' },
  json: { mediaType: 'application/json', ending: 'json' },
};

/**
 * Sends what a watchmap covers as a file.
 *
 * @throws {InvalidInputError} if it takes too many cells for a text.
 */
export function sendMoc(res: Response, watchmapId: number, moc: Moc, format: MocFormat): void {
  const { mediaType, ending } = FILES[format];
  const file =
    format === 'fits'
      ? writeFitsMoc(moc)
      : Buffer.from(format === 'ascii' ? writeAsciiMoc(moc) : writeJsonMoc(moc));
  res.attachment(`watchmap-${watchmapId}.${ending}`);
  res.set('Content-Type', mediaType);
  res.set('Cache-Control', 'private, no-cache');
  res.send(file);
}
