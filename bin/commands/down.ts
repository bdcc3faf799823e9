import { Command } from 'commander';

import { readConfig } from '../environment.ts';
import { isGone, stopNotedProcess } from '../servers/pid-file.ts';
import { homeHolder } from '../up/home-lock.ts';
import { stopOrphans } from '../up/orphans.ts';

const STOP_TIMEOUT_MS = 15_000;

export function downCommand(): Command {
  return new Command('down')
    .description('stop what bin/glint up runs, and wait until it is gone')
    .action(async () => {
      const { home } = readConfig();
      const holder = homeHolder(home);
      if (holder !== undefined) {
        await stopNotedProcess(holder, STOP_TIMEOUT_MS);
        await isGone(holder, 1_000);
      }
      const orphans = await stopOrphans(home);
      const isIdle = holder === undefined && orphans.length === 0;
      const line = isIdle ? `Nothing runs in ${home}.` : 'Glint has stopped.';
      process.stdout.write(`${line}\n`);
    });
}
