import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BusyError, InvalidInputError, UpstreamError } from '../../common/errors.ts';
import { startWorker } from '../../common/start-worker.ts';

/** What a thread answers: what it read, or why it is none. */
export type ThreadAnswer<Read> = { read: Read } | { problem: string };

/** What a thread is given. */
export interface ThreadTask<Input> {
  input: Input;
  /** For its files: it is removed with all that is in it when the thread has ended, however it does. */
  folder: string;
}

/** Threads at once, and requests that wait for one: each may take a processor and much memory. */
const RUNNING = 2;
const WAITING = 16;
const LONGEST_MS = 60_000;
const MEMORY_MB = 1_024;

const waiters: (() => void)[] = [];
let active = 0;

/**
 * Reads what somebody sent in a thread of its own, so that nobody else waits for it.
 *
 * @param name - File of the thread's program, as `startWorker` takes it.
 * @param input - What it is given, as a `ThreadTask`; copied.
 * @param limit - Ends it where it takes too long.
 * @throws {InvalidInputError} if it cannot be read, or would take too long or too much memory.
 * @throws {BusyError} if too many others wait.
 */
export async function readInThread<Read>(
  name: string,
  input: unknown,
  limit?: AbortSignal,
): Promise<Read> {
  if (active >= RUNNING) {
    if (waiters.length >= WAITING) {
      throw new BusyError('Too many files are being read now: try again in a few seconds.');
    }
    // Whoever ends hands its place on: nobody comes between.
    await new Promise<void>((resolve) => waiters.push(resolve));
  } else active++;
  try {
    return await read<Read>(name, input, limit ?? AbortSignal.timeout(LONGEST_MS));
  } finally {
    const next = waiters.shift();
    if (next === undefined) active--;
    else next();
  }
}

async function read<Read>(name: string, input: unknown, signal: AbortSignal): Promise<Read> {
  const folder = await mkdtemp(join(tmpdir(), 'glint-reading-'));
  const task: ThreadTask<unknown> = { input, folder };
  const worker = startWorker(name, task, { maxOldGenerationSizeMb: MEMORY_MB });
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [ThreadAnswer<Read>];
    if ('problem' in answer) throw new InvalidInputError(answer.problem);
    return answer.read;
  } catch (err) {
    if (err instanceof InvalidInputError) throw err;
    const { code, name: kind } = err as { code?: unknown; name?: unknown };
    if (code === 'ERR_WORKER_OUT_OF_MEMORY' || kind === 'AbortError') {
      throw new InvalidInputError('It is too much to be read here: send less of it.', {
        cause: err,
      });
    }
    throw new UpstreamError('what was sent could not be read', { cause: err });
  } finally {
    await worker.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}
