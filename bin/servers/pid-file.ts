import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { isSameProcess, processIdentity } from './process-identity.ts';

const PidFile = z.object({ name: z.string(), pid: z.int(), identity: z.string() });
export type NotedProcess = z.infer<typeof PidFile>;

const POLL_MS = 50;

/** Notes a process that was just started, so that it can be found if its parent is killed. */
export function writePidFile(file: string, name: string, pid: number): void {
  const identity = processIdentity(pid);
  if (identity === undefined) return;
  const noted: NotedProcess = { name, pid, identity };
  writeFileSync(file, `${JSON.stringify(noted)}\n`);
}

/** The process that the file notes, if it still runs. */
export function readPidFile(file: string): NotedProcess | undefined {
  if (!existsSync(file)) return undefined;
  const parsed = PidFile.safeParse(parseJson(readFileSync(file, 'utf8')));
  return parsed.success && isSameProcess(parsed.data) ? parsed.data : undefined;
}

/** SIGTERM, then SIGKILL after `graceMs`; returns when it is gone. Not for children of this process. */
export async function stopNotedProcess(process: NotedProcess, graceMs: number): Promise<void> {
  signal(process, 'SIGTERM');
  if (await isGone(process, graceMs)) return;
  signal(process, 'SIGKILL');
  await isGone(process, 5_000);
}

/** Waits until the process has ended, at most `timeoutMs`. */
export async function isGone(process: NotedProcess, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isSameProcess(process)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true });
}

function signal(noted: NotedProcess, name: NodeJS.Signals): void {
  if (!isSameProcess(noted)) return;
  try {
    process.kill(noted.pid, name);
  } catch (err) {
    // It ended between the two lines.
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half-written by a process that was killed: it notes nothing.
    return undefined;
  }
}
