import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findPython } from '../bin/install/python.ts';

const run = promisify(execFile);

/**
 * The interpreter with the packages of the notebooks. Where it is missing the test is skipped and says
 * so, but not before a change is accepted: `bin/glint test` installs it.
 */
export function pythonOrSkip(test: Mocha.Context): string {
  const python = findPython();
  if (python === undefined) {
    if (process.env.CI === 'true') throw new Error('bin/glint test could not install Python');
    process.stderr.write(
      `skipped, no Python environment (bin/glint test makes it): ${test.test?.title}\n`,
    );
    test.skip();
  }
  return python;
}

/** What a program prints, as JSON. */
export async function runPython(
  python: string,
  program: string,
  args: string[] = [],
): Promise<unknown> {
  const { stdout } = await run(python, ['-c', program, ...args], { maxBuffer: 64 << 20 });
  return JSON.parse(stdout);
}
