import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

import { Command } from 'commander';
import { z } from 'zod';

import { describeError } from '../../common/errors.ts';
import { projectRoot } from '../../common/project-root.ts';
import { projectKafkaLibs } from '../install/kafka-jars.ts';
import {
  requireKafka,
  requireMariaDb,
  requirePython,
  requireTestPrograms,
} from '../install/requirements.ts';

const Counts = z.object({ passed: z.int(), failed: z.int(), skipped: z.int() });
type Counts = z.infer<typeof Counts>;

export function testCommand(): Command {
  return new Command('test')
    .description('run all tests with real servers, installing what is missing')
    .argument('[mocha arguments...]', 'passed on: --grep NAME, or files')
    .allowUnknownOption()
    .helpOption('--help')
    .action(async (mochaArgs: string[]) => {
      await installForTests();
      const counts = await runMocha(mochaArgs);
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
      process.exitCode = counts.failed > 0 ? 1 : 0;
    });
}

async function installForTests(): Promise<void> {
  const say = (line: string) => process.stderr.write(`glint: ${line}\n`);
  const tries = [
    () => requireMariaDb(say),
    () => requireKafka(dirname(projectKafkaLibs), say),
    () => requireTestPrograms(say),
    () => requirePython(say),
  ];
  for (const install of tries) {
    // The tests that need it fail with the same sentence; the others are worth running.
    await install().catch((err: unknown) => say(describeError(err)));
  }
}

/** Files named on the command line are run instead of all, not beside them. */
function onlyNamedFiles(args: string[]): string[] {
  if (!args.some((arg) => arg.endsWith('.test.ts'))) return [];
  return ['--no-config', '--require', './test/hooks.ts', '--timeout', '60000'];
}

/** A run that ends before its summary counts as one failure. */
function runMocha(args: string[]): Promise<Counts> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join('node_modules', 'mocha', 'bin', 'mocha.js'),
      '--reporter',
      './test/summary-reporter.ts',
      ...onlyNamedFiles(args),
      ...args,
    ],
    { cwd: projectRoot, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  let counts: Counts | undefined;
  child.on('message', (message) => {
    counts = Counts.parse(message);
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      if (counts === undefined) resolve({ passed: 0, failed: 1, skipped: 0 });
      else resolve({ ...counts, failed: Math.max(counts.failed, code === 0 ? 0 : 1) });
    });
  });
}
