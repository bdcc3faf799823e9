import type { Response } from 'express';

import { InvalidInputError } from '../../common/errors.ts';

/** A file that came with a request. It is gone when the request has been answered. */
export interface Upload {
  /** As the sender calls it: shown to people, never used as a path. */
  fileName: string;
  path: string;
  bytes: number;
}

/** Largest file that is taken, packed or not. */
export const MAX_FILE_BYTES = 32 * 2 ** 20;
/** Longest text that may be pasted into a form, or stand in JSON, all fields together. */
export const MAX_TEXT_BYTES = 12 * 2 ** 20;

/** The file of this request; undefined where none was chosen. */
export function uploadOf(res: Response): Upload | undefined {
  return (res.locals as { upload?: Upload }).upload;
}

export function textTooLong(): InvalidInputError {
  return new InvalidInputError(
    `The text is longer than ${MAX_TEXT_BYTES / 2 ** 20} MB, which is the most that is taken here: send it as a file.`,
  );
}
