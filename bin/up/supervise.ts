import { setTimeout as sleep } from 'node:timers/promises';

import { describeError } from '../../common/errors.ts';
import type { Say } from '../install/requirements.ts';
import type { ServerProcess } from '../servers/process.ts';

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A process that ran this long starts again at once. */
const HEALTHY_MS = 60_000;

export interface Service {
  name: string;
  start(): Promise<ServerProcess>;
  /** Whether an exit with code 0 means that it is done. */
  mayFinish?: boolean;
}

export interface Supervised {
  readonly name: string;
  /** The process that runs now; undefined while it is down. */
  current(): { pid: number; startedAt: Date; logFile: string } | undefined;
  restarts(): number;
  /** Ends it for good: SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Ends the process, so that it is started again with its present settings. */
  restart(): void;
}

/**
 * Starts a service and starts it again whenever it ends, with growing pauses when it fails at once.
 *
 * @param onChange - Called after each start and each end.
 * @throws whatever the first start throws.
 */
export async function supervise(
  service: Service,
  say: Say,
  onChange: () => void,
): Promise<Supervised> {
  const stopping = new AbortController();
  let restarts = 0;
  let startedAt = new Date();
  let running: ServerProcess | undefined = await service.start();
  onChange();
  const ended = keep();

  async function keep(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (running !== undefined) {
      const how = await running.exited;
      const logFile = running.logFile;
      running = undefined;
      onChange();
      if (stopping.signal.aborted) return;
      if (service.mayFinish === true && how === 'exit code 0') {
        say(`${service.name} is done`);
        return;
      }
      if (Date.now() - startedAt.getTime() > HEALTHY_MS) backoffMs = FIRST_BACKOFF_MS;
      say(`${service.name} ended (${how}; ${logFile}): starting it again`);
      running = await startAgain();
    }

    async function startAgain(): Promise<ServerProcess | undefined> {
      while (!stopping.signal.aborted) {
        await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return undefined;
        backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS);
        try {
          startedAt = new Date();
          running = await service.start();
          restarts++;
          onChange();
          return running;
        } catch (err) {
          say(`${service.name} cannot be started: ${describeError(err)}`);
        }
      }
      return undefined;
    }
  }

  return {
    name: service.name,
    current: () => running && { pid: running.pid, startedAt, logFile: running.logFile },
    restarts: () => restarts,
    restart: () => running?.signal('SIGTERM'),
    async stop(graceMs) {
      stopping.abort();
      await running?.stop(graceMs);
      // One that was just being started is found by its pid file (stopOrphans).
      if (running === undefined) return;
      await ended;
    },
  };
}
