import { join } from 'node:path';

import { Command, InvalidArgumentError, Option } from 'commander';

import type { CrossmatchReport } from '../../bench/crossmatch.ts';
import type { FeatureFigures } from '../../bench/features.ts';
import type { RebuildReport } from '../../bench/rebuild.ts';
import type { ThroughputReport } from '../../bench/throughput.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { createLog } from '../../common/log.ts';
import { SIMULATED_CATALOGUES } from '../../ingest/simulate/catalogues/catalogue-formats.ts';
import type { SimulatedCatalogue } from '../../ingest/simulate/catalogues/catalogue-formats.ts';
import { readConfig } from '../environment.ts';
import { requireKafka, requireMariaDb } from '../install/requirements.ts';
import { benchSqlFuzzCommand } from './bench-sql-fuzz.ts';
import { benchSqlCommand } from './bench-sql.ts';
import { benchWatchlistsCommand } from './bench-watchlists.ts';
import { benchWatchmapsCommand } from './bench-watchmaps.ts';
import { catalogueNames } from './catalogue-names.ts';

const PROGRESS_EVERY_MS = 5_000;

interface ThroughputFlags {
  survey: Survey;
  workload: 'steady' | 'cold' | 'deep';
  alerts?: number;
  rate?: number;
  catalogueRows: number;
  processes: number;
  filters: number;
  profile?: boolean;
  json?: boolean;
}

/** `bin/glint bench`: figures of this machine, comparable with those in bench/README.md. */
export function benchCommand(): Command {
  const throughput = new Command('throughput')
    .description('how fast ingest drains a topic into the database, and what it costs')
    .addOption(new Option('--survey <survey>', 'whose alerts').choices(SURVEYS).default('ztf'))
    .addOption(
      new Option('--workload <workload>', 'what the packets bring')
        .choices(['steady', 'cold', 'deep'])
        .default('steady'),
    )
    .option('--alerts <count>', 'packets (default: 30,000 of ZTF, 15,000 of Rubin)', wholeNumber)
    .option('--rate <per second>', 'send at this pace and measure the delay', wholeNumber)
    .option(
      '--catalogue-rows <count>',
      'crossmatch with simulated catalogues, the largest of so many rows',
      wholeNumber,
      0,
    )
    .option('--processes <count>', 'ingest processes in the consumer group', wholeNumber, 1)
    .option('--filters <count>', 'filters that are on, each sent to Kafka', wholeNumber, 0)
    .option('--profile', 'where the time of ingest goes, as a table')
    .option('--json', 'print one JSON object')
    .action(runThroughput);
  const features = new Command('features')
    .description('what the features of an object cost, by length of its history')
    .option('--json', 'print one JSON object')
    .action(runFeatures);
  const crossmatch = new Command('crossmatch')
    .description('what it costs to compare new objects with catalogues made by the simulator')
    .option('--rows <count>', 'rows of each catalogue', wholeNumber, 1_000_000)
    .addOption(
      new Option('--only <names>', `some of ${SIMULATED_CATALOGUES.join(', ')}`)
        .argParser(catalogueNames)
        .default(SIMULATED_CATALOGUES, 'all'),
    )
    .option('--batches <count>', 'batches of 1,000 objects', wholeNumber, 20)
    .option('--json', 'print one JSON object')
    .action(runCrossmatch);
  const rebuild = new Command('rebuild')
    .description('how fast the features of all stored objects are worked out anew')
    .addOption(new Option('--survey <survey>', 'whose objects').choices(SURVEYS).default('ztf'))
    .option('--objects <count>', 'objects, made up', wholeNumber, 20_000)
    .option('--json', 'print one JSON object')
    .action(runRebuild);
  return new Command('bench')
    .description('measure speed on this machine')
    .addCommand(throughput)
    .addCommand(features)
    .addCommand(crossmatch)
    .addCommand(rebuild)
    .addCommand(benchSqlCommand())
    .addCommand(benchSqlFuzzCommand())
    .addCommand(benchWatchlistsCommand())
    .addCommand(benchWatchmapsCommand());
}

async function runThroughput(flags: ThroughputFlags): Promise<void> {
  const { home, logLevel } = readConfig();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await requireMariaDb(say);
  const kafkaLibs = await requireKafka(home, say);
  const { benchThroughput } = await import('../../bench/throughput.ts');
  const report = await benchThroughput({
    ...flags,
    profile: flags.profile === true,
    folder: join(home, 'bench'),
    kafkaLibs,
    glint: [process.execPath, process.argv[1]],
    log: createLog('bench', logLevel, 'pretty'),
  });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : describe(report));
}

async function runFeatures(flags: { json?: boolean }): Promise<void> {
  const { benchFeatures } = await import('../../bench/features.ts');
  const figures = benchFeatures();
  process.stdout.write(flags.json ? `${JSON.stringify(figures)}\n` : featureTables(figures));
}

interface CrossmatchFlags {
  rows: number;
  only: readonly SimulatedCatalogue[];
  batches: number;
  json?: boolean;
}

async function runCrossmatch(flags: CrossmatchFlags): Promise<void> {
  const { home, logLevel } = readConfig();
  await requireMariaDb((line) => process.stderr.write(`${line}\n`));
  const { benchCrossmatch } = await import('../../bench/crossmatch.ts');
  const report = await benchCrossmatch({
    rows: flags.rows,
    catalogues: flags.only,
    batches: flags.batches,
    folder: join(home, 'bench', 'crossmatch'),
    log: createLog('bench', logLevel, 'pretty'),
  });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : crossmatchText(report));
}

