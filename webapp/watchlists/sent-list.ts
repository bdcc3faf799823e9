import { readFile } from 'node:fs/promises';

import type { Request, Response } from 'express';

import { InvalidInputError } from '../../common/errors.ts';
import { uploadOf } from '../uploads/upload.ts';

/** A list of sources as a form brings it. */
export interface SentList {
  content: Buffer;
  /** null for a text that was pasted. */
  fileName: string | null;
}

/**
 * The list that a form brings: its file or, without one, the text in it.
 *
 * @throws {InvalidInputError} if there is neither.
 */
export async function sentList(req: Request, res: Response): Promise<SentList> {
  const upload = uploadOf(res);
  if (upload !== undefined) {
    const fileName = upload.fileName === '' ? 'file' : upload.fileName;
    return { content: await readFile(upload.path), fileName };
  }
  const text = pastedText(req) ?? '';
  if (text.trim() === '') throw new InvalidInputError('Paste a list of sources, or choose a file.');
  return { content: Buffer.from(text, 'utf8'), fileName: null };
}

/** The text in a form of sources; undefined where the form has no place for one. */
export function pastedText(req: Request): string | undefined {
  const { cones_textarea: text } = (req.body ?? {}) as Record<string, unknown>;
  return typeof text === 'string' ? text : undefined;
}
