import { z } from 'zod';

import { nightOfDate } from '../../common/astro/time.ts';
import type { Queries } from '../../common/store/database.ts';
import { listFilters } from '../../common/store/filter-report.ts';
import type { ListedFilter } from '../../common/store/filter-report.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { LEVEL_NAMES, ownerName } from '../saved-queries/query-list.ts';

const MOST_OWN = 300;
const PAGE_ROWS = 50;

export const CHANNEL_NAMES = { kafka: 'Kafka', mail: 'e-mail', webhook: 'webhook' } as const;

export const FilterListInput = z.object({
  page: z.coerce.number().int().min(0).max(10_000).default(0),
});

/** The reader's own filters, and the public ones of others that are on. */
export async function filterLists(
  db: Queries,
  { page }: z.infer<typeof FilterListInput>,
  readerId: number | undefined,
  now: Date,
) {
  const nid = nightOfDate(now);
  const [mine, others] = await Promise.all([
    readerId === undefined
      ? []
      : listFilters(db, { whose: 'mine', readerId, nid, limit: MOST_OWN }),
    listFilters(db, {
      whose: 'public',
      readerId,
      nid,
      limit: PAGE_ROWS + 1,
      offset: page * PAGE_ROWS,
    }),
  ]);
  return {
    mine: mine.map(listed),
    others: others.slice(0, PAGE_ROWS).map(listed),
    previous: page > 0 ? `/filters/?page=${page - 1}` : undefined,
    next: others.length > PAGE_ROWS ? `/filters/?page=${page + 1}` : undefined,
  };
}

function listed(filter: ListedFilter) {
  const names: Record<string, string> = CHANNEL_NAMES;
  return {
    ...filter,
    surveyName: SURVEY_NAMES[filter.survey],
    ownerName: ownerName(filter),
    levelName: LEVEL_NAMES[filter.level],
    channelNames: filter.channels.map((channel) => names[channel] ?? channel).join(', '),
  };
}
