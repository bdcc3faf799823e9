import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { startKafka } from '../bin/servers/kafka.ts';
import { startMariaDb } from '../bin/servers/mariadb.ts';
import { parseConfig } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import { SetupError } from '../common/errors.ts';
import { addHistogram, quantileMs } from '../common/histogram.ts';
import type { Histogram } from '../common/histogram.ts';
import type { Log } from '../common/log.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { openDatabase } from '../common/store/database.ts';
import type { Database } from '../common/store/database.ts';
import { migrate } from '../common/store/migrate.ts';
import { createStreamAdmin } from '../common/stream/admin.ts';
import { createProducer } from '../common/stream/producer.ts';
import { openFeed } from '../ingest/feed.ts';
import { readNight } from '../ingest/simulate/night-file.ts';
import type { NightFile } from '../ingest/simulate/night-file.ts';
import { prepareWorkload } from '../ingest/simulate/workloads.ts';
import { copyCatalogueServer, prepareCatalogueServer } from './bench-catalogues.ts';
import { isAllSent, lastWorkAt, readMatches, setUpFilters } from './filter-load.ts';
import type { MatchReport } from './filter-load.ts';
import { cpuSeconds, folderBytes, memoryBytes, peakMemoryBytes } from './measure-process.ts';
import { profileTable } from './profile-table.ts';
import type { ProfileRow } from './profile-table.ts';

export interface ThroughputOptions {
  survey: Survey;
  workload: 'steady' | 'cold' | 'deep';
  /** Packets of the measured night; the workload's own number by default. */
  alerts?: number;
  /** Packets a second to pace at: measures the delay instead of the rate. */
  rate?: number;
  /** Rows of the largest catalogues that objects are crossmatched with; 0 for no catalogues. */
  catalogueRows: number;
  /** Ingest processes in the consumer group. */
  processes: number;
  /** Filters that are on, each sent to a topic of its own. */
  filters: number;
  profile: boolean;
  /** Private servers and prepared nights live here. */
  folder: string;
  kafkaLibs: string;
  /** The program and its arguments that `ingest` is added to: `node dist/glint.js`. */
  glint: string[];
  log: Log;
}

export interface ThroughputReport {
  survey: Survey;
  workload: string;
  catalogueRows: number;
  alerts: number;
  alertsPerSecond: number;
  cpuMsPerAlert: Record<Part, number> & { total: number };
  peakMemoryMb: number;
  /** Resident memory of the first ingest process at a quarter and at the end of the run, MB. */
  memoryMb: { atQuarter: number; atEnd: number };
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  bytesPerAlert: { packet: number; database: number; cutouts: number };
  stageMsPerAlert: Record<string, number>;
  ledger: { received: number; stored: number; known: number; deadLettered: number };
  /** What filters passed, and how late it was: from Kafka's timestamp to its delivery. */
  matches?: MatchReport;
  profile?: ProfileRow[];
}

const PARTS = ['ingest', 'filters', 'deliver', 'mariadb', 'kafka'] as const;
type Part = (typeof PARTS)[number];
type Pids = Record<Part, number[]>;

const PARTITIONS = 4;
/** Bytes in one call of the producer. */
const SEND_BYTES = 8e6;
const LIMIT_MS = 30 * 60_000;
const MB = 1e6;

/**
 * Fills a topic of a private Kafka with a prepared night and measures how ingest drains it into a
 * private, fresh MariaDB, all on this machine. The rate counts from the first commit to the last, or
 * to the last record that a filter sent.
 * With `rate` the night is sent at that pace while ingest follows it, and the delays from Kafka's
 * timestamp to the commit are what counts.
 */
