import { setTimeout as sleep } from 'node:timers/promises';

import { parseConfig } from '../../common/config.ts';
import type { Config } from '../../common/config.ts';
import { SetupError, describeError } from '../../common/errors.ts';
import { createLog } from '../../common/log.ts';
import { openDatabase } from '../../common/store/database.ts';
import { bringDatabase } from '../bring-database.ts';
import type { Environment } from '../environment.ts';
import type { Say } from '../install/requirements.ts';
import { startHomeKafka, startHomeMariaDb } from '../servers/private-servers.ts';
import { choosePort, readPorts, writePorts } from '../servers/ports.ts';
import type { ServerProcess } from '../servers/process.ts';
import { childLogFile, startChild } from './child.ts';
import type { RunState } from './run-state.ts';
import { writeRunState } from './run-state.ts';
import { supervise } from './supervise.ts';
import type { Supervised } from './supervise.ts';

const DEFAULT_WEB_PORT = 8_000;
const CHILD_GRACE_MS = 3_500;
const SERVER_GRACE_MS = 5_000;
const START_GRACE_MS = 3_000;
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Everything that one `up` runs. */
export interface Stack {
  readonly config: Config;
  state(): RunState;
  hasKafka(): boolean;
  /** Fixes the address of the site. @throws {SetupError} if the port that was asked for is taken. */
  chooseSite(): Promise<void>;
  startServers(): Promise<void>;
  migrate(): Promise<void>;
  /** Runs `glint ARGS...` and keeps it running. */
  startPart(name: string, args: string[], mayFinish?: boolean): Promise<void>;
  markReady(): void;
  /** The program's own processes first, then the servers they use. */
  stop(): Promise<void>;
}

/**
 * A stack that runs nothing yet. Its addresses are kept in the home's `run.json` for other commands.
 *
 * @param onPart - Called with the log file of each part before it starts.
 */
export function createStack(
  environment: Environment,
  say: Say,
  onPart: (name: string, logFile: string) => void,
): Stack {
  const config = parseConfig(environment);
  const { home } = config;
  const startedAt = new Date();
  const servers: Supervised[] = [];
  const parts: Supervised[] = [];
  let database = config.databaseUrl === undefined ? undefined : ownDatabase(config.databaseUrl);
  let brokers = config.kafka.brokers;
  let site = '';
  const stopping = new AbortController();
  let isReady = false;
  let starting: Promise<unknown> = Promise.resolve();

  const state = (): RunState => ({
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    isReady,
    site,
    database: database ?? { url: '', readerUrl: '', isPrivate: true },
    ...(brokers && { kafka: { brokers, isPrivate: config.kafka.brokers === undefined } }),
    processes: [
      {
        name: 'up',
        pid: process.pid,
        startedAt: startedAt.toISOString(),
        restarts: 0,
        logFile: '',
      },
      ...[...servers, ...parts].flatMap(reportOf),
    ],
  });
  const note = () => writeRunState(home, state());
  const environmentOfParts = () => ({
    GLINT_HOME: home,
    GLINT_DATABASE_URL: database?.url,
    GLINT_KAFKA_BROKERS: brokers?.join(','),
    GLINT_WEB_PORT: new URL(site || 'http://localhost').port,
  });
  /** After the first start: whoever uses the old address must learn the new one. */
  const moved = (name: string) => {
    say(`${name} is at another port now: the processes that use it start again`);
    for (const part of parts) part.restart();
  };

  const startMariaDb = async (): Promise<ServerProcess> => {
    const { server, url, readerUrl } = await startHomeMariaDb(home, say, stopping.signal);
    const isMoved = database !== undefined && database.url !== url;
    database = { url, readerUrl, isPrivate: true };
    if (isMoved) moved('MariaDB');
    return server;
  };
  const startKafka = async (): Promise<ServerProcess> => {
    const kafka = await startHomeKafka(home, say, stopping.signal);
    const isMoved = brokers !== undefined && brokers[0] !== kafka.brokers[0];
    brokers = kafka.brokers;
    if (isMoved) moved('Kafka');
    return kafka.server;
  };
  const startPart = async (name: string, args: string[], mayFinish = false) => {
    const logFile = childLogFile(home, name);
    onPart(name, logFile);
    const start = () => Promise.resolve(startChild(name, args, logFile, environmentOfParts()));
    parts.push(await supervise({ name, start, mayFinish }, say, note));
  };

  return {
    config,
    state,
    hasKafka: () => brokers !== undefined,
    async chooseSite() {
      const fixed = config.webPort;
      const wanted = fixed ?? readPorts(home).web ?? DEFAULT_WEB_PORT;
      const port = await choosePort('the site', wanted, config.webHost, fixed ? () => {} : say);
      if (fixed !== undefined && fixed !== 0 && port !== fixed) {
        throw new SetupError(
          `port ${fixed} (GLINT_WEB_PORT) is taken by another program: choose another, or leave it out`,
        );
      }
      writePorts(home, { ...readPorts(home), web: port });
      site = `http://${ANY_ADDRESS.has(config.webHost) ? '127.0.0.1' : config.webHost}:${port}`;
    },
    async startServers() {
      stopping.signal.throwIfAborted();
      const withMariaDb = async () => {
        if (config.databaseUrl !== undefined) return;
        servers.push(await supervise({ name: 'mariadb', start: startMariaDb }, say, note));
      };
      const withKafka = async () => {
        if (config.kafka.brokers !== undefined) return;
        try {
          servers.push(await supervise({ name: 'kafka', start: startKafka }, say, note));
        } catch (err) {
          if (!(err instanceof SetupError)) throw err;
          say(
            `No Kafka: ${describeError(err)}. Or name a Kafka of yours in GLINT_KAFKA_BROKERS. Packets are fed without it.`,
          );
        }
      };
      starting = Promise.all([withMariaDb(), withKafka()]);
      await starting;
      note();
    },
    async migrate() {
      const db = openDatabase(database?.url ?? '', { poolSize: 2 });
      try {
        await bringDatabase(db, config, createLog('migrate', 'warn', config.logFormat));
      } finally {
        await db.close();
      }
    },
    startPart,
    markReady() {
      isReady = true;
      note();
    },
    async stop() {
      stopping.abort();
      // The first start makes data folders: half-made ones would be made anew beside the old maker.
      const limit = sleep(START_GRACE_MS, undefined, { ref: false });
      await Promise.race([starting.catch(() => undefined), limit]);
      await Promise.all(parts.map((part) => part.stop(CHILD_GRACE_MS)));
      await Promise.all(servers.map((server) => server.stop(SERVER_GRACE_MS)));
    },
  };
}

function ownDatabase(url: string): RunState['database'] {
  return { url, readerUrl: url, isPrivate: false };
}

function reportOf(supervised: Supervised): RunState['processes'] {
  const current = supervised.current();
  if (current === undefined) return [];
  return [
    {
      name: supervised.name,
      pid: current.pid,
      startedAt: current.startedAt.toISOString(),
      restarts: supervised.restarts(),
      logFile: current.logFile,
    },
  ];
}
