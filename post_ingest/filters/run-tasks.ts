import { BusyError, describeError, RateLimitError, UpstreamError } from '../../common/errors.ts';
import { evaluateFilter } from '../../common/filters/evaluate.ts';
import type { FilterRow } from '../../common/filters/evaluate.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { FilterTools } from './filter-tools.ts';
import { limitTime } from './limit-time.ts';
import type { Round } from './round.ts';
import type { Task } from './screen-round.ts';
import { candidatesOf } from './share-statements.ts';

/** Rows of one object that are told. */
const ROWS_PER_OBJECT = 10;

/** What came of a filter's statement. */
export type TaskResult =
  | { ran: true; ms: number; records: Map<number, Record<string, Scalar>[]> }
  | {
      ran: false;
      ms: number;
      reason: string;
      /**
       * `late`: it took longer than it may on the stream. `failed`: it failed by itself. `away`: the
       * database did not answer. `broken`: it can never run.
       */
      kind: 'late' | 'failed' | 'away' | 'broken';
    };

/**
 * Runs filters on the objects that they may pass, some at once.
 *
 * @param softMs - A statement that takes longer is ended, and called late; without it, it has all the
 *   time that filters have.
 * @param stop - Aborted when the round is given up.
 * @returns A result for each task, in order; of one without objects that it ran and found nothing.
 * @throws the reason of `stop`.
 */
export async function runTasks(
  tools: FilterTools,
  round: Round,
  tasks: readonly Task[],
  { pool, softMs, stop }: { pool: number; softMs?: number; stop: AbortSignal },
): Promise<TaskResult[]> {
  const results: TaskResult[] = tasks.map(() => ({ ran: true, ms: 0, records: new Map() }));
  const candidates = await candidatesOf(tools, round, tasks, { pool, stop, softMs });
  for (const [i, { found }] of candidates.entries()) {
    if (found === undefined) continue;
    results[i] = { ran: true, ms: found.ms, records: recordsOf(round, tasks[i], found.rows) };
  }
  const queue = candidates.flatMap(({ ids }, i) => (ids.length > 0 ? [i] : []));
  const worker = async () => {
    for (let i = queue.shift(); i !== undefined; i = queue.shift())
      results[i] = await runTask(tools, round, tasks[i], candidates[i].ids, { stop, softMs });
  };
  await Promise.all(Array.from({ length: Math.min(pool, queue.length) }, worker));
  return results;
}

async function runTask(
  tools: FilterTools,
  round: Round,
  task: Task,
  ids: readonly string[],
  { stop, softMs }: { stop: AbortSignal; softMs: number | undefined },
): Promise<TaskResult> {
  const { live } = task;
  const startedAt = performance.now();
  const limit = limitTime(stop, softMs);
  try {
    const rows = await evaluateFilter(tools, live.query, ids, {
      timeoutMs: tools.limits.timeoutMs,
      holder: `filter:${live.filter.queryId}`,
      signal: limit.signal,
    });
    const records = recordsOf(round, task, rows);
    return { ran: true, ms: performance.now() - startedAt, records };
  } catch (err) {
    const ms = performance.now() - startedAt;
    stop.throwIfAborted();
    const isLate = limit.isOver();
    const reason = isLate
      ? `it took longer than ${softMs} ms, and is run again beside the stream`
      : describeError(err);
    return { ran: false, ms, reason, kind: isLate ? 'late' : kindOf(err) };
  } finally {
    limit.end();
  }
}

/** Records by place, of the objects that the task is about. */
function recordsOf(
  round: Round,
  { causes }: Task,
  rows: readonly FilterRow[],
): Map<number, Record<string, Scalar>[]> {
  const records = new Map<number, Record<string, Scalar>[]>();
  for (const { objectId, record } of rows) {
    const place = round.places.get(objectId);
    if (place === undefined || !causes.has(place)) continue;
    const known = records.get(place);
    if (known === undefined) records.set(place, [record]);
    else if (known.length < ROWS_PER_OBJECT) known.push(record);
  }
  return records;
}

function kindOf(err: unknown): 'failed' | 'away' | 'broken' {
  if (err instanceof QueryError) return 'broken';
  if (err instanceof UpstreamError || err instanceof BusyError || err instanceof RateLimitError)
    return 'away';
  return 'failed';
}
