import type { Response } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import type { Moc } from '../../common/moc/moc.ts';
import { readMoc } from '../../common/moc/read-moc.ts';
import { applyShapes, ShapesSchema } from '../../common/moc/shapes.ts';
import { uploadOf } from '../uploads/upload.ts';
import { readUploadedMoc } from '../watchmaps/read-upload.ts';
import { FORM_SWITCHES, FORM_TEXTS, JSON_SWITCHES, jsonTexts, missingList } from './list-fields.ts';
import { numberInPath } from './page-fields.ts';

/** Longer ones come as files. */
const MAX_MOC_TEXT = 5_000_000;

export const WatchmapId = z.strictObject({ id: numberInPath('Number of the watchmap.') });
export const MISSING = missingList('watchmap');

export const FORM_SETTINGS = { ...FORM_TEXTS, ...FORM_SWITCHES };
export const JSON_SETTINGS = { ...jsonTexts('My field'), ...JSON_SWITCHES };
export const JSON_REGION = {
  shapes: ShapesSchema.optional().meta({
    description:
      'Shapes one after the other, each joined or (use: subtract) taken away: {"kind": "circle", "ra", "dec", "radius"}, {"kind": "polygon", "vertices": [[ra, dec], …]}, {"kind": "box", "ra", "dec", "width", "height", "angle"}, {"kind": "limits", "raFrom", "raTo", "decFrom", "decTo"}. Degrees.',
  }),
  moc: z.string().max(MAX_MOC_TEXT).optional().meta({
    description: 'A MOC as text, 5/1-3 6/29, or as JSON. With shapes, what they are joined to.',
    example: '5/1-3 8 6/29',
  }),
};
export const MOC_FILES = [
  {
    mediaType: 'application/fits',
    description:
      'The MOC as a file: FITS, text or JSON, packed with gzip or not; what it is, is told by its content and not by the media type. The other members stand in the address: ?name=…',
  },
  {
    mediaType: 'multipart/form-data',
    description: 'A form with one file and the other members as fields.',
  },
];

/**
 * The region that a request brings, as a file, as text or as shapes.
 *
 * @throws {InvalidInputError} if there is none, or it cannot be read.
 */
export async function readRegion(
  res: Response,
  { shapes, moc }: { shapes?: z.infer<typeof ShapesSchema>; moc?: string },
): Promise<Moc> {
  const upload = uploadOf(res);
  if (upload !== undefined) return (await readUploadedMoc(upload)).moc;
  const written = moc === undefined ? undefined : readMoc(Buffer.from(moc)).moc;
  if (shapes !== undefined) return applyShapes(shapes, written);
  if (written === undefined) throw new InvalidInputError('Send shapes, a moc, or a file of one.');
  return written;
}
