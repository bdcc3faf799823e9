import { join } from 'node:path';

import { Command, InvalidArgumentError, Option } from 'commander';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { createLog } from '../../common/log.ts';
import { readConfig } from '../environment.ts';
import { requireKafka, requireMariaDb } from '../install/requirements.ts';
import { compileText, parseText, sqlText } from './bench-sql-text.ts';

const PROGRESS_EVERY_MS = 5_000;

interface SqlFlags {
  survey: Survey;
  objects: number;
  withIngest?: boolean;
  rate: number;
  keep?: boolean;
  json?: boolean;
}

/** `bin/glint bench sql`: what users' SQL costs, from the text to the last row. */
export function benchSqlCommand(): Command {
  return new Command('sql')
    .description('how fast the SQL of users is: reading it, running it, streaming its rows')
    .addOption(new Option('--survey <survey>', 'whose objects').choices(SURVEYS).default('ztf'))
    .option(
      '--objects <count>',
      'objects, made up; 0 for what needs no database',
      wholeNumber,
      100_000,
    )
    .option('--with-ingest', 'measure again while alerts arrive')
    .option('--rate <per second>', 'alerts that arrive then', wholeNumber, 256)
    .option('--keep', 'leave the filled database for the next run')
    .option('--json', 'print one JSON object')
    .action(runSql);
}

async function runSql(flags: SqlFlags): Promise<void> {
  const { survey, objects } = flags;
  const { benchParser } = await import('../../bench/sql-parse.ts');
  const { benchCompile } = await import('../../bench/sql-compile.ts');
  const parser = benchParser();
  const compile = benchCompile(survey, objects);
  const text = `${parseText(parser)}\n${compileText(compile)}`;
  if (objects === 0) {
    process.stdout.write(flags.json ? `${JSON.stringify({ parser, compile })}\n` : text);
    return;
  }
  const { home, logLevel } = readConfig();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await requireMariaDb(say);
  const kafkaLibs = flags.withIngest === true ? await requireKafka(home, say) : undefined;
  const { benchSql } = await import('../../bench/sql.ts');
  let saidAt = performance.now();
  const report = await benchSql({
    ...{ survey, objects, keep: flags.keep === true, folder: join(home, 'bench', 'sql') },
    ...(kafkaLibs !== undefined && { ingest: { rate: flags.rate, kafkaLibs } }),
    glint: [process.execPath, process.argv[1]],
    log: createLog('bench', logLevel, 'pretty'),
    onProgress(done, total) {
      if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
      saidAt = performance.now();
      say(`filling: ${done} of ${total} objects`);
    },
  });
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ parser, compile, ...report })}\n`
      : `${text}\n${sqlText(report)}`,
  );
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || text.trim() === '')
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
}
