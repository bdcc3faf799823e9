import type { BenchQuery } from './sql-queries.ts';
import { cpuSeconds } from './measure-process.ts';

export interface Latency {
  name: string;
  runs: number;
  /** Rows of a run, on average. */
  rows: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** CPU of a run, milliseconds: of the process that runs queries, and of the database. */
  cpuMs: { program: number; mariadb: number };
  goalMs?: number;
}

/** Runs one query; how many rows it gave. */
export type Ask = (text: string, fields: Record<string, number> | undefined) => Promise<number>;

export interface LatencyOptions {
  ask: Ask;
  /** Processes whose CPU counts. */
  pids: { program: number; mariadb: number };
  /** Runs of each query, unless it takes longer than `mostMs` altogether. */
  runs: number;
  mostMs: number;
  /** Where the values of the runs begin: others than those of an earlier measurement. */
  firstRun: number;
}

const WARM_UP_RUNS = 3;
const LEAST_RUNS = 5;

/** Asks one query again and again, one after the other, with other values each time. */
export async function measureLatency(
  query: BenchQuery,
  { ask, pids, runs, mostMs, firstRun }: LatencyOptions,
): Promise<Latency> {
  const { name, text, fields, goalMs } = query;
  for (let run = 0; run < WARM_UP_RUNS; run++) await ask(text(firstRun + run), fields);
  const times: number[] = [];
  let rows = 0;
  const before = cpuOf(pids);
  const until = performance.now() + mostMs;
  while (times.length < runs && (times.length < LEAST_RUNS || performance.now() < until)) {
    const sql = text(firstRun + WARM_UP_RUNS + times.length);
    const from = performance.now();
    rows += await ask(sql, fields);
    times.push(performance.now() - from);
  }
  const after = cpuOf(pids);
  times.sort((a, b) => a - b);
  const each = (seconds: number) => rounded((1000 * seconds) / times.length);
  return {
    name,
    runs: times.length,
    rows: Math.round(rows / times.length),
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    p99Ms: quantile(times, 0.99),
    cpuMs: {
      program: each(after.program - before.program),
      mariadb: each(after.mariadb - before.mariadb),
    },
    ...(goalMs !== undefined && { goalMs }),
  };
}

function cpuOf({ program, mariadb }: LatencyOptions['pids']) {
  return { program: cpuSeconds(program), mariadb: cpuSeconds(mariadb) };
}

/** Of sorted values: the one that so many are not above. */
function quantile(sorted: readonly number[], fraction: number): number {
  return rounded(sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)]);
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
