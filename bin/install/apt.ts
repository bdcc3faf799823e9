import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from '../../common/errors.ts';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 << 20;

/** Debian packages wanted together, and why. */
export interface AptRequest {
  /** Each is a list of names, best first: releases call the same package differently. */
  packages: string[][];
  /** What a person gets by it: `MariaDB`. */
  what: string;
}

/** Full path of a program on the PATH, as the shell would find it. */
export function findProgram(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** The line that installs them by hand. */
function aptLine(request: AptRequest): string {
  const names = request.packages.map(([best]) => best);
  return `apt-get install --no-install-recommends ${names.join(' ')}`;
}

/**
 * Installs Debian or Ubuntu packages. None of those Glint asks for starts a service of the system.
 *
 * @throws {SetupError} saying what to do by hand, if this is not root, there is no apt, or it fails.
 */
export async function installPackages(
  request: AptRequest,
  say: (line: string) => void,
): Promise<void> {
  if (findProgram('apt-get') === undefined) {
    throw new SetupError(`${request.what} is not installed, and this system has no apt-get`);
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `${request.what} is not installed, and only root may install it: sudo ${aptLine(request)}`,
    );
  }
  const turn = lastInstallation.then(() => install(request, say));
  // apt takes one at a time: the next waits for this one, however it ends.
  lastInstallation = turn.catch(() => undefined);
  await turn;
}

let lastInstallation: Promise<unknown> = Promise.resolve();
let updated: Promise<unknown> | undefined;

async function install(request: AptRequest, say: (line: string) => void): Promise<void> {
  say(`installing ${request.what} (${aptLine(request)})`);
  try {
    // The package lists of a container image are empty, and those of an old machine out of date.
    updated ??= apt(['update', '-q']);
    await updated;
    const names = await Promise.all(request.packages.map(availableName));
    // Never at the price of another package of the machine.
    await apt(['install', '-y', '-q', '--no-install-recommends', '--no-remove', ...names]);
  } catch (err) {
    throw new SetupError(
      `${request.what} could not be installed: \`${aptLine(request)}\` failed: ${lastLine(err)}`,
      { cause: err },
    );
  }
}

async function availableName(names: string[]): Promise<string> {
  for (const name of names) {
    const { stdout } = await run('apt-cache', ['madison', name]);
    if (stdout.trim() !== '') return name;
  }
  return names[0];
}

function apt(args: string[]): Promise<unknown> {
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function lastLine(err: unknown): string {
  const { stderr, message } = err as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n').at(-1) ?? '';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent or not ours to run: not found.
    return false;
  }
}
