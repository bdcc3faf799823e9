import { join } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { createLog } from '../../common/log.ts';
import { readConfig } from '../environment.ts';
import { requireMariaDb } from '../install/requirements.ts';

const PROGRESS_EVERY_MS = 10_000;

interface FuzzFlags {
  queries: number;
  seed: number;
  from: number;
}

/** `bin/glint bench sql-fuzz`: made-up queries, as many as one has patience for. */
export function benchSqlFuzzCommand(): Command {
  return new Command('sql-fuzz')
    .description('run made-up queries, and texts with mistakes in them, until one does wrong')
    .option('--queries <count>', 'of each kind', wholeNumber, 10_000)
    .option('--seed <number>', 'another seed, other queries', wholeNumber, 1)
    .option('--from <number>', 'the first of them', wholeNumber, 0)
    .action(runFuzz);
}

async function runFuzz(flags: FuzzFlags): Promise<void> {
  const { home, logLevel } = readConfig();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await requireMariaDb(say);
  const { fuzzSql } = await import('../../bench/sql-fuzz.ts');
  const beganAt = performance.now();
  let saidAt = beganAt;
  const { counts, failure } = await fuzzSql({
    ...flags,
    folder: join(home, 'bench', 'sql-fuzz'),
    log: createLog('bench', logLevel, 'pretty'),
    onProgress(done) {
      if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
      saidAt = performance.now();
      say(`${done} of ${flags.queries}`);
    },
  });
  const seconds = ((performance.now() - beganAt) / 1000).toFixed(0);
  const lines = Object.entries(counts).map(([kind, count]) => `${kind.padEnd(32)}${count}\n`);
  process.stdout.write(`seed ${flags.seed}, ${seconds} s\n${lines.join('')}`);
  if (failure === undefined) return;
  const again = `bin/glint bench sql-fuzz --seed ${flags.seed} --from ${failure.number} --queries 1`;
  process.stdout.write(`\nwrong (${again}):\n${failure.report}\n`);
  process.exitCode = 1;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || text.trim() === '')
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
}
