import { ForbiddenError, InvalidInputError } from '../../common/errors.ts';
import { DryRunSchema, dryRun, dryRunRefusal } from '../../common/filters/dry-run.ts';
import type { DryRun } from '../../common/filters/dry-run.ts';
import { openContent, openFilterQuery } from '../../common/filters/open-filter.ts';
import type { QueryContent } from '../../common/queries/saved-query-content.ts';
import type { FilterQuery } from '../../common/sql/filter/filter-query.ts';
import type { Queries, Transaction } from '../../common/store/database.ts';
import { endOpenBackfills } from '../../common/store/backfills.ts';
import {
  countFiltersOn,
  extendFilter,
  lockFilter,
  makeFilter,
  saveDryRun,
  saveFilter,
  selectOptionalFilter,
  setFilterVersion,
  switchFilter,
} from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { BROKER, selectReadableQuery } from '../../common/store/saved-queries.ts';
import type { Actor, SavedQuery } from '../../common/store/saved-queries.ts';
import { lockUser } from '../../common/store/accounts/users.ts';
import type { Services } from '../services.ts';
import { checkSettings, settingsOf } from './filter-settings.ts';
import type { FilterSettingsInput } from './filter-settings.ts';
import { sendSamplesLater } from './try-delivery.ts';

export const MOST_DRY_RUN_NIGHTS = 30;
/** Each costs something at every alert. */
const MOST_ON = 100;
const DRY_RUN_MS = 20_000;
/** While somebody waits for an edit to be saved. */
const SHORT_DRY_RUN_MS = 5_000;
const SHORT_DRY_RUN_NIGHTS = 7;
const DAY_MS = 86_400_000;
const EDITED = 'The query was edited meanwhile: ask again, for the new version.';

/** What running filters needs of the site's services. */
export function queryServices({ context, sandbox }: Services) {
  return { db: context.db, sandbox, now: context.now };
}

/**
 * A saved query, for the one whose filter it is or may become.
 *
 * @throws {NotFoundError} if they may not see it, {ForbiddenError} if it is another's.
 */
export async function selectOwnQuery(
  db: Queries,
  queryId: number,
  actor: Actor,
): Promise<SavedQuery> {
  const query = await selectReadableQuery(db, queryId, actor.userId);
  if (query.userId !== actor.userId || query.userId === BROKER) {
    throw new ForbiddenError(
      'This query is another’s: copy it, and run your own copy on the stream.',
    );
  }
  return query;
}

/** The newest version of a saved query as a filter. @throws {QueryError} where it cannot be one. */
export function openNewest(services: Services, query: SavedQuery): Promise<FilterQuery> {
  const { queryId, version, userId } = query;
  return openFilterQuery(queryServices(services), { queryId, version, userId });
}

/**
 * Keeps how a saved query is to run; makes it a filter that is off where it was none. Where it sends to
 * Kafka, some records of past nights go there by and by.
 *
 * @throws {InvalidInputError} {QueryError} where settings or query do not fit.
 */
export async function keepSettings(
  services: Services,
  query: SavedQuery,
  input: FilterSettingsInput,
): Promise<void> {
  const { db, now } = services.context;
  const opened = await openNewest(services, query);
  checkSettings(input, opened);
  await db.transaction(async (tx) => {
    await makeFilter(tx, query, now());
    await saveFilter(tx, query.queryId, settingsOf(input), now());
  });
  const content = input.outputs.kafka?.content;
  if (content === undefined) return;
  sendSamplesLater(services, query, content, opened, async () => {
    const kept = lastDryRun(await selectOptionalFilter(db, query.queryId), query.version);
    return (kept ?? (await shortDryRun(services, opened, query))).sample;
  });
}

/** What the last dry run of a filter found; undefined where there was none, or of another version. */
export function lastDryRun(
  filter: Pick<StoredFilter, 'dryRun'> | undefined,
  version: number,
): DryRun | undefined {
  const parsed = DryRunSchema.safeParse(filter?.dryRun ?? undefined);
  return parsed.success && parsed.data.version === version ? parsed.data : undefined;
}

/**
 * Tries the newest version on the alerts of the last nights, and keeps what was found.
 *
 * @throws {QueryError} where the query cannot be a filter.
 */
export async function tryOut(
  services: Services,
  query: SavedQuery,
  nights: number,
  signal?: AbortSignal,
): Promise<DryRun> {
  const { db, now } = services.context;
  const filter = await openNewest(services, query);
  const found = await runDry(services, filter, {
    userId: query.userId,
    version: query.version,
    nights,
    budgetMs: DRY_RUN_MS,
    signal,
  });
  await makeFilter(db, query, now());
  await saveDryRun(db, query.queryId, found);
  return found;
}

