import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from '../../common/errors.ts';
import { projectRoot } from '../../common/project-root.ts';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 << 20;

/** What the notebooks import, with versions; the tests that judge by Python need no more. */
const REQUIREMENTS = join(projectRoot, 'notebooks', 'requirements.txt');
const ENVIRONMENT = join(projectRoot, 'var', 'python');
/** Holds the requirements that were installed: written last, so it is there for whole ones only. */
const STAMP = join(ENVIRONMENT, 'requirements.txt');
const PYTHON = join(ENVIRONMENT, 'bin', 'python');

/** The interpreter of the checkout's own virtual environment, if it has what is wanted now. */
export function findPython(): string | undefined {
  const isCurrent =
    existsSync(PYTHON) &&
    existsSync(STAMP) &&
    readFileSync(STAMP, 'utf8') === readFileSync(REQUIREMENTS, 'utf8');
  return isCurrent ? PYTHON : undefined;
}

/**
 * Makes the virtual environment anew, with what `notebooks/requirements.txt` says.
 *
 * @param base - A Python with the module venv.
 * @returns Its interpreter.
 * @throws {SetupError} if that fails; nothing half made is left.
 */
export async function makePythonEnvironment(base: string): Promise<string> {
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  mkdirSync(dirname(ENVIRONMENT), { recursive: true });
  const options = { maxBuffer: MAX_OUTPUT_BYTES };
  try {
    await run(base, ['-m', 'venv', ENVIRONMENT], options);
    const install = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r'];
    await run(PYTHON, [...install, REQUIREMENTS], options);
    writeFileSync(STAMP, readFileSync(REQUIREMENTS));
    return PYTHON;
  } catch (err) {
    rmSync(ENVIRONMENT, { recursive: true, force: true });
    throw new SetupError(`the packages of ${REQUIREMENTS} cannot be installed: ${lastLine(err)}`, {
      cause: err,
    });
  }
}

function lastLine(err: unknown): string {
  const { stderr, message } = err as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n').at(-1) ?? '';
}