export async function benchThroughput(options: ThroughputOptions): Promise<ThroughputReport> {
  const { survey, log, folder } = options;
  rmSync(join(folder, 'run'), { recursive: true, force: true });
  mkdirSync(join(folder, 'run'), { recursive: true });
  log.info('preparing the night');
  const nights = await prepareWorkload(survey, options.workload, join(folder, 'nights'), {
    alerts: options.alerts,
  });
  if (options.catalogueRows > 0) {
    log.info(`preparing catalogues of ${options.catalogueRows} rows`);
    const prepared = await prepareCatalogueServer(options.catalogueRows, folder, log);
    copyCatalogueServer(prepared, join(folder, 'run', 'mariadb'));
  }
  const hasFilters = options.filters > 0;
  const database = await startMariaDb({ folder: join(folder, 'run', 'mariadb') });
  const kafka = await startKafka({ folder: join(folder, 'run', 'kafka'), libs: options.kafkaLibs });
  const environment = {
    GLINT_HOME: join(folder, 'run'),
    GLINT_DATABASE_URL: database.url,
    GLINT_KAFKA_BROKERS: kafka.brokers.join(','),
    GLINT_LOG_FORMAT: 'json',
    GLINT_LOG_LEVEL: 'warn',
  };
  const config = parseConfig(environment);
  const db = openDatabase(database.url);
  const children: ChildProcess[] = [];
  try {
    await migrate(db, ALL_TABLES, log);
    if (nights.preload !== undefined) {
      log.info(`making ${nights.preload.count} earlier packets known`);
      await preload(nights.preload, survey, { config, db, log, now: () => new Date() });
    }
    if (hasFilters) {
      log.info(`switching ${options.filters} filters on`);
      await setUpFilters({ config, db, log, now: () => new Date() }, survey, options.filters);
    }
    await db.execute('TRUNCATE TABLE glint.filter_batches');
    await db.execute('TRUNCATE TABLE glint.batches');
    await db.execute('TRUNCATE TABLE glint.ledger');
    const before = {
      database: folderBytes(join(folder, 'run', 'mariadb', 'data', survey)),
      cutouts: cutoutBytes(config.cutoutDir),
    };
    const admin = createStreamAdmin(config.kafka, log);
    const topic = survey === 'ztf' ? 'ztf_20260101_programid1' : 'lsst-alerts-v10.0';
    await admin.ensureTopic(topic, PARTITIONS);
    const send = async (rate?: number) => {
      const producer = await createProducer(config.kafka, log);
      await produce(
        nights.measured,
        (values) =>
          producer.send(
            topic,
            values.map((value) => ({ value })),
          ),
        rate,
      );
      await producer.stop();
    };
    if (options.rate === undefined) {
      log.info(`filling the topic with ${nights.measured.count} packets`);
      await send();
    }
    log.info('ingest starts');
    const start = (part: Part, args: string[], number = 0) => {
      const child = startPart(options, environment, `${part}-${number}`, args);
      children.push(child);
      return child.pid ?? 0;
    };
    const pids: Pids = {
      filters: hasFilters ? [start('filters', ['filters'])] : [],
      deliver: hasFilters ? [start('deliver', ['deliver'])] : [],
      ingest: Array.from({ length: options.processes }, (_, i) =>
        start('ingest', ['ingest', '--survey', survey], i),
      ),
      mariadb: [database.server.pid],
      kafka: [kafka.server.pid],
    };
    if (options.rate !== undefined) await sleep(5_000);
    const sending = options.rate === undefined ? Promise.resolve() : send(options.rate);
    const run = await follow(db, nights.measured.count, pids, children, hasFilters);
    const matches = hasFilters ? await readMatches(db) : undefined;
    await sending;
    const after = {
      database: folderBytes(join(folder, 'run', 'mariadb', 'data', survey)),
      cutouts: cutoutBytes(config.cutoutDir),
    };
    await admin.stop();
    const report: ThroughputReport = {
      survey,
      workload: options.workload,
      catalogueRows: options.catalogueRows,
      ...run,
      matches,
      peakMemoryMb: round(Math.max(...pids.ingest.map(peakMemoryBytes)) / MB, 1),
      bytesPerAlert: {
        packet: Math.round(nights.measured.bytes / nights.measured.count),
        database: Math.round((after.database - before.database) / run.alerts),
        cutouts: Math.round((after.cutouts - before.cutouts) / run.alerts),
      },
    };
    await Promise.all(children.map(endProcess));
    if (options.profile) report.profile = readProfile(join(folder, 'run', 'profile-ingest-0'));
    return report;
  } finally {
    await Promise.all(children.map(endProcess));
    await db.close();
    await kafka.server.stop();
    await database.server.stop();
  }
}

async function preload(
  night: NightFile,
  survey: Survey,
  context: Parameters<typeof openFeed>[0],
): Promise<void> {
  const feed = openFeed(context, survey);
  for await (const packet of readNight(night.file)) await feed.push([packet]);
  await feed.finish();
}

async function produce(
  night: NightFile,
  send: (values: Buffer[]) => Promise<void>,
  rate?: number,
): Promise<void> {
  const perSend = rate === undefined ? Infinity : Math.max(1, Math.round(rate / 20));
  const startedAt = performance.now();
  let values: Buffer[] = [];
  let sent = 0;
  let bytes = 0;
  const flush = async () => {
    if (rate !== undefined)
      await sleep(Math.max(0, startedAt + (1000 * sent) / rate - performance.now()));
    await send(values);
    sent += values.length;
    values = [];
    bytes = 0;
  };
  for await (const packet of readNight(night.file)) {
    values.push(packet);
    bytes += packet.length;
    if (values.length >= perSend || bytes >= SEND_BYTES) await flush();
  }
  if (values.length > 0) await flush();
}