function crossmatchText(report: CrossmatchReport): string {
  const line = (name: string, { wall, client, server }: CrossmatchReport['perAlertMs']) =>
    `${name.padEnd(24)}${wall.toFixed(4)} ms: CPU of the program ${client.toFixed(4)}, of the database ${server.toFixed(4)}\n`;
  return [
    `${report.alerts} objects, ${report.catalogues} catalogues of ${report.rowsEach} rows; ${report.classified} belong to something\n`,
    line('an object', report.perAlertMs),
    line('an object and catalogue', report.perCatalogueMs),
    `loading the catalogues took ${report.loadSeconds.toFixed(0)} s\n`,
  ].join('');
}

async function runRebuild(flags: {
  survey: Survey;
  objects: number;
  json?: boolean;
}): Promise<void> {
  const { home, logLevel } = readConfig();
  await requireMariaDb((line) => process.stderr.write(`${line}\n`));
  const { benchRebuild } = await import('../../bench/rebuild.ts');
  let saidAt = performance.now();
  const report = await benchRebuild({
    ...flags,
    folder: join(home, 'bench', 'rebuild'),
    log: createLog('bench', logLevel, 'pretty'),
    onProgress(what, done, total) {
      if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
      saidAt = performance.now();
      process.stderr.write(`${what}: ${done} of ${total} objects\n`);
    },
  });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : rebuildText(report));
}

function rebuildText(report: RebuildReport): string {
  const { cpuMsPerObject: cpu, memoryMb: memory } = report;
  return [
    `${report.survey}: ${report.objects} objects with ${report.detections.toFixed(1)} detections each, stored in ${report.fillSeconds} s\n`,
    `rate            ${report.objectsPerSecond} objects/s\n`,
    `CPU per object  ${cpu.program} ms of the program, ${cpu.mariadb} ms of MariaDB\n`,
    `memory          ${memory.before} MB before, peak ${memory.peak} MB, ${memory.atEnd} MB at the end\n`,
  ].join('');
}

/** A table for each survey: a row a group, a column a length of history. */
function featureTables(figures: FeatureFigures[]): string {
  return SURVEYS.map((survey) => {
    const own = figures.filter((each) => each.survey === survey);
    const row = (name: string, values: string[]) =>
      `${name.padEnd(28)}${values.map((value) => value.padStart(10)).join('')}\n`;
    const ms = (value: number) => value.toFixed(4);
    const names = own[0].groups.map((group) => group.name);
    return [
      row(
        `${survey}: CPU ms, of points`,
        own.map(({ points }) => String(points)),
      ),
      row(
        'every alert, all together',
        own.map(({ everyAlert }) => ms(everyAlert)),
      ),
      row(
        '  the light curve',
        own.map(({ curve }) => ms(curve)),
      ),
      ...names.map((name, n) =>
        row(
          `  ${name}${own[0].groups[n].isFit ? ' (apart)' : ''}`,
          own.map(({ groups }) => (groups[n].isDue ? ms(groups[n].ms) : 'not due')),
        ),
      ),
    ].join('');
  }).join('\n');
}

function describe(report: ThroughputReport): string {
  const { cpuMsPerAlert: cpu, bytesPerAlert: bytes, memoryMb: memory, ledger, matches } = report;
  const lines = [
    `${report.survey} ${report.workload}: ${report.alerts} alerts, ${report.catalogueRows === 0 ? 'no catalogues' : `catalogues of up to ${report.catalogueRows} rows`}`,
    `rate            ${report.alertsPerSecond} alerts/s`,
    `CPU per alert   ${cpu.total} ms: ingest ${cpu.ingest}, filters ${cpu.filters}, deliver ${cpu.deliver}, MariaDB ${cpu.mariadb}, Kafka ${cpu.kafka}`,
    `delay           p50 ${report.p50Ms} ms, p95 ${report.p95Ms} ms, p99 ${report.p99Ms} ms from Kafka to the commit`,
    `ingest memory   peak ${report.peakMemoryMb} MB; ${memory.atQuarter} MB after a quarter, ${memory.atEnd} MB at the end`,
    `bytes per alert packet ${bytes.packet}, database ${bytes.database}, cutouts ${bytes.cutouts}`,
    `stages, ms per alert: ${Object.entries(report.stageMsPerAlert)
      .map(([stage, ms]) => `${stage} ${ms}`)
      .join(', ')}`,
    `ledger          received ${ledger.received} = stored ${ledger.stored} + known ${ledger.known} + dead-lettered ${ledger.deadLettered}`,
    ...(matches === undefined
      ? []
      : [
          `filters         ${matches.filtersOn} on at the end, ${matches.filtersWithMatches} with matches; ${matches.sent} records sent`,
          `to the record   p50 ${matches.p50Ms} ms, p95 ${matches.p95Ms} ms, p99 ${matches.p99Ms} ms from Kafka to the filter's topic`,
        ]),
    ...(report.profile ?? []).map(
      (row) =>
        `${(100 * row.share).toFixed(1).padStart(6)} %  ${String(row.selfMs).padStart(7)} ms  ${row.where}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}
