import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';

import { SURVEYS } from '../../common/config.ts';
import type { KafkaSettings, Survey } from '../../common/config.ts';
import { SetupError } from '../../common/errors.ts';
import { createLog } from '../../common/log.ts';
import type { ReplayReport, ReplaySink } from '../../ingest/replay/replay.ts';
import type { KafkaOutcome, PipelineOutcome } from '../../ingest/replay/replay-sinks.ts';
import { readConfig } from '../environment.ts';
import { withContext } from '../open-context.ts';
import { readRunState } from '../up/run-state.ts';

interface ReplayCommandOptions {
  to: 'kafka' | 'pipeline';
  survey?: Survey;
  topic?: string;
  rate?: number;
  json?: boolean;
}

/** Topics that the summary names; `--json` names all. */
const TOLD_TOPICS = 5;

/** `bin/glint replay`: packets that are on the disk, once more. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('packets from files, folders and tar archives into the database, or into Kafka')
    .argument('<path...>', 'what to read: packets, folders of them, .tar, .tar.gz, .gz')
    .addOption(
      new Option('--to <target>', 'straight into the database, or to Kafka for ingest to read')
        .choices(['pipeline', 'kafka'])
        .default('pipeline'),
    )
    .addOption(
      new Option('--survey <survey>', 'whose packets those are that do not say it').choices(
        SURVEYS,
      ),
    )
    .option(
      '--topic <name>',
      'with --to kafka: one topic instead of those that the surveys use',
      topic,
    )
    .option('--rate <number>', 'packets per second (default: as fast as they are taken)', positive)
    .option('--json', 'print the outcome as JSON')
    .action((paths: string[], options: ReplayCommandOptions, command: Command) => {
      if (options.topic !== undefined && options.to !== 'kafka') {
        command.error('error: --topic is for --to kafka');
      }
      return run(paths, options);
    });
}

async function run(paths: string[], options: ReplayCommandOptions): Promise<void> {
  // Paths are looked at first: a wrong one is told before any server is started.
  const { measurePaths } = await import('../../ingest/replay/find-files.ts');
  const { bytes } = await measurePaths(paths);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  if (options.to === 'kafka') {
    const report = await replayWith(paths, bytes, options, stop.signal, await sinkToKafka(options));
    print(options, kafkaSummary(report), { ...numbers(options, report), topics: report.outcome });
    if (report.failure !== undefined) throw report.failure;
    return;
  }
  await withContext('replay', { servers: 'started' }, async (context) => {
    const { pipelineSink } = await import('../../ingest/replay/replay-sinks.ts');
    const report = await replayWith(paths, bytes, options, stop.signal, pipelineSink(context));
    print(options, pipelineSummary(report), {
      ...numbers(options, report),
      ...sumOf(report.outcome),
      surveys: report.outcome,
    });
    if (report.failure !== undefined) throw report.failure;
  });
}

async function sinkToKafka(options: ReplayCommandOptions): Promise<ReplaySink<KafkaOutcome>> {
  const config = readConfig();
  const running = readRunState(config.home)?.kafka?.brokers;
  const settingsOf = (survey: Survey): KafkaSettings => {
    const settings = config.surveyKafka[survey];
    const brokers = settings.brokers ?? running;
    if (brokers === undefined) {
      throw new SetupError(
        'there is no Kafka to send to: start bin/glint up first, name yours in GLINT_KAFKA_BROKERS, or leave --to kafka out',
      );
    }
    return { ...settings, brokers };
  };
  for (const survey of options.survey === undefined ? SURVEYS : [options.survey])
    settingsOf(survey);
  const { kafkaSink } = await import('../../ingest/replay/replay-sinks.ts');
  const log = createLog('replay', config.logLevel, config.logFormat);
  return kafkaSink(config, settingsOf, log, options.topic);
}

async function replayWith<Outcome>(
  paths: string[],
  bytes: number,
  { survey, rate, json }: ReplayCommandOptions,
  signal: AbortSignal,
  sink: ReplaySink<Outcome>,
): Promise<ReplayReport<Outcome>> {
  const { replay } = await import('../../ingest/replay/replay.ts');
  const bar = new SingleBar({
    format: 'replay |{bar}| {percentage}%, {packets} packets, {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
  });
  const showsBar = process.stderr.isTTY && !json;
  if (showsBar) bar.start(bytes, 0, { packets: 0 });
  try {
    return await replay(paths, sink, {
      survey,
      rate,
      signal,
      onBytes: (count) => showsBar && bar.increment(count),
      onPackets: (packets) => showsBar && bar.update({ packets }),
    });
  } finally {
    bar.stop();
  }
}

function pipelineSummary(report: ReplayReport<PipelineOutcome>): string {
  const { received, stored, known, deadLettered } = sumOf(report.outcome);
  const what = `${packetsRead(report)}: ${received} alerts received, ${stored} stored, ${known} known before, ${deadLettered} in the dead letters`;
  return deadLettered > 0 ? `${what} (bin/glint dead-letters list)` : what;
}

function kafkaSummary(report: ReplayReport<KafkaOutcome>): string {
  const topics = Object.entries(report.outcome).sort(([, a], [, b]) => b - a);
  const told = topics.slice(0, TOLD_TOPICS).map(([name, count]) => `${count} to ${name}`);
  if (topics.length > TOLD_TOPICS) {
    const others = topics.slice(TOLD_TOPICS).reduce((sum, [, count]) => sum + count, 0);
    told.push(`${others} to ${topics.length - TOLD_TOPICS} more topics`);
  }
  return `${packetsRead(report)}: ${told.length === 0 ? 'none sent' : told.join(', ')}`;
}

function packetsRead({ packets, bytes, seconds, isStopped }: ReplayReport<unknown>): string {
  const megabytes = (bytes / 1e6).toFixed(1);
  const stopped = isStopped ? 'stopped early; ' : '';
  return `${stopped}${packets} packets (${megabytes} MB) in ${seconds.toFixed(1)} s`;
}

function sumOf(outcome: PipelineOutcome) {
  const sum = { received: 0, stored: 0, known: 0, deadLettered: 0 };
  for (const counts of Object.values(outcome)) {
    for (const name of ['received', 'stored', 'known', 'deadLettered'] as const)
      sum[name] += counts[name];
  }
  return sum;
}

function numbers({ to }: ReplayCommandOptions, report: ReplayReport<unknown>) {
  const { packets, bytes, seconds, isStopped } = report;
  return { to, packets, bytes, seconds, stopped: isStopped };
}

function print({ json }: ReplayCommandOptions, summary: string, object: object): void {
  process.stdout.write(`${json ? JSON.stringify(object) : summary}\n`);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

function topic(text: string): string {
  if (!/^[\w.-]{1,249}$/.test(text) || text === '.' || text === '..') {
    throw new InvalidArgumentError(
      'It must be a topic name: letters, digits, dots, dashes, lines below.',
    );
  }
  return text;
}
