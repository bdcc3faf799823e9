import { join } from 'node:path';

import { MultiBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';

import { nightOfDate } from '../../common/astro/time.ts';
import { SURVEYS } from '../../common/config.ts';
import type { KafkaSettings, Survey } from '../../common/config.ts';
import { SetupError } from '../../common/errors.ts';
import { createLog } from '../../common/log.ts';
import {
  SIMULATED_CATALOGUES,
  formatOf,
} from '../../ingest/simulate/catalogues/catalogue-formats.ts';
import type { SimulatedCatalogue } from '../../ingest/simulate/catalogues/catalogue-formats.ts';
import type { NightOptions, WorkloadName } from '../../ingest/simulate/options.ts';
import type { SimulationReport } from '../../ingest/simulate/run-simulation.ts';
import type { PacketSink } from '../../ingest/simulate/sinks.ts';
import { readConfig } from '../environment.ts';
import { catalogueNames } from './catalogue-names.ts';
import { withContext } from '../open-context.ts';
import { readRunState } from '../up/run-state.ts';

const TARGETS = ['kafka', 'files', 'direct', 'pipeline'] as const;
const WORKLOADS = ['night', 'steady', 'cold', 'deep'] as const satisfies readonly WorkloadName[];
const MAX_ALERTS = 2_000_000;
const MAX_NIGHTS = 400;

/** What a simulated sky depends on. */
interface SkyOptions {
  survey: Survey | 'both';
  alerts: number;
  seed: number;
  nights: number;
  startDate?: number;
  workload: WorkloadName;
  json?: boolean;
}

interface SimulateOptions extends SkyOptions {
  rate?: number;
  to: (typeof TARGETS)[number];
  out?: string;
  topic?: string;
}

interface CatalogueOptions extends SkyOptions {
  only: readonly SimulatedCatalogue[];
  rows: number;
  out: string;
}

/** `bin/glint simulate`: nights of synthetic packets with known truth. */
export function simulateCommand(): Command {
  return withSkyOptions(
    new Command('simulate').description(
      "make nights of synthetic alerts, in the survey's own schema, with known truth",
    ),
  )
    .option('--rate <number>', 'packets per second (default: as fast as they are made)', positive)
    .addOption(
      new Option('--to <target>', 'Kafka, a folder, or straight into the database')
        .choices(TARGETS)
        .default('kafka'),
    )
    .option('--out <folder>', 'folder for --to files, and for the record of truth')
    .option('--topic <name>', 'one topic instead of those that the surveys use')
    .action((options: SimulateOptions, command: Command) => simulate(options, command))
    .enablePositionalOptions()
    .addCommand(catalogueCommand());
}

/** `bin/glint simulate catalogue`: what catalogues would list of the same sky. */
function catalogueCommand(): Command {
  return withSkyOptions(
    new Command('catalogue').description(
      'write catalogues (CSV) of the sky that the same options make nights of, filled up to any size',
    ),
  )
    .addOption(
      new Option('--only <names>', `some of ${SIMULATED_CATALOGUES.join(', ')}`)
        .argParser(catalogueNames)
        .default(SIMULATED_CATALOGUES, 'all'),
    )
    .option('--rows <count>', 'fill each up to so many rows', wholeNumber(0, 2e9), 0)
    .requiredOption('--out <folder>', 'folder that the files are written to')
    .action(simulateCatalogues);
}

function withSkyOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--survey <survey>', 'whose alerts').choices([...SURVEYS, 'both']).default('both'),
    )
    .option('--alerts <count>', 'packets per night', wholeNumber(1, MAX_ALERTS), 2000)
    .option('--seed <number>', 'another seed is another sky', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--nights <count>', 'successive nights', wholeNumber(1, MAX_NIGHTS), 1)
    .option(
      '--start-date <YYYY-MM-DD>',
      'first night (default: so that the last was yesterday)',
      night,
    )
    .addOption(
      new Option('--workload <name>', 'what the packets bring (see docs/simulator.md)')
        .choices(WORKLOADS)
        .default('night'),
    )
    .option('--json', 'print what was made as JSON');
}

