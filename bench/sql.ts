import { loadavg } from 'node:os';
import { join } from 'node:path';

import type { Survey } from '../common/config.ts';
import type { Log } from '../common/log.ts';
import { askByHttp, askInProcess } from './sql-ask.ts';
import { measureDownloads } from './sql-download.ts';
import type { Download } from './sql-download.ts';
import { startIngest } from './sql-ingest.ts';
import { measureLatency } from './sql-latency.ts';
import type { Latency, LatencyOptions } from './sql-latency.ts';
import { benchQueries } from './sql-queries.ts';
import type { BenchQuery } from './sql-queries.ts';
import { startSite, startSqlServer } from './sql-server.ts';
import type { Site, SqlServer } from './sql-server.ts';

export interface SqlBenchOptions {
  survey: Survey;
  objects: number;
  /** Alerts a second that arrive while queries run again; undefined for none. */
  ingest?: { rate: number; kafkaLibs: string };
  /** Whether the filled database stays for the next run. */
  keep: boolean;
  folder: string;
  /** The program and its arguments: `node dist/glint.js`. */
  glint: string[];
  log: Log;
  onProgress: (done: number, total: number) => void;
}

/** The queries with goals, alone, while alerts arrive, and alone again. */
export interface IngestReport {
  /** Alerts a second that ingest stored meanwhile. */
  rate: number;
  before: Latency[];
  during: Latency[];
  after: Latency[];
}

export interface SqlBenchReport {
  survey: Survey;
  objects: number;
  inProcess: Latency[];
  overHttp: Latency[];
  downloads: Download[];
  ingest?: IngestReport;
  /** Processes of the machine that wanted to run, on average over a minute: at the start and the end. */
  load: { atStart: number; atEnd: number };
}

const RUNS = 100;
const MOST_MS = 5_000;
const INGEST_RUNS = 200;
const INGEST_MOST_MS = 10_000;
/** Runs of different measurements ask for different values. */
const RUNS_APART = 10_000;

/**
 * How fast users' SQL is over so many objects: each query in this process and over HTTP, long results
 * over HTTP, and on demand what is left of it while alerts arrive.
 */
export async function benchSql(options: SqlBenchOptions): Promise<SqlBenchReport> {
  const { log } = options;
  const [atStart] = loadavg();
  const server = await startSqlServer(options);
  try {
    const inProcess = await measureInProcess(server, options);
    const site = await startSite(server, options.glint);
    try {
      const { survey, objects } = options;
      log.info('the same over HTTP');
      const ask = askByHttp(site, server, survey);
      const measure = { ask, runs: RUNS, mostMs: MOST_MS, firstRun: RUNS_APART };
      const overHttp = await measureAll(benchQueries(survey, objects), server, site.pid, measure);
      log.info('long results');
      const downloads = await measureDownloads(site, server, { survey, objects });
      const ingest = await measureWithIngest(server, site, options);
      const load = { atStart: Number(atStart.toFixed(1)), atEnd: Number(loadavg()[0].toFixed(1)) };
      return {
        ...{ survey, objects, inProcess, overHttp, downloads, load },
        ...(ingest !== undefined && { ingest }),
      };
    } finally {
      await site.stop();
    }
  } finally {
    await server.stop();
    if (!options.keep) server.remove();
  }
}

async function measureInProcess(server: SqlServer, { survey, objects, log }: SqlBenchOptions) {
  log.info('queries in this process');
  const { ask, close } = askInProcess(server, survey);
  try {
    const measure = { ask, runs: RUNS, mostMs: MOST_MS, firstRun: 0 };
    return await measureAll(benchQueries(survey, objects), server, process.pid, measure);
  } finally {
    await close();
  }
}

async function measureWithIngest(
  server: SqlServer,
  site: Site,
  { survey, objects, ingest, folder, glint, log }: SqlBenchOptions,
): Promise<IngestReport | undefined> {
  if (ingest === undefined) return undefined;
  const queries = benchQueries(survey, objects).filter(({ goalMs }) => goalMs !== undefined);
  const ask = askByHttp(site, server, survey);
  const measure = (part: number) =>
    measureAll(queries, server, site.pid, {
      ...{ ask, runs: INGEST_RUNS, mostMs: INGEST_MOST_MS, firstRun: (2 + part) * RUNS_APART },
    });
  log.info('the queries with goals, alone');
  const before = await measure(0);
  log.info(`the same while ${ingest.rate} alerts arrive each second`);
  const running = await startIngest(server, {
    ...{ survey, rate: ingest.rate, folder: join(folder, 'ingest') },
    ...{ kafkaLibs: ingest.kafkaLibs, glint },
  });
  let during: Latency[];
  let rate: number;
  try {
    during = await measure(1);
    rate = await running.rate();
  } finally {
    await running.stop();
  }
  log.info('alone again');
  return { rate, before, during, after: await measure(2) };
}

async function measureAll(
  queries: readonly BenchQuery[],
  { database }: SqlServer,
  program: number,
  options: Omit<LatencyOptions, 'pids'>,
): Promise<Latency[]> {
  const pids = { program, mariadb: database.server.pid };
  const measured: Latency[] = [];
  for (const query of queries) measured.push(await measureLatency(query, { ...options, pids }));
  return measured;
}
