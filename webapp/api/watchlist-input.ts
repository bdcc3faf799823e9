import type { Response } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { createGatherer } from '../../common/watchlists/gather-sources.ts';
import { USUAL_UNITS, readSource } from '../../common/watchlists/read-source.ts';
import type { ReadWatchlist } from '../../common/watchlists/reading.ts';
import { DEFAULT_RADIUS_ARCSEC, MAX_SOURCES } from '../../common/watchlists/watchlist.ts';
import { uploadOf } from '../uploads/upload.ts';
import { readSentList } from '../watchlists/read-sent-list.ts';
import {
  FORM_SWITCHES,
  FORM_TEXTS,
  JSON_SWITCHES,
  formFlag,
  jsonTexts,
  missingList,
} from './list-fields.ts';
import { numberInPath } from './page-fields.ts';

/** Bad lines that an answer tells; the counts are of all. */
const TOLD_FAULTS = 100;

export const WatchlistId = z.strictObject({ id: numberInPath('Number of the watchlist.') });
export const MISSING = missingList('watchlist');

const SourceInput = z.strictObject({
  name: z.string().max(1_000).default(''),
  ra: z.union([z.number(), z.string().max(100)]),
  decl: z.union([z.number(), z.string().max(100)]).optional(),
  dec: z.union([z.number(), z.string().max(100)]).optional(),
  radius: z.number().nullable().optional(),
});
type SourceInput = z.infer<typeof SourceInput>;

export const SourcesField = z
  .union([z.string(), z.array(SourceInput)])
  .optional()
  .meta({
    description: `The sources: a text as one pastes it, a line each, or an array of objects with ra, decl (degrees or sexagesimal), name and radius (arcsec). ${MAX_SOURCES} at most.`,
    example: '194.494, 48.851, NGC 4868',
  });
const skipBad = 'Whether bad lines are left out; else one of them refuses them all.';
export const SkipBadField = z.boolean().default(false).meta({ description: skipBad });

/** In an address or a form everything is text. */
export const FORM_FIELDS = {
  sources: z.string().optional().meta({ description: 'The sources as text, where no file comes.' }),
  skipBad: formFlag(skipBad),
};
export const FORM_SETTINGS = {
  ...FORM_TEXTS,
  radius: z.coerce.number().optional(),
  ...FORM_SWITCHES,
};
export const JSON_SETTINGS = {
  ...jsonTexts('My hosts'),
  radius: z
    .number()
    .optional()
    .meta({
      description: `Arcseconds, of sources without a radius of their own; ${DEFAULT_RADIUS_ARCSEC} if not given.`,
    }),
  ...JSON_SWITCHES,
};

export const SOURCE_FILES = [
  {
    mediaType: 'text/csv',
    description:
      'The list as a file: text, CSV, FITS, VOTable or Parquet, packed with gzip or not; what it is, is told by its content and not by the media type. The other members stand in the address: ?name=…',
  },
  {
    mediaType: 'multipart/form-data',
    description: 'A form with one file and the other members as fields.',
  },
];

export const ReadSchema = z
  .strictObject({
    lines: z.int().meta({ description: 'Lines or rows in all.' }),
    sources: z.int().meta({ description: 'Sources among them.' }),
    bad: z.int().meta({ description: 'Lines that are none and were left out.' }),
    repeats: z.int().meta({ description: 'Lines that say what another has said.' }),
    comments: z.int(),
    header: z.int(),
    empty: z.int(),
    problems: z
      .array(z.strictObject({ line: z.int(), reason: z.string(), text: z.string() }))
      .meta({ description: `The first ${TOLD_FAULTS} bad lines.` }),
  })
  .meta({ description: 'How the list was understood: all counts but lines sum to it.' });

/**
 * The sources that a request brings, as a file, as text or as objects.
 *
 * @throws {InvalidInputError} if there are none, or bad lines that are not to be left out; `details`
 *   tell of those.
 */
export async function readSources(
  res: Response,
  given: { sources?: string | SourceInput[]; skipBad: boolean },
): Promise<ReadWatchlist> {
  const read = await readGiven(res, given.sources);
  const { faults, sources } = read;
  if (faults.length > 0 && !given.skipBad) {
    const [{ line, reason }] = faults;
    throw new InvalidInputError(
      `${faults.length} of the lines cannot be read; the first is line ${line}: ${reason}. Correct them, or leave them out with skipBad=true.`,
      { details: { ...readAnswer(read) } },
    );
  }
  if (sources.length === 0) throw new InvalidInputError('There is no source in it.');
  return read;
}

export function readAnswer({ sources, faults, repeats, counts }: ReadWatchlist) {
  return {
    ...counts,
    sources: sources.length,
    bad: faults.length,
    repeats: repeats.filter(({ isKept }) => !isKept).length,
    problems: faults
      .slice(0, TOLD_FAULTS)
      .map(({ line, reason, text }) => ({ line, reason, text })),
  };
}

async function readGiven(
  res: Response,
  sources: string | SourceInput[] | undefined,
): Promise<ReadWatchlist> {
  const upload = uploadOf(res);
  if (upload !== undefined) {
    return readSentList({ path: upload.path, name: upload.fileName || 'the file' });
  }
  if (typeof sources === 'string') return readSentList({ text: sources });
  if (sources === undefined) throw new InvalidInputError('Send sources, or a file of them.');
  const gatherer = createGatherer();
  for (const [at, { name, ra, decl, dec, radius }] of sources.entries()) {
    const written = {
      name,
      ra: String(ra),
      decl: String(decl ?? dec ?? ''),
      radius: radius === null || radius === undefined ? '' : String(radius),
    };
    gatherer.add(at + 1, () => JSON.stringify(written), readSource(written, USUAL_UNITS));
  }
  return gatherer.result(null);
}
