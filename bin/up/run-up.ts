import { setTimeout as sleep } from 'node:timers/promises';

import { SetupError } from '../../common/errors.ts';
import { readEnvironment } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { followLog } from './follow-log.ts';
import { takeHomeLock } from './home-lock.ts';
import { welcome } from './messages.ts';
import { stopOrphans } from './orphans.ts';
import { nextSimulation } from './simulated-nights.ts';
import { createStack } from './stack.ts';
import type { Stack } from './stack.ts';

const SITE_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const STREAM_SETTINGS = [
  'GLINT_KAFKA_BROKERS',
  'GLINT_ZTF_KAFKA_BROKERS',
  'GLINT_LSST_KAFKA_BROKERS',
];
/** Lines that begin a message, in the form of our log; what follows one is in the file. */
const LOG_LINE = /^\[\d\d:\d\d:\d\d\] (INFO|WARN|ERROR|FATAL)|^\{"level":[3-6]0/;

/**
 * Runs everything on this machine until SIGINT or SIGTERM: servers, migration, ingest, jobs, site
 * and, where no stream is configured, a simulated night.
 *
 * @throws {SetupError} if it already runs, a setting is wrong, or the database cannot be had.
 */
export async function runUp(options: { simulation: boolean }): Promise<void> {
  const stopAsked = untilSignal();
  const environment = readEnvironment();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const unfollow: (() => void)[] = [];
  let isStopping = false;
  // What fails because it is being stopped is no news.
  const sayWhileRunning = (line: string) => void (isStopping || say(line));
  const stack = createStack(environment, sayWhileRunning, (name, logFile) => {
    unfollow.push(followLog(logFile, (line) => LOG_LINE.test(line) && say(`${name} | ${line}`)));
  });
  const { home } = stack.config;
  const lock = takeHomeLock(home, 'up');
  try {
    for (const orphan of await stopOrphans(home)) {
      say(`${orphan.name} (process ${orphan.pid}) was left over by an earlier start: stopped`);
    }
    const simulate = options.simulation && STREAM_SETTINGS.every((name) => !environment[name]);
    const signal = await Promise.race([
      stopAsked,
      startAll(stack, environment, simulate, say).then(() => stopAsked),
    ]);
    say(`${signal}: stopping`);
    isStopping = true;
  } finally {
    await stack.stop();
    // What was in the middle of starting.
    await stopOrphans(home);
    unfollow.forEach((end) => end());
    lock.release();
  }
  say('Glint has stopped; the data stays, `bin/glint up` goes on with it.');
}

async function startAll(
  stack: Stack,
  environment: Environment,
  simulate: boolean,
  say: (line: string) => void,
): Promise<void> {
  say(`Glint starts; its data is in ${stack.config.home}`);
  await stack.chooseSite();
  await stack.startServers();
  await stack.migrate();
  await stack.startPart('web', ['web']);
  await stack.startPart('jobs', ['jobs']);
  await stack.startPart('filters', ['filters']);
  await stack.startPart('deliver', ['deliver']);
  const hasStream = STREAM_SETTINGS.some((name) => environment[name]);
  if (stack.hasKafka() || hasStream) await stack.startPart('ingest', ['ingest']);
  if (simulate) {
    const target = stack.hasKafka() ? 'kafka' : 'direct';
    const args = nextSimulation(stack.config.home, target, new Date());
    await stack.startPart('simulate', args, true);
  }
  await siteAnswers(stack.state().site);
  stack.markReady();
  say(welcome(stack.state(), simulate));
}

async function siteAnswers(site: string): Promise<void> {
  const deadline = Date.now() + SITE_TIMEOUT_MS;
  for (;;) {
    const isUp = await fetch(`${site}/healthz`).then(
      (response) => response.status < 500,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > deadline) {
      throw new SetupError(`the site does not answer at ${site}: its log tells why (logs/web.log)`);
    }
    await sleep(POLL_MS);
  }
}

function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(signal));
    }
  });
}
