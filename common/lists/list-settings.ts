import { z } from 'zod';

/** Lists of one kind that an account may keep. */
export const MAX_LISTS = 200;
export const MAX_LIST_NAME_LENGTH = 256;
const MAX_DESCRIPTION_LENGTH = 4_096;

/** What people keep lists of: sources with a radius each, or an area of the sky. */
export type ListNoun = 'watchlist' | 'watchmap';

/** What the owner of any list chooses, checked against the limits. */
export const listSettings = (noun: ListNoun) =>
  z.strictObject({
    name: z
      .string({ error: `give the ${noun} a name` })
      .transform((text) => text.normalize('NFC').trim())
      .pipe(
        z
          .string()
          .min(1, { error: `give the ${noun} a name` })
          .max(MAX_LIST_NAME_LENGTH, {
            error: `a name has at most ${MAX_LIST_NAME_LENGTH} letters`,
          })
          .regex(/^[^\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u, {
            error: 'a name is one line',
          }),
      ),
    description: z
      .string()
      .transform((text) => text.replaceAll('\r\n', '\n').trim())
      .pipe(
        z.string().max(MAX_DESCRIPTION_LENGTH, {
          error: `a description has at most ${MAX_DESCRIPTION_LENGTH} letters`,
        }),
      )
      .default(''),
    /** Whether new alerts are matched. */
    active: z.boolean().default(true),
    /** Whether everybody may see it. */
    public: z.boolean().default(false),
  });

/** Names that differ in case or in how accents are written are one. */
export function listNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
