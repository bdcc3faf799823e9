import { z } from 'zod';

import type { Queries } from '../../common/store/database.ts';
import { PUBLIC, SYSTEM, listQueries } from '../../common/store/saved-queries.ts';
import type { Level, ListedQuery } from '../../common/store/saved-queries.ts';
import { SURVEY_NAMES } from '../object-page.ts';

/** Rows of a list that has a page of its own, and of one among others. */
const PAGE_ROWS = 50;
const GLANCE_ROWS = 12;

const SHOWN = ['mine', 'public', 'system'] as const;
type Shown = (typeof SHOWN)[number];

const TITLES: Record<Shown, string> = {
  mine: 'Mine',
  public: 'Public',
  system: 'System',
};
const MEANINGS: Record<Shown, string> = {
  mine: 'yours, whoever may see them',
  public: 'of everybody who shares',
  system: 'looked after by the staff; they run on the streams page without SQL',
};

export const QueryListInput = z.object({
  find: z.string().trim().max(100).default(''),
  sort: z.enum(['newest', 'name']).default('newest'),
  show: z.enum(SHOWN).optional(),
  page: z.coerce.number().int().min(0).max(10_000).default(0),
});
type ListInput = z.infer<typeof QueryListInput>;

/** The lists of saved queries: all three at a glance, or one in pages. */
export async function queryLists(db: Queries, input: ListInput, readerId: number | undefined) {
  const wanted = (input.show === undefined ? SHOWN : [input.show]).filter(
    (shown) => shown !== 'mine' || readerId !== undefined,
  );
  return Promise.all(wanted.map((shown) => queryList(db, shown, input, readerId)));
}

async function queryList(
  db: Queries,
  shown: Shown,
  input: ListInput,
  readerId: number | undefined,
) {
  const { find, sort, show, page } = input;
  const rows = show === undefined ? GLANCE_ROWS : PAGE_ROWS;
  const found = await listQueries(db, {
    ...whose(shown, readerId),
    find,
    byName: sort === 'name',
    limit: rows + 1,
    offset: page * rows,
  });
  const address = (number: number) =>
    `/queries/?${new URLSearchParams({
      ...(find !== '' && { find }),
      ...(sort !== 'newest' && { sort }),
      show: shown,
      ...(number > 0 && { page: String(number) }),
    }).toString()}`;
  const hasMore = found.length > rows;
  return {
    shown,
    title: TITLES[shown],
    meaning: MEANINGS[shown],
    isMine: shown === 'mine',
    queries: found.slice(0, rows).map(listed),
    all: show === undefined && hasMore ? address(0) : undefined,
    previous: page > 0 ? address(page - 1) : undefined,
    next: show !== undefined && hasMore ? address(page + 1) : undefined,
  };
}

function whose(shown: Shown, readerId: number | undefined): { ownerId?: number; levels?: Level[] } {
  if (shown === 'mine') return { ownerId: readerId };
  return { levels: [shown === 'public' ? PUBLIC : SYSTEM] };
}

function listed(query: ListedQuery) {
  return {
    ...query,
    surveyName: SURVEY_NAMES[query.survey],
    ownerName: ownerName(query),
    levelName: LEVEL_NAMES[query.level],
    updatedOn: query.updatedAt.toISOString().slice(0, 10),
  };
}

export const LEVEL_NAMES = { 0: 'private', 1: 'public', 2: 'system' } as const;

/** As pages call the owner: login name only. */
export function ownerName({ owner }: { owner: string | null }): string {
  return owner ?? 'Glint';
}
