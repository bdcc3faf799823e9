import { join } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import type { WatchlistReport } from '../../bench/watchlists.ts';
import { createLog } from '../../common/log.ts';
import { readConfig } from '../environment.ts';
import { requireMariaDb } from '../install/requirements.ts';

interface WatchlistFlags {
  lists: number;
  sources: number;
  objects: number;
  batches: number;
  json?: boolean;
}

/** `bin/glint bench watchlists`: batches against many lists, and one list against all that is known. */
export function benchWatchlistsCommand(): Command {
  return new Command('watchlists')
    .description('what watchlists cost a batch, and how fast one is matched with all objects')
    .option('--lists <count>', 'lists that are on', wholeNumber, 100)
    .option('--sources <count>', 'sources of each', wholeNumber, 10_000)
    .option('--objects <count>', 'objects that are known', wholeNumber, 1_000_000)
    .option('--batches <count>', 'batches of 1,000 objects', wholeNumber, 20)
    .option('--json', 'print one JSON object')
    .action(runWatchlists);
}

async function runWatchlists(flags: WatchlistFlags): Promise<void> {
  const { home, logLevel } = readConfig();
  await requireMariaDb((line) => process.stderr.write(`${line}\n`));
  const { benchWatchlists } = await import('../../bench/watchlists.ts');
  const report = await benchWatchlists({
    ...flags,
    folder: join(home, 'bench', 'watchlists'),
    log: createLog('bench', logLevel, 'pretty'),
  });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : watchlistText(report));
}

function watchlistText(report: WatchlistReport): string {
  const costs = ({ wall, client, server }: WatchlistReport['find']) =>
    `${wall} ms: CPU of the program ${client}, of the database ${server}\n`;
  return [
    `${report.lists} lists of ${report.sourcesEach} sources: loaded in ${report.loadSeconds} s, ${report.memoryMb} MB\n`,
    `finding, of 1,000 objects   ${costs(report.find)}`,
    `writing, of 1,000 objects   ${costs(report.write)}`,
    `hits of a batch             ${report.hitsPerBatch}, wrong of one: ${report.wrong}\n`,
    ...report.past.map(
      ({ radiusArcsec, found, cost }) =>
        `${report.sourcesEach} cones of ${radiusArcsec} arcsec with ${report.objects} objects: ${found} found in ${costs(cost)}`,
    ),
  ].join('');
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('a whole number from 1 is wanted');
  return Number(text);
}
