import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { SetupError } from '../../common/errors.ts';
import type { NotedProcess } from '../servers/pid-file.ts';
import { readPidFile, removePidFile, writePidFile } from '../servers/pid-file.ts';

export interface HomeLock {
  release(): void;
}

/**
 * Makes this process the only one that runs private servers in `home`. The lock of a process that
 * was killed counts for nothing.
 *
 * @param purpose - The command that holds it, as others are told: `up`.
 * @throws {SetupError} if another process has it, or the folder cannot be written.
 */
export function takeHomeLock(home: string, purpose: string): HomeLock {
  const file = lockFile(home);
  const own = `${file}.${process.pid}`;
  try {
    makeFolder(home);
    writePidFile(own, purpose, process.pid);
  } catch (err) {
    throw new SetupError(`the folder ${home} (GLINT_HOME) cannot be written`, { cause: err });
  }
  try {
    for (;;) {
      if (tryLink(own, file)) break;
      const holder = readPidFile(file);
      if (holder !== undefined) {
        throw new SetupError(
          `Glint already runs in ${home} (\`glint ${holder.name}\`, process ${holder.pid}): bin/glint status shows it, bin/glint down stops it, another GLINT_HOME runs a second one`,
        );
      }
      removeStale(file);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return { release: () => removePidFile(file) };
}

/** The process that runs the servers of this home, if one does. */
export function homeHolder(home: string): NotedProcess | undefined {
  return readPidFile(lockFile(home));
}

function lockFile(home: string): string {
  return join(home, 'glint.lock');
}

/** Unlike Node's own recursive form, this one ends on file systems that refuse (/proc, /sys). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o755 });
}

/** Linking is atomic, and the file is whole from its first moment. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw err;
  }
}

/** Two may find the same stale lock: one that finds it replaced meanwhile leaves the new one. */
function removeStale(file: string): void {
  try {
    const stale = readFileSync(file, 'utf8');
    if (readPidFile(file) !== undefined) return;
    if (readFileSync(file, 'utf8') === stale) rmSync(file);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
  }
}
