import type { Context } from '../../common/context.ts';
import { BrokerError, describeError } from '../../common/errors.ts';
import { evaluateFilter } from '../../common/filters/evaluate.ts';
import type { FilterRow } from '../../common/filters/evaluate.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import type { FilterQuery } from '../../common/sql/filter/filter-query.ts';
import {
  advanceBackfill,
  endBackfill,
  lockOpenBackfill,
  selectOpenBackfills,
} from '../../common/store/backfills.ts';
import type { Backfill } from '../../common/store/backfills.ts';
import { addPastMatches } from '../../common/store/filter-nights.ts';
import { selectFilter } from '../../common/store/filters.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import { lockFilters, writeMatches } from '../../common/store/matches.ts';
import { endOfNight, selectPastAlerts, selectSeenPage } from '../../common/store/past-alerts.ts';
import type { PastAlert } from '../../common/store/past-alerts.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import { openSandbox } from '../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../common/store/sandbox/sandbox.ts';
import type { Job } from '../job.ts';
import { tellPast } from './tell-past.ts';

/** Objects of one page: what is lost when the process dies. */
const PAGE_OBJECTS = 1_000;
/** A page that fails is tried again so often. */
const TRIES = 3;

/** Runs filters over past nights, as their owners asked. */
export const backfillFilters: Job = {
  name: 'backfill-filters',
  schedule: '* * * * *',
  description: 'Runs filters over past nights, as their owners asked.',
  async run(context, signal) {
    const sandbox = openSandbox(context);
    try {
      const { pages, passed } = await runBackfills({ ...context, sandbox }, signal);
      return pages === 0 ? 'nothing to do' : `${pages} pages of objects, ${passed} matches`;
    } finally {
      await sandbox.close();
    }
  },
};

export interface BackfillTools extends Context {
  sandbox: Sandbox;
}

/** Works off all runs over past nights, a page of each in turn, until there are none. */
export async function runBackfills(
  tools: BackfillTools,
  signal: AbortSignal,
): Promise<{ pages: number; passed: number }> {
  const failures = new Map<bigint, number>();
  let pages = 0;
  let passed = 0;
  for (;;) {
    const open = await selectOpenBackfills(tools.db);
    if (open.length === 0) return { pages, passed };
    for (const backfill of open) {
      if (signal.aborted) return { pages, passed };
      try {
        passed += await runPage(tools, backfill, signal);
        pages++;
        failures.delete(backfill.backfillId);
      } catch (err) {
        await noteFailure(tools, backfill, failures, err);
      }
    }
  }
}

/** What may heal is tried again, by this process or the next; the rest ends the run. */
async function noteFailure(
  { db, log, now }: BackfillTools,
  { backfillId, queryId }: Backfill,
  failures: Map<bigint, number>,
  err: unknown,
): Promise<void> {
  if (!(err instanceof BrokerError) || err.code === 'upstream_unavailable') throw err;
  const tries = (failures.get(backfillId) ?? 0) + 1;
  failures.set(backfillId, tries);
  log.warn(`filter ${queryId}: a run over past nights failed: ${describeError(err)}`, { queryId });
  if (tries < TRIES) return;
  await endBackfill(db, backfillId, { state: 'failed', problem: err.message, now: now() });
}

/** @returns How many matches were new. */
async function runPage(
  tools: BackfillTools,
  backfill: Backfill,
  signal: AbortSignal,
): Promise<number> {
  const { db, now } = tools;
  const { backfillId, queryId, version, nights, nextKey } = backfill;
  const filter = await selectFilter(db, queryId);
  if (filter.state !== 'on' || filter.version !== version) {
    const problem =
      filter.state === 'on'
        ? 'The query was edited meanwhile: ask again, for the new version.'
        : 'The filter is no longer on.';
    await endBackfill(db, backfillId, { state: 'failed', problem, now: now() });
    return 0;
  }
  const query = await openFilterQuery(tools, { queryId, version, userId: filter.userId });
  const { survey } = filter;
  const page = await selectSeenPage(db, survey, nights, nextKey, PAGE_OBJECTS);
  const found: { alerts: PastAlert[]; rows: Map<number, FilterRow[]> }[] = [];
  // Many objects may have been seen last at one moment: they are one page, and several statements.
  for (let start = 0; start < page.ids.length; start += PAGE_OBJECTS) {
    const ids = page.ids.slice(start, start + PAGE_OBJECTS);
    const alerts = await selectPastAlerts(db, survey, ids, nights);
    found.push({ alerts, rows: await evaluateNights(tools, query, alerts, filter, signal) });
  }
  signal.throwIfAborted();
  return repeatTransaction(db, async (tx) => {
    // Its owner may have ended it, or another process has written this page.
    if (!(await lockOpenBackfill(tx, backfillId, nextKey))) return 0;
    const locked = (await lockFilters(tx, [queryId])).get(queryId);
    if (locked?.isOn !== true || locked.version !== version) return 0;
    let count = 0;
    const byNight = new Map<number, number>();
    for (const { alerts, rows } of found) {
      const matches = await tellPast(tx, {
        filter: { ...filter, memorySince: locked.memorySince },
        columns: query.columns,
        alerts,
        rows,
        now: now(),
      });
      const written = await writeMatches(tx, matches);
      count += written.length;
      const nights = new Map(alerts.map(({ alertId, nid }) => [alertId, nid]));
      for (const { alertId } of written) {
        const nid = nights.get(alertId ?? '');
        if (nid !== undefined) byNight.set(nid, (byNight.get(nid) ?? 0) + 1);
      }
    }
    await addPastMatches(tx, queryId, byNight);
    await advanceBackfill(tx, backfillId, {
      nextKey: page.next ?? nextKey,
      objects: page.ids.length,
      passed: count,
    });
    if (page.next === undefined) await endBackfill(tx, backfillId, { state: 'done', now: now() });
    return count;
  });
}

/** The rows of the objects that pass, by night: mjdnow() is the end of it. */
async function evaluateNights(
  { sandbox, now, config }: BackfillTools,
  query: FilterQuery,
  alerts: readonly PastAlert[],
  { userId, survey }: StoredFilter,
  signal: AbortSignal,
): Promise<Map<number, FilterRow[]>> {
  const rows = new Map<number, FilterRow[]>();
  for (const nid of new Set(alerts.map((alert) => alert.nid))) {
    const ids = new Set(alerts.flatMap((alert) => (alert.nid === nid ? [alert.objectId] : [])));
    const end = endOfNight(survey, nid);
    const at = end.getTime() < now().getTime() ? end : now();
    rows.set(
      nid,
      await evaluateFilter({ sandbox, now: () => at }, query, [...ids], {
        timeoutMs: config.filterTimeoutMs,
        holder: `backfill:${userId}`,
        signal,
      }),
    );
  }
  return rows;
}
