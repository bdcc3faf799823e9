import type { Response } from 'express';
import { z } from 'zod';

import type { ListNoun } from '../../common/lists/list-settings.ts';
import type { Queries } from '../../common/store/database.ts';
import type { ListOrder, OwnedList } from '../../common/store/lists/owned-lists.ts';
import { accountOf, requireScope } from '../accounts/account.ts';
import { parseInput } from '../parse-input.ts';
import { readerOf } from '../saved-queries/reader.ts';

const PAGE_ROWS = 50;
const MOST_PAGES = 1_000;
const SHOWN = ['mine', 'public'] as const;
type Shown = (typeof SHOWN)[number];
/** What the size of a list is called, where lists are put in order by it. */
type Size = 'sources' | 'area';

/** Lists of one kind, as a page shows them. */
export interface ShownLists<List extends OwnedList> {
  noun: ListNoun;

  size: Size;
  select: (db: Queries, order: ListOrder) => Promise<{ lists: List[]; total: number }>;
  idOf: (list: List) => number;
  /** Objects that each of these lists has matched; none for a list that has matched none. */
  countHits: (db: Queries, ids: readonly number[]) => Promise<Map<number, number>>;
}

const inputOf = (size: Size) =>
  z.object({
    find: z.string().max(100).default(''),
    sort: z.enum(['name', 'updated', size]).default('updated'),
    show: z.enum(SHOWN).optional(),
    page: z.coerce.number().int().min(0).max(MOST_PAGES).default(0),
  });
type ListsInput = z.output<ReturnType<typeof inputOf>>;

const TITLES: Record<Shown, string> = { mine: 'Yours', public: 'Public' };
const MEANINGS: Record<Shown, string> = {
  mine: 'private and public ones',
  public: 'that somebody lets everybody see',
};

/**
 * The page of all lists of a kind that a reader is shown: their own, and public ones.
 *
 * @throws {UnauthenticatedError} for visitors who ask for their own.
 */
export async function listsPage<List extends OwnedList>(
  db: Queries,
  kind: ShownLists<List>,
  query: unknown,
  res: Response,
) {
  const input = parseInput(inputOf(kind.size), query);
  if (input.show === 'mine') requireScope(res, 'read');
  const readerId = readerOf(res);
  const wanted = (input.show === undefined ? SHOWN : [input.show]).filter(
    (shown) => shown !== 'mine' || readerId !== undefined,
  );
  const sorts = [
    { sort: 'updated', title: 'changed last' },
    { sort: 'name', title: 'by name' },
    { sort: kind.size, title: 'largest first' },
  ];
  return {
    ...input,
    path: `/${kind.noun}s/`,
    noun: kind.noun,
    size: kind.size,
    sorts: sorts.map((each) => ({ ...each, isChosen: each.sort === input.sort })),
    isLoggedIn: accountOf(res) !== undefined,
    sections: await Promise.all(wanted.map((shown) => sectionOf(db, kind, shown, input, readerId))),
  };
}

async function sectionOf<List extends OwnedList>(
  db: Queries,
  { noun, size, select, idOf, countHits }: ShownLists<List>,
  shown: Shown,
  { find, sort, show, ...input }: ListsInput,
  readerId: number | undefined,
) {
  const page = show === undefined ? 0 : input.page;
  const { lists, total } = await select(db, {
    ...(shown === 'mine' ? { ownerId: readerId } : { withPublic: true }),
    find,
    sort: sort === 'name' || sort === 'updated' ? sort : 'size',
    limit: PAGE_ROWS,
    offset: page * PAGE_ROWS,
  });
  const hits = await countHits(db, lists.map(idOf));
  const address = (changes: { sort?: string; page?: number }) =>
    `/${noun}s/?${new URLSearchParams({
      show: shown,
      ...(find !== '' && { find }),
      sort: changes.sort ?? sort,
      ...((changes.page ?? 0) > 0 && { page: String(changes.page) }),
    }).toString()}`;
  return {
    shown,
    title: TITLES[shown],
    meaning: MEANINGS[shown],
    isMine: shown === 'mine',
    total,
    lists: lists.map((list) => ({
      ...list,
      address: `/${noun}s/${idOf(list)}/`,
      ownerName: list.owner ?? 'an account that is gone',
      hits: hits.get(idOf(list)) ?? 0,
    })),
    previous: page > 0 ? address({ page: page - 1 }) : undefined,
    next: (page + 1) * PAGE_ROWS < total ? address({ page: page + 1 }) : undefined,
    byName: address({ sort: 'name' }),
    bySize: address({ sort: size }),
    byUpdated: address({ sort: 'updated' }),
  };
}
