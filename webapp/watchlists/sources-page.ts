import { z } from 'zod';

import type { Queries } from '../../common/store/database.ts';
import { selectSourcesWithHits } from '../../common/store/lists/watchlist-source-hits.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';

const PAGE_ROWS = 100;
const MOST_PAGES = 1_000;

export const SourcesInput = z.object({
  find: z.string().max(100).default(''),
  show: z.enum(['all', 'unseen']).default('all'),
  page: z.coerce.number().int().min(0).max(MOST_PAGES).default(0),
});

/** What `templates/pages/watchlist-sources.hbs` shows. */
export async function sourcesPage(
  db: Queries,
  list: Watchlist,
  input: z.infer<typeof SourcesInput>,
  reader: { userId: number } | undefined,
  more: { problem?: string; done?: string; names?: string } = {},
) {
  const { watchlistId } = list;
  const { find, show, page } = input;
  const found = await selectSourcesWithHits(db, watchlistId, {
    find,
    withoutHits: show === 'unseen',
    limit: PAGE_ROWS + 1,
    offset: page * PAGE_ROWS,
  });
  const address = (changes: Partial<typeof input>) => {
    const wanted = { ...input, page: 0, ...changes };
    return `/watchlists/${watchlistId}/sources/?${new URLSearchParams({
      ...(wanted.find !== '' && { find: wanted.find }),
      show: wanted.show,
      ...(wanted.page > 0 && { page: String(wanted.page) }),
    }).toString()}`;
  };
  const sources = found.slice(0, PAGE_ROWS);
  return {
    title: `Sources of ${list.name}`,
    isWatchlists: true,
    list,
    base: `/watchlists/${watchlistId}/`,
    isOwn: reader?.userId === list.userId,
    ...input,
    ...more,
    isUnseen: show === 'unseen',
    all: address({ show: 'all' }),
    unseen: address({ show: 'unseen' }),
    sources: sources.map((source) => ({
      ...source,
      radius: source.radiusArcsec ?? list.radiusArcsec,
      cone: `/search/?query=${encodeURIComponent(`${source.ra} ${source.decl} ${source.radiusArcsec ?? list.radiusArcsec}`)}`,
    })),
    first: page * PAGE_ROWS + 1,
    last: page * PAGE_ROWS + sources.length,
    previous: page > 0 ? address({ page: page - 1 }) : undefined,
    next: found.length > PAGE_ROWS ? address({ page: page + 1 }) : undefined,
  };
}
