import { Command } from 'commander';

import { detachUp } from '../up/detach.ts';
import { runUp } from '../up/run-up.ts';

export function upCommand(): Command {
  return new Command('up')
    .description('run everything on this machine, installing what is missing')
    .option('--no-simulation', 'start with nothing streaming')
    .option('--detach', 'return when the site answers; bin/glint down stops it')
    .action(async (options: { simulation: boolean; detach?: boolean }) => {
      const { simulation } = options;
      if (options.detach) await detachUp(simulation ? ['up'] : ['up', '--no-simulation']);
      else {
        await runUp({ simulation });
        // Whatever was still about to start must not keep the process alive.
        process.exit(0);
      }
    });
}
