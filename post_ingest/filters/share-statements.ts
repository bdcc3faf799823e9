import { describeError } from '../../common/errors.ts';
import type { FilterRow } from '../../common/filters/evaluate.ts';
import { screenTogether } from '../../common/filters/screen-together.ts';
import { MOST_TOGETHER } from '../../common/sql/filter/compile-together.ts';
import type { FilterTools } from './filter-tools.ts';
import { limitTime } from './limit-time.ts';
import type { Round } from './round.ts';
import type { Task } from './screen-round.ts';

/** A statement of its own for fewer filters is no gain. */
const LEAST_FILTERS = 3;

interface ShareOptions {
  /** Statements that run at once. */
  pool: number;
  stop: AbortSignal;
  /** Longest that one may take, milliseconds. */
  softMs?: number;
}

/** What is left to ask of a filter. */
export interface Candidates {
  /** Objects that it is to be asked about by itself. */
  ids: string[];
  /** What it was found to pass already, instead, and how long that took. */
  found?: { rows: FilterRow[]; ms: number };
}

/**
 * The objects that each filter is to be asked about by itself. Filters that read the same tables share a
 * statement that says which objects their conditions let through, and of most the rows at once, so that
 * many filters cost little more than one. Where it fails, whichever filter is at fault, each is asked
 * about all of its own.
 *
 * @returns An answer for each task, in order.
 * @throws the reason of `stop`.
 */
export async function candidatesOf(
  tools: FilterTools,
  round: Round,
  tasks: readonly Task[],
  { pool, stop, softMs }: ShareOptions,
): Promise<Candidates[]> {
  const candidates = tasks.map(({ causes }): Candidates => ({
    ids: [...causes.keys()].map((place) => round.objectIds[place]),
  }));
  const groups = groupsOf(tasks, candidates);
  const worker = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const ids = [...new Set(group.flatMap((i) => candidates[i].ids))];
      const limit = limitTime(stop, softMs);
      const startedAt = performance.now();
      try {
        const answers = await screenTogether(
          tools,
          group.map((i) => tasks[i].live.query),
          ids,
          {
            timeoutMs: tools.limits.timeoutMs,
            holder: `filters:${tasks[group[0]].live.filter.queryId}`,
            signal: limit.signal,
          },
        );
        const ms = (performance.now() - startedAt) / group.length;
        for (const [n, i] of group.entries()) {
          const { rows, ids: passing } = answers[n];
          candidates[i] =
            rows === undefined
              ? { ids: candidates[i].ids.filter((id) => passing.has(id)) }
              : { ids: [], found: { rows, ms } };
        }
      } catch (err) {
        stop.throwIfAborted();
        tools.log.debug(`${group.length} filters are run one by one: ${describeError(err)}`);
      } finally {
        limit.end();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(pool, groups.length) }, worker));
  return candidates;
}

/** Tasks, by number, that one statement is to tell of. */
function groupsOf(tasks: readonly Task[], candidates: readonly Candidates[]): number[][] {
  const byShape = new Map<string, number[]>();
  for (const [i, { live }] of tasks.entries()) {
    if (candidates[i].ids.length === 0) continue;
    const { shape } = live.query.pieces;
    if (shape === undefined) continue;
    const group = byShape.get(shape);
    if (group === undefined) byShape.set(shape, [i]);
    else group.push(i);
  }
  return [...byShape.values()].flatMap((group) => {
    const parts: number[][] = [];
    for (let first = 0; first < group.length; first += MOST_TOGETHER)
      parts.push(group.slice(first, first + MOST_TOGETHER));
    return parts.filter((part) => part.length >= LEAST_FILTERS);
  });
}
