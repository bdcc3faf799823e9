import type { Moc } from '../../../common/moc/moc.ts';
import { writeFitsMoc } from '../../../common/moc/write-fits.ts';
import type { FitsForm } from '../../../common/moc/write-fits.ts';
import { writeAsciiMoc, writeJsonMoc } from '../../../common/moc/write-text.ts';

/** A region as a FITS file in one piece. */
export function fitsMoc(moc: Moc, form?: FitsForm): Buffer {
  return Buffer.concat([...writeFitsMoc(moc, form)].filter((piece) => piece !== undefined));
}

/** The same as text. */
export function asciiMoc(moc: Moc): string {
  return [...writeAsciiMoc(moc)].join('');
}

/** The same as JSON. */
export function jsonMoc(moc: Moc): string {
  return [...writeJsonMoc(moc)].join('');
}
