import { Command } from 'commander';

import type { ParseFigures } from '../../bench/sql-parse.ts';

/** `bin/glint bench sql`: what it costs to read queries. */
export function benchSqlCommand(): Command {
  return new Command('sql')
    .description('what it costs to read a query, and the longest texts that try to take long')
    .option('--json', 'print one JSON object')
    .action(runSql);
}

async function runSql(flags: { json?: boolean }): Promise<void> {
  const { benchParser } = await import('../../bench/sql-parse.ts');
  const figures = benchParser();
  process.stdout.write(flags.json ? `${JSON.stringify(figures)}\n` : parseText(figures));
}

function parseText({ typicalMs, hostile }: ParseFigures): string {
  const ms = (value: number) => value.toFixed(2).padStart(9);
  return [
    `parsing, CPU ms           median     most\n`,
    `a typical query        ${typicalMs.toFixed(3).padStart(9)}\n`,
    `64 kB of ...\n`,
    ...hostile.map(
      (each) =>
        `  ${each.name.padEnd(24)}${ms(each.medianMs).slice(3)}${ms(each.mostMs)}  ${each.isAccepted ? 'accepted' : 'refused'}\n`,
    ),
  ].join('');
}
