import { memoryUsage } from 'node:process';

import type { Context } from '../common/context.ts';
import { describeError } from '../common/errors.ts';
import { deleteProcess, processName, upsertProcess } from '../common/store/processes.ts';
import { openContext } from './open-context.ts';

const HEARTBEAT_MS = 5_000;
/** Whoever asked us to stop waits this long before he kills us. */
const STOP_LIMIT_MS = 8_000;

/** A long-running part of the program, started. */
export interface RunningPart {
  stop(): Promise<void>;
  /** What it says of itself on the status page. */
  state?(): object;
  /** Resolves with the reason if it gives up by itself. */
  failed?: Promise<unknown>;
}

/**
 * Runs one part of the program until SIGTERM, SIGINT or the end of the `up` that started it, with
 * a heartbeat in the database all the time.
 *
 * @param kind - `ingest`, `jobs`, `web`.
 * @throws {SetupError} if there is no database, or it is of another version; and whatever the part
 *   gave up for.
 */
export async function runProcess(
  kind: string,
  start: (context: Context) => Promise<RunningPart>,
): Promise<void> {
  const stopAsked = untilStopAsked();
  const { context, close } = await openContext(kind, { servers: 'running' });
  const part = await start(context);
  const stopHeartbeat = startHeartbeat(context, kind, part);
  const gaveUp = part.failed?.then((reason) => ({ reason }));
  const why = await Promise.race(gaveUp === undefined ? [stopAsked] : [stopAsked, gaveUp]);
  context.log.info(`${kind} stops (${typeof why === 'string' ? why : describeError(why.reason)})`);
  setTimeout(() => {
    context.log.warn(`${kind} did not stop within ${STOP_LIMIT_MS / 1_000} s: it ends as it is`);
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
  await part.stop();
  await stopHeartbeat();
  await close();
  if (typeof why !== 'string') throw why.reason;
}

function untilStopAsked(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGINT', () => resolve('SIGINT'));
    // The channel to `up` closes when `up` is gone, killed or not.
    if (process.connected) process.on('disconnect', () => resolve('its parent is gone'));
  }).then((why) => {
    if (process.connected) process.disconnect();
    return String(why);
  });
}

/** Tells the database that this process lives, until the returned function is called. */
function startHeartbeat(context: Context, kind: string, part: RunningPart): () => Promise<void> {
  const { db, log, now } = context;
  const name = processName();
  const startedAt = now();
  let isSilent = false;
  const beat = async () => {
    const state = { memoryBytes: memoryUsage.rss(), ...part.state?.() };
    try {
      await upsertProcess(db, { process: name, kind, startedAt, seenAt: now(), state });
      isSilent = false;
    } catch (err) {
      // Said once: what the process does without a database it says itself.
      if (!isSilent) log.warn(`no heartbeat reaches the database: ${describeError(err)}`);
      isSilent = true;
    }
  };
  let last = beat();
  const timer = setInterval(() => {
    last = last.then(beat);
  }, HEARTBEAT_MS);
  return async () => {
    clearInterval(timer);
    await last;
    await deleteProcess(db, name).catch((err: unknown) => {
      log.debug(`the heartbeat stays until it is pruned: ${describeError(err)}`);
    });
  };
}