async function simulateCatalogues(options: CatalogueOptions): Promise<void> {
  const { writeCatalogues } = await import('../../ingest/simulate/catalogues/write-catalogues.ts');
  const bars = new MultiBar({
    format: '{catalogue} |{bar}| {value} rows',
    noTTYOutput: false,
    clearOnComplete: true,
    hideCursor: true,
  });
  const shown = new Map<string, ReturnType<MultiBar['create']>>();
  const written = await writeCatalogues({
    catalogues: options.only,
    nights: surveysOf(options).map((survey) => nightOptions(options, survey)),
    rows: options.rows,
    seed: options.seed,
    folder: options.out,
    progress(catalogue, rows) {
      if (options.json) return;
      const bar = shown.get(catalogue) ?? bars.create(options.rows, 0, { catalogue });
      shown.set(catalogue, bar);
      bar.update(rows, { catalogue });
    },
  }).finally(() => bars.stop());
  for (const { catalogue, file, rows, ofNights } of written) {
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ catalogue, file, rows, ofNights })}\n`
        : `${file}: ${rows} rows, ${ofNights} of them in the sky of the nights; written like ${formatOf(catalogue).like}\n`,
    );
  }
}

async function simulate(options: SimulateOptions, command: Command): Promise<void> {
  if (options.to === 'files' && options.out === undefined) {
    command.error('error: --to files needs --out FOLDER');
  }
  if (options.workload === 'deep' && options.survey !== 'lsst') {
    command.error(
      'error: only Rubin has deep-drilling fields: --workload deep needs --survey lsst',
    );
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  if (process.connected) process.once('disconnect', () => stop.abort());
  const reports = await runAll(options, stop.signal);
  if (process.connected) process.disconnect();
  for (const report of reports) {
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : sentence(report));
  }
}

function sentence({ survey, packets, bytes, objects, seconds, truth }: SimulationReport): string {
  const rate = Math.round(packets / seconds);
  const megabytes = Math.round(bytes / 1e6);
  return `${survey}: ${packets} packets of ${objects} objects (${megabytes} MB) in ${seconds.toFixed(1)} s, ${rate}/s; what they are is in ${truth}\n`;
}

async function runAll(options: SimulateOptions, signal: AbortSignal): Promise<SimulationReport[]> {
  // Loaded when they are needed: the other commands start faster without them.
  const { filesSink, kafkaSink, feedSink } = await import('../../ingest/simulate/sinks.ts');
  const out = options.out;
  switch (options.to) {
    case 'files':
      return runWith(options, signal, (survey) =>
        filesSink(options.survey === 'both' ? join(out ?? '.', survey) : (out ?? '.')),
      );
    case 'kafka': {
      const config = readConfig();
      const log = createLog('simulate', config.logLevel, config.logFormat);
      const running = readRunState(config.home)?.kafka?.brokers;
      const settings = (survey: Survey): KafkaSettings => {
        const { brokers = running, ...others } = config.surveyKafka[survey];
        return { ...others, ...(brokers && { brokers }) };
      };
      if (surveysOf(options).some((survey) => settings(survey).brokers === undefined)) {
        throw new SetupError(
          'there is no Kafka to send to: start bin/glint up first, name yours in GLINT_KAFKA_BROKERS, or use --to direct or --to files',
        );
      }
      return runWith(options, signal, (survey) =>
        kafkaSink(settings(survey), log, survey, options.topic),
      );
    }
    case 'direct':
    case 'pipeline':
      return withContext('simulate', { servers: 'started' }, async (context) => {
        const { openFeed } = await import('../../ingest/feed.ts');
        return runWith(options, signal, (survey) =>
          Promise.resolve(feedSink(openFeed(context, survey))),
        );
      });
  }
}

const surveysOf = ({ survey }: SkyOptions): readonly Survey[] =>
  survey === 'both' ? SURVEYS : [survey];

async function runWith(
  options: SimulateOptions,
  signal: AbortSignal,
  sinkOf: (survey: Survey) => Promise<PacketSink>,
): Promise<SimulationReport[]> {
  const { runSimulation } = await import('../../ingest/simulate/run-simulation.ts');
  const surveys = surveysOf(options);
  const bars = new MultiBar({
    format: '{survey} |{bar}| {value}/{total} packets, {eta_formatted} left',
    noTTYOutput: false,
    clearOnComplete: true,
    hideCursor: true,
  });
  try {
    return await Promise.all(
      surveys.map(async (survey) => {
        const night = nightOptions(options, survey);
        const bar = options.json
          ? undefined
          : bars.create(night.alerts * night.nights, 0, { survey });
        return runSimulation(night, await sinkOf(survey), {
          truthFile: truthFile(options, night),
          signal,
          progress: (done) => bar?.update(done),
          ...(options.rate !== undefined && { rate: options.rate / surveys.length }),
        });
      }),
    );
  } finally {
    bars.stop();
  }
}

function nightOptions(options: SkyOptions, survey: Survey): NightOptions {
  const { alerts, seed, nights, workload } = options;
  const startNight = options.startDate ?? nightOfDate(new Date()) - nights;
  return { survey, alerts, seed, nights, startNight, workload };
}

function truthFile(options: SimulateOptions, { survey, seed, startNight }: NightOptions): string {
  if (options.out === undefined) {
    return join(readConfig().home, 'truth', `${survey}-${startNight}-${seed}.jsonl`);
  }
  const folder = options.to === 'files' && options.survey === 'both' ? survey : '';
  const name = options.to === 'files' ? 'truth.jsonl' : `truth-${survey}.jsonl`;
  return join(options.out, folder, name);
}

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high || text.trim() === '') {
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

/** Number of the night of a date. */
function night(text: string): number {
  const date = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It must be a date such as 2026-03-10.');
  }
  const number = nightOfDate(date);
  if (number < 366 || number > 8000) {
    throw new InvalidArgumentError('Nights from 2018 to 2038 can be simulated.');
  }
  return number;
}
