import { Command } from 'commander';

import type { WatchmapCost } from '../../bench/watchmaps.ts';

/** `bin/glint bench watchmaps`: batches against a watchmap of a million ranges, and a thousand small ones. */
export function benchWatchmapsCommand(): Command {
  return new Command('watchmaps')
    .description('what watchmaps cost a batch of 1,000 objects')
    .option('--json', 'print one JSON object')
    .action(runWatchmaps);
}

async function runWatchmaps(flags: { json?: boolean }): Promise<void> {
  const { benchWatchmaps } = await import('../../bench/watchmaps.ts');
  const report = benchWatchmaps();
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : report.map(costText).join(''));
}

function costText({ watchmaps, ranges, msPerBatch, hits }: WatchmapCost): string {
  return `${watchmaps} of ${ranges} ranges: ${msPerBatch.toFixed(2)} ms CPU a batch, ${hits} hits in all\n`;
}
