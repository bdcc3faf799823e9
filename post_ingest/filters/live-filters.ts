import { NotFoundError } from '../../common/errors.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import { selectActiveFilters } from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { selectFilterStamp, selectListStamp } from '../../common/store/screens.ts';
import type { FilterQuery, ScreenTest } from '../../common/sql/filter/filter-query.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import type { FilterTools } from './filter-tools.ts';
import { pauseWithReason } from './pause-filter.ts';

/** A filter that is on, read and ready to run. */
export interface LiveFilter {
  filter: StoredFilter;
  query: FilterQuery;
  /** Its screen, over a row of all columns that any screen looks at. */
  mayPass: ScreenTest;
  /** Unit of the column that its memory watches. */
  watchedUnit: string | undefined;
}

/** All filters of a survey that are on. */
export interface LiveFilters {
  readonly filters: ReadonlyMap<number, LiveFilter>;
  /** Columns of `objects` that screens look at. */
  readonly columns: readonly string[];
  /** Annotators that filters name which wait for them. */
  readonly topics: readonly string[];
}

/** Lists are seldom renamed or taken away: this often is enough. */
const LISTS_MS = 1_000;

/**
 * Keeps the filters of a survey in memory. Each is read again when it was changed, all when lists came
 * or went. One that can no longer be read is paused.
 *
 * @returns Answers what is on at this moment.
 */
export function createLiveFilters(tools: FilterTools): () => Promise<LiveFilters> {
  const { db, survey, log } = tools;
  const opened = new Map<number, { key: string; live: Omit<LiveFilter, 'mayPass'> }>();
  let current: LiveFilters = { filters: new Map(), columns: [], topics: [] };
  let stamp = '';
  let listStamp = '';
  let listsSeenAt = -Infinity;

  async function hasChanged(): Promise<boolean> {
    const seen = await selectFilterStamp(db, survey);
    let lists = listStamp;
    if (performance.now() - listsSeenAt > LISTS_MS) {
      lists = await selectListStamp(db);
      listsSeenAt = performance.now();
    }
    if (lists !== listStamp) opened.clear();
    if (seen === stamp && lists === listStamp) return false;
    // Noted before the filters are read: what changes meanwhile is seen at the next look.
    [stamp, listStamp] = [seen, lists];
    return true;
  }

  /** undefined if it can no longer be read: then it is paused. */
  async function open(filter: StoredFilter): Promise<Omit<LiveFilter, 'mayPass'> | undefined> {
    const key = `${filter.userId}/${filter.version}`;
    const before = opened.get(filter.queryId);
    if (before?.key === key) return withFilter(before.live.query, filter);
    try {
      const live = withFilter(await openFilterQuery(tools, filter), filter);
      opened.set(filter.queryId, { key, live });
      return live;
    } catch (err) {
      if (!(err instanceof QueryError || err instanceof NotFoundError)) throw err;
      await pauseWithReason(tools, filter, `it can no longer be run: ${err.message}`);
      return undefined;
    }
  }

  async function look(): Promise<LiveFilters> {
    if (!(await hasChanged())) return current;
    try {
      const readable: Omit<LiveFilter, 'mayPass'>[] = [];
      for (const filter of await selectActiveFilters(db, survey)) {
        const live = await open(filter);
        if (live !== undefined) readable.push(live);
      }
      current = together(readable);
      for (const queryId of opened.keys())
        if (!current.filters.has(queryId)) opened.delete(queryId);
      log.debug(`${current.filters.size} filters are on`);
    } catch (err) {
      stamp = '';
      throw err;
    }
    return current;
  }

  // The stream and what runs beside it ask the same: one look at a time.
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(look, look);
    last = next.catch(() => undefined);
    return next;
  };
}

function withFilter(query: FilterQuery, filter: StoredFilter): Omit<LiveFilter, 'mayPass'> {
  const { memory } = filter;
  const watched =
    'column' in memory ? query.columns.find(({ name }) => name === memory.column) : undefined;
  return { filter, query, watchedUnit: watched?.unit };
}

function together(readable: readonly Omit<LiveFilter, 'mayPass'>[]): LiveFilters {
  const columns = [...new Set(readable.flatMap(({ query }) => query.screen.columns))].sort();
  const topics = new Set(
    readable.flatMap(({ filter, query }) => (filter.waitMinutes > 0 ? query.topics : [])),
  );
  const filters = readable.map((live): [number, LiveFilter] => [
    live.filter.queryId,
    { ...live, mayPass: live.query.screen.over(columns) },
  ]);
  return { filters: new Map(filters), columns, topics: [...topics] };
}
