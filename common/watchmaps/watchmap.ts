import { z } from 'zod';

/** Watchmaps that an account may keep, and ranges of cells that they may have together. */
export const MAX_WATCHMAPS = 200;
export const MAX_RANGES_OF_ACCOUNT = 4_000_000;
const MAX_NAME_LENGTH = 256;
const MAX_DESCRIPTION_LENGTH = 4_096;

/** What the owner of a watchmap chooses, besides what it covers. */
export const WatchmapSettings = z.strictObject({
  name: z
    .string({ error: 'give the watchmap a name' })
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(1, { error: 'give the watchmap a name' })
        .max(MAX_NAME_LENGTH, { error: `a name has at most ${MAX_NAME_LENGTH} letters` })
        .regex(/^[^\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u, {
          error: 'a name is one line',
        }),
    )
    .meta({ description: 'What it is called: unlike the owner’s other watchmaps.' }),
  description: z
    .string()
    .default('')
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(
      z.string().max(MAX_DESCRIPTION_LENGTH, {
        error: `a description has at most ${MAX_DESCRIPTION_LENGTH} letters`,
      }),
    )
    .meta({ description: 'What its owner says of it.' }),
  active: z.boolean().default(true).meta({
    description: 'Whether new alerts are matched with it.',
  }),
  public: z.boolean().default(false).meta({ description: 'Whether everybody may see it.' }),
});
export type WatchmapSettings = z.infer<typeof WatchmapSettings>;

/** Names that differ in case or in how accents are written are one. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The name itself where none of these is it, else with a number behind it. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const keys = new Set(taken.map(nameKey));
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : ` (${number})`;
    const name = `${wanted.slice(0, MAX_NAME_LENGTH - ending.length).trimEnd()}${ending}`;
    if (!keys.has(nameKey(name))) return name;
  }
}
