import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { startKafka } from '../bin/servers/kafka.ts';
import type { Survey } from '../common/config.ts';
import { SetupError } from '../common/errors.ts';
import type { SqlServer } from './sql-server.ts';

/** Alerts that are sent before anything is measured, as seconds of the stream. */
const SETTLE_SECONDS = 10;
const LIMIT_MS = 120_000;

export interface RunningIngest {
  /** Alerts a second that were stored since this was asked last. */
  rate(): Promise<number>;
  stop(): Promise<void>;
}

export interface IngestOptions {
  survey: Survey;
  /** Alerts a second. */
  rate: number;
  folder: string;
  kafkaLibs: string;
  /** The program and its arguments: `node dist/glint.js`. */
  glint: string[];
}

/**
 * Lets a simulated night run into the server, at a pace, until it is stopped: the simulator, a private
 * Kafka and ingest are processes of their own.
 *
 * @returns When alerts arrive.
 */
export async function startIngest(
  { environment, context }: SqlServer,
  { survey, rate, folder, kafkaLibs, glint }: IngestOptions,
): Promise<RunningIngest> {
  const home = join(folder, 'kafka');
  rmSync(home, { recursive: true, force: true });
  const kafka = await startKafka({ folder: home, libs: kafkaLibs });
  const children: ChildProcess[] = [];
  const start = (...args: string[]) => {
    const [program, ...first] = glint;
    const child = spawn(program, [...first, ...args], {
      env: { PATH: process.env.PATH, ...environment, GLINT_KAFKA_BROKERS: kafka.brokers.join(',') },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const stop = async () => {
    await Promise.all(children.map(endProcess));
    await kafka.server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  let seen = { received: await receivedBy(context), at: performance.now() };
  const rateSinceThen = async () => {
    const now = { received: await receivedBy(context), at: performance.now() };
    const stored = (1000 * (now.received - seen.received)) / (now.at - seen.at);
    seen = now;
    return Math.round(stored);
  };
  try {
    // Another seed each time: objects of an earlier run would be known.
    const seed = String(Math.floor(Date.now() / 1000) % 2 ** 31);
    const sky = ['--survey', survey, '--workload', 'steady', '--alerts', '200000', '--seed', seed];
    start('simulate', ...sky, '--to', 'kafka', '--rate', String(rate), '--json');
    await sleep(3_000);
    start('ingest', '--survey', survey);
    const until = Date.now() + LIMIT_MS;
    while ((await rateSinceThen()) < rate / 2) {
      if (Date.now() > until) throw new SetupError('ingest stores no alerts');
      if (children.some((child) => child.exitCode !== null))
        throw new SetupError('the simulator or ingest ended by itself: its last lines say why');
      await sleep(1_000);
    }
    await sleep(1_000 * SETTLE_SECONDS);
    await rateSinceThen();
    return { rate: rateSinceThen, stop };
  } catch (err) {
    await stop();
    throw err;
  }
}

const Received = z.object({ received: z.coerce.number() });

async function receivedBy({ db }: SqlServer['context']): Promise<number> {
  const [{ received }] = await db.rows(
    Received,
    'SELECT COALESCE(SUM(received), 0) AS received FROM glint.batches',
  );
  return received;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
