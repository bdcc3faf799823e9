import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

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
      const counts = await runTests(mochaArgs);
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

/** Folders whose tests run in a process of their own, beside that of all others: about half of the time. */
const FIRST_HALF = ['bin', 'ingest', 'post_ingest'];

/** Tests that are chosen run in one process; all of them in two, each with servers of its own. */
function halves(args: string[]): string[][] {
  const common = ['--no-config', '--exit', '--require', './test/hooks.ts', '--timeout', '60000'];
  if (args.some((arg) => arg.endsWith('.test.ts'))) return [[...common, ...args]];
  if (args.length > 0) return [args];
  const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  const isFirst = (file: string) => FIRST_HALF.includes(file.split(sep)[0]);
  return [files.filter(isFirst), files.filter((file) => !isFirst(file))].map((half) => [
    ...common,
    ...half.map((file) => join('test', file)),
  ]);
}

/** Runs every half at once; what the later ones print is held back until those before have ended. */
async function runTests(args: string[]): Promise<Counts> {
  const runs = halves(args).map((half, i) => runMocha(half, i === 0));
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const run of runs) {
    const { counts, printed } = await run;
    process.stdout.write(printed);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

/** A run that ends before its summary counts as one failure. */
function runMocha(args: string[], isShown: boolean): Promise<{ counts: Counts; printed: Buffer }> {
  const output = isShown ? 'inherit' : 'pipe';
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join('node_modules', 'mocha', 'bin', 'mocha.js'),
      '--reporter',
      './test/summary-reporter.ts',
      ...args,
    ],
    { cwd: projectRoot, stdio: ['inherit', output, output, 'ipc'] },
  );
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => void printed.push(chunk));
  }
  let counts: Counts | undefined;
  child.on('message', (message) => {
    counts = Counts.parse(message);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const failed = Math.max(counts?.failed ?? 1, code === 0 ? 0 : 1);
      const { passed, skipped } = counts ?? { passed: 0, skipped: 0 };
      resolve({ counts: { passed, failed, skipped }, printed: Buffer.concat(printed) });
    });
  });
}
