import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { field } from '../accounts/form-fields.ts';

/** Longer than any of them may be: what is too long is told in the words of the settings. */
const MOST = 20_000;
const ticked = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => value !== undefined && value !== '' && value !== '0');

/** The fields of a form about a list of any kind. */
export const LIST_FIELDS = {
  name: field(MOST),
  description: field(MOST),
  active: ticked,
  public: ticked,
};

/** What the form of a new list begins with. */
export const NEW_LIST = { name: '', description: '', active: true, public: false };

/** @throws {InvalidInputError} saying in a sentence each what is wrong. */
export function checkWritten<Settings>(schema: z.ZodType<Settings>, written: unknown): Settings {
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    [...new Set(parsed.error.issues.map(({ message }) => message))].join('; '),
  );
}
