import { Command } from 'commander';

import { startFilters } from '../../post_ingest/filters/start-filters.ts';
import { runProcess } from '../run-process.ts';

export function filtersCommand(): Command {
  return new Command('filters')
    .description('run the filters that are on; each survey in one process of all that do so')
    .action(() => runProcess('filters', (context) => Promise.resolve(startFilters(context))));
}
