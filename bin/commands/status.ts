import { Command } from 'commander';

import { SetupError } from '../../common/errors.ts';
import { readConfig } from '../environment.ts';
import { readRunState } from '../up/run-state.ts';
import { collectStatus } from '../status/collect-status.ts';
import { formatStatus } from '../status/format-status.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('what runs, where, and what became of every packet')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const config = readConfig();
      const state = readRunState(config.home);
      if (state === undefined) {
        throw new SetupError(`nothing runs in ${config.home}: start it with bin/glint up`);
      }
      const status = await collectStatus(config, state);
      process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : formatStatus(status));
    });
}