function startPart(
  options: ThroughputOptions,
  environment: Record<string, string>,
  name: string,
  command: string[],
): ChildProcess {
  const profile = join(options.folder, 'run', `profile-${name}`);
  const [program, ...args] = options.glint;
  const flags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  return spawn(program, [...flags, ...args, ...command], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const Progress = z.object({ batches: z.coerce.number(), received: z.coerce.number() });

/** Watches the batches come in; measures between the first and the last of them. */
async function follow(
  db: Database,
  expected: number,
  pids: Pids,
  children: ChildProcess[],
  hasFilters: boolean,
) {
  const deadline = Date.now() + LIMIT_MS;
  const cpu = (part: Part) => pids[part].reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const cpuOfParts = () => new Map(PARTS.map((part) => [part, cpu(part)]));
  let start: { received: number; cpu: Map<Part, number> } | undefined;
  let memoryAtQuarter = 0;
  for (;;) {
    await sleep(100);
    if (children.some((child) => child.exitCode !== null))
      throw new SetupError('a process ended by itself: its last lines say why');
    if (Date.now() > deadline)
      throw new SetupError('ingest did not drain the topic within half an hour');
    const [progress] = await db.rows(
      Progress,
      'SELECT COUNT(*) AS batches, COALESCE(SUM(received), 0) AS received FROM glint.batches',
    );
    if (progress.batches > 0) start ??= { received: progress.received, cpu: cpuOfParts() };
    if (memoryAtQuarter === 0 && progress.received > expected / 4)
      memoryAtQuarter = memoryBytes(pids.ingest[0]);
    if (
      start !== undefined &&
      progress.received >= expected &&
      (!hasFilters || (await isAllSent(db)))
    ) {
      const end = cpuOfParts();
      const counted = progress.received - start.received;
      const perAlert = PARTS.map((part): [Part, number] => {
        const seconds = (end.get(part) ?? 0) - (start?.cpu.get(part) ?? 0);
        return [part, round((1000 * seconds) / counted, 3)];
      });
      const total = perAlert.reduce((sum, [, ms]) => sum + ms, 0);
      const cpuMsPerAlert = {
        ...(Object.fromEntries(perAlert) as Record<Part, number>),
        total: round(total, 3),
      };
      const memoryMb = {
        atQuarter: round(memoryAtQuarter / MB, 1),
        atEnd: round(memoryBytes(pids.ingest[0]) / MB, 1),
      };
      return { ...(await summarise(db, await lastWorkAt(db))), cpuMsPerAlert, memoryMb };
    }
  }
}

const BatchRow = z.object({
  committedAt: z.date(),
  received: z.number(),
  stored: z.number(),
  known: z.number(),
  deadLettered: z.number(),
  timings: z
    .string()
    .transform((text) => JSON.parse(text) as Record<string, number> & { delays: Histogram }),
});

/** @param lastWorkAt - When filters and deliveries had done the last of it, if there are any. */
async function summarise(db: Database, lastWorkAt: Date | null) {
  const batches = await db.rows(
    BatchRow,
    'SELECT committed_at AS committedAt, received, stored, known, dead_lettered AS deadLettered, timings FROM glint.batches ORDER BY committed_at',
  );
  const sum = (pick: (batch: (typeof batches)[number]) => number) =>
    batches.reduce((total, batch) => total + pick(batch), 0);
  const alerts = sum((batch) => batch.received);
  const endedAt = Math.max(
    batches[batches.length - 1].committedAt.getTime(),
    lastWorkAt?.getTime() ?? 0,
  );
  const seconds = (endedAt - batches[0].committedAt.getTime()) / 1000;
  const delays: Histogram = {};
  for (const batch of batches) addHistogram(delays, batch.timings.delays);
  const stages = [...new Set(batches.flatMap((batch) => Object.keys(batch.timings)))].filter(
    (stage) => stage !== 'delays',
  );
  const milliseconds = (fraction: number) => {
    const value = quantileMs(delays, fraction);
    return value === undefined ? null : Math.round(value);
  };
  return {
    alerts,
    alertsPerSecond: seconds > 0 ? Math.round((alerts - batches[0].received) / seconds) : 0,
    p50Ms: milliseconds(0.5),
    p95Ms: milliseconds(0.95),
    p99Ms: milliseconds(0.99),
    stageMsPerAlert: Object.fromEntries(
      stages.map((stage) => [stage, round(sum((batch) => batch.timings[stage]) / alerts, 4)]),
    ),
    ledger: {
      received: alerts,
      stored: sum((batch) => batch.stored),
      known: sum((batch) => batch.known),
      deadLettered: sum((batch) => batch.deadLettered),
    },
  };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function readProfile(folder: string): ProfileRow[] {
  const [file] = readdirSync(folder);
  return profileTable(join(folder, file));
}

function cutoutBytes(folder: string): number {
  try {
    return folderBytes(folder);
  } catch {
    return 0; // Nothing was written yet.
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
