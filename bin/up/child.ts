import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { startServer } from '../servers/process.ts';
import type { ServerProcess } from '../servers/process.ts';

const MAX_LOG_BYTES = 50 << 20;

/** Starts `glint ARGS...` as a process of its own, which ends when this one does. */
export function startChild(
  name: string,
  args: string[],
  logFile: string,
  environment: Record<string, string | undefined>,
): ServerProcess {
  return startServer({
    name,
    program: process.execPath,
    args: [...process.execArgv, process.argv[1], ...args],
    logFile,
    environment: { ...process.env, ...environment },
    channel: true,
  });
}

/** The log of a process in this home; a very long one of an earlier day is put aside. */
export function childLogFile(home: string, name: string): string {
  const folder = join(home, 'logs');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  return file;
}
