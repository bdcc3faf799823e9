import { z } from 'zod';

import type { Queries } from '../../common/store/database.ts';
import { countHitsOfMaps } from '../../common/store/watchmap-results.ts';
import { selectWatchmaps } from '../../common/store/watchmaps.ts';

const PAGE_ROWS = 50;
const MOST_PAGES = 1_000;
const SHOWN = ['mine', 'public'] as const;
type Shown = (typeof SHOWN)[number];

export const WatchmapsInput = z.object({
  find: z.string().max(100).default(''),
  sort: z.enum(['name', 'updated', 'area']).default('updated'),
  show: z.enum(SHOWN).optional(),
  page: z.coerce.number().int().min(0).max(MOST_PAGES).default(0),
});
type ListInput = z.infer<typeof WatchmapsInput>;

const TITLES: Record<Shown, string> = { mine: 'Yours', public: 'Public' };
const MEANINGS: Record<Shown, string> = {
  mine: 'private and public ones',
  public: 'that somebody lets everybody see',
};
export const SORTS = [
  { sort: 'updated', title: 'changed last' },
  { sort: 'name', title: 'by name' },
  { sort: 'area', title: 'largest first' },
] as const;

/** The lists of watchmaps that a reader is shown, each with a page of it. */
export async function watchmapLists(db: Queries, input: ListInput, readerId: number | undefined) {
  const wanted = (input.show === undefined ? SHOWN : [input.show]).filter(
    (shown) => shown !== 'mine' || readerId !== undefined,
  );
  return Promise.all(wanted.map((shown) => listOf(db, shown, input, readerId)));
}

async function listOf(db: Queries, shown: Shown, input: ListInput, readerId: number | undefined) {
  const { find, sort, show } = input;
  const page = show === undefined ? 0 : input.page;
  const { lists, total } = await selectWatchmaps(db, {
    ...(shown === 'mine' ? { ownerId: readerId } : { withPublic: true }),
    find,
    sort,
    limit: PAGE_ROWS,
    offset: page * PAGE_ROWS,
  });
  const hits = await countHitsOfMaps(
    db,
    lists.map(({ watchmapId }) => watchmapId),
  );
  const address = (changes: { sort?: string; page?: number }) =>
    `/watchmaps/?${new URLSearchParams({
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
    watchmaps: lists.map((watchmap) => ({
      ...watchmap,
      ownerName: watchmap.owner ?? 'an account that is gone',
      hits: hits.get(watchmap.watchmapId) ?? 0,
    })),
    previous: page > 0 ? address({ page: page - 1 }) : undefined,
    next: (page + 1) * PAGE_ROWS < total ? address({ page: page + 1 }) : undefined,
    byName: address({ sort: 'name' }),
    byArea: address({ sort: 'area' }),
    byUpdated: address({ sort: 'updated' }),
  };
}