function runDry(
  services: Services,
  filter: FilterQuery,
  options: {
    userId: number;
    version: number;
    nights: number;
    budgetMs: number;
    signal?: AbortSignal;
  },
): Promise<DryRun> {
  const { userId, ...rest } = options;
  return dryRun(queryServices(services), filter, {
    ...rest,
    timeoutMs: services.context.config.filterTimeoutMs,
    holder: `user:${userId}`,
  });
}

function shortDryRun(
  services: Services,
  filter: FilterQuery,
  { userId, version }: Pick<SavedQuery, 'userId' | 'version'>,
): Promise<DryRun> {
  return runDry(services, filter, {
    userId,
    version,
    nights: SHORT_DRY_RUN_NIGHTS,
    budgetMs: SHORT_DRY_RUN_MS,
  });
}

/**
 * Switches a filter on, or on again: its newest version, from the next alert on.
 *
 * @throws {InvalidInputError} where the dry run is missing or forbids it, or as many are on as may be.
 * @throws {QueryError} where the query cannot be a filter.
 */
export async function switchOn(services: Services, query: SavedQuery): Promise<void> {
  const { db, now, config } = services.context;
  const { queryId, userId, version, survey } = query;
  const opened = await openNewest(services, query);
  await db.transaction(async (tx) => {
    await makeFilter(tx, query, now());
    const filter = await lockFilter(tx, queryId);
    // Of one account at a time, or two at once would both be the last one.
    await lockUser(tx, userId);
    if ((await countFiltersOn(tx, userId, queryId)) >= MOST_ON) {
      throw new InvalidInputError(
        `${MOST_ON} of your filters are on or paused, as many as an account may have: switch one off that you no longer need.`,
      );
    }
    const found = lastDryRun(filter, version);
    if (found === undefined) {
      throw new InvalidInputError(
        `Try version ${version} on past nights first: then you see what it would send.`,
      );
    }
    const refusal = dryRunRefusal(found, config.filterMaxShare);
    if (refusal !== undefined) throw new InvalidInputError(refusal);
    const { triggers, waitMinutes, memory } = filter;
    checkSettings({ ...triggers, waitMinutes, memory, outputs: {} }, opened);
    // Ids of another survey's objects mean nothing to it.
    const clear = filter.survey !== survey;
    await setFilterVersion(tx, queryId, { version, survey, clear }, now());
    await switchFilter(tx, queryId, 'on', { expiresAt: nextExpiry(services), now: now() });
  });
}

/** Switches a filter off: what it matched stays to be seen. */
export async function switchOff(services: Services, queryId: number): Promise<void> {
  const { db, now } = services.context;
  await db.transaction((tx) => switchFilter(tx, queryId, 'off', { expiresAt: null, now: now() }));
}

/** Keeps a filter on for another period. @throws {InvalidInputError} where it is off. */
export async function keepOn(services: Services, queryId: number): Promise<void> {
  const filter = await selectOptionalFilter(services.context.db, queryId);
  if (filter === undefined || filter.state === 'off') {
    throw new InvalidInputError('This filter is off: switch it on.');
  }
  await extendFilter(services.context.db, queryId, nextExpiry(services));
}

function nextExpiry({ context }: Services): Date {
  return new Date(context.now().getTime() + context.config.filterDays * DAY_MS);
}

/** What is done with a running filter in the transaction that saves an edit of its query. */
export type Alongside = (tx: Transaction, version: number) => Promise<void>;

/**
 * Checks an edit of a saved query that runs on the stream, as a filter and on the alerts of the last
 * nights.
 *
 * @param memory - What the owner chose about what was told before.
 * @returns undefined where the query is not run on the stream.
 * @throws {InvalidInputError} where the owner chose nothing, or too much would pass.
 * @throws {QueryError} where the edit cannot be a filter.
 */
export async function checkRunningEdit(
  services: Services,
  query: SavedQuery,
  content: QueryContent,
  memory: unknown,
): Promise<Alongside | undefined> {
  const { db, now, config } = services.context;
  const filter = await selectOptionalFilter(db, query.queryId);
  if (filter === undefined || filter.state === 'off') return undefined;
  const opened = await openContent(queryServices(services), content, query.userId);
  const { triggers, waitMinutes } = filter;
  checkSettings({ ...triggers, waitMinutes, memory: filter.memory, outputs: {} }, opened);
  if (memory !== 'keep' && memory !== 'clear') {
    throw new InvalidInputError(
      'This query runs on the stream: say below whether objects that were told already may be told again.',
    );
  }
  const found = await shortDryRun(services, opened, { ...query, version: query.version + 1 });
  const refusal = dryRunRefusal(found, config.filterMaxShare);
  if (refusal !== undefined) throw new InvalidInputError(refusal);
  const clear = memory === 'clear' || content.survey !== filter.survey;
  return async (tx, version) => {
    await endOpenBackfills(tx, query.queryId, EDITED, now());
    await setFilterVersion(tx, query.queryId, { version, survey: content.survey, clear }, now());
    await saveDryRun(tx, query.queryId, { ...found, version });
  };
}
