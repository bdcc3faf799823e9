import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import type { ListNoun } from '../../common/lists/list-settings.ts';
import type { Queries } from '../../common/store/database.ts';
import type { ListKind } from '../../common/store/lists/list-generations.ts';
import { selectMatchesOf } from '../../common/store/lists/list-matches.ts';
import type { OwnedList } from '../../common/store/lists/owned-lists.ts';

/** Failures that requests about lists have. */
export const missingList = (noun: ListNoun) => ({
  status: 404,
  description: `There is no such ${noun} that you may see.`,
});
export const FOREIGN = { status: 403, description: 'It is another’s, or the token may not write.' };
export const LIMITED = { status: 429, description: 'Too many requests within an hour.' };

/** Which lists a request wants; those of a page come with `pageFields`. */
export const LISTS_WANTED = {
  show: z.enum(['mine', 'public']).optional().meta({
    description: 'Only these; all that you may see if not given.',
  }),
  find: z.string().max(100).default('').meta({
    description: 'Text in the name, the description or the owner’s name.',
  }),
};
export const SORT_MEANING =
  'Your own come first; then by name, the last changed or the largest first.';

const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off'])
  .transform((word) => word === 'true' || word === '1' || word === 'on');
/** What a request sets of a list. In an address or a form everything is text. */
export const FORM_TEXTS = {
  name: z.string().max(1_000),
  description: z.string().max(20_000).optional(),
};
export const FORM_SWITCHES = { active: flag.optional(), public: flag.optional() };
export const formFlag = (description: string) => flag.default(false).meta({ description });
export const jsonTexts = (example: string) => ({
  name: z.string().max(1_000).meta({ description: 'What it is called.', example }),
  description: z.string().max(20_000).optional().meta({ description: 'What it is about.' }),
});
export const JSON_SWITCHES = {
  active: z
    .boolean()
    .optional()
    .meta({ description: 'Whether new alerts are matched; true if not given.' }),
  public: z
    .boolean()
    .optional()
    .meta({ description: 'Whether everybody may see it; false if not given.' }),
};

/** A list as it is answered. @param own - What only lists of this kind have. */
export const listSchema = <Own extends z.ZodRawShape>(numbered: string, own: Own) =>
  z.strictObject({
    id: z.int().meta({ description: numbered }),
    name: z.string(),
    description: z.string(),
    owner: z.string().nullable().meta({ description: 'Login name of the owner.' }),
    active: z.boolean().meta({ description: 'Whether new alerts are matched.' }),
    public: z.boolean().meta({ description: 'Whether everybody may see it.' }),
    ...own,
    version: z.int().meta({ description: 'Raised by every change of what it matches.' }),
    createdAt: z.string().meta({ description: 'When it was made, ISO 8601, UTC.' }),
    updatedAt: z.string().meta({ description: 'When it was changed last, ISO 8601, UTC.' }),
  });

export function listAnswer<Own extends object>(id: number, list: OwnedList, own: Own) {
  return {
    id,
    name: list.name,
    description: list.description,
    owner: list.owner,
    active: list.active,
    public: list.public,
    ...own,
    version: list.version,
    createdAt: list.createdAt.toISOString(),
    updatedAt: list.updatedAt.toISOString(),
  };
}

/** How far the matching with known objects is. */
export const matchingSchema = (meanings: { whole: string; done: string; hits: string }) =>
  z
    .array(
      z.strictObject({
        survey: z.enum(SURVEYS),
        done: z.int().meta({ description: meanings.done }),
        total: z.int(),
        hits: z.int().meta({ description: meanings.hits }),
        endedAt: z.string().nullable().meta({ description: 'null while it goes on.' }),
        problem: z.string().nullable(),
      }),
    )
    .meta({ description: meanings.whole });

export async function matchingAnswer(db: Queries, kind: ListKind, listId: number) {
  const matches = await selectMatchesOf(db, kind, listId);
  return matches.map(({ survey, done, total, hits, endedAt, problem }) => ({
    survey,
    done,
    total,
    hits,
    endedAt: endedAt?.toISOString() ?? null,
    problem: problem === '' ? null : problem,
  }));
}
