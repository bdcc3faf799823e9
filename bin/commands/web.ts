import { Command } from 'commander';

import { runProcess } from '../run-process.ts';

export function webCommand(): Command {
  return new Command('web').description('run the site and the API').action(() =>
    runProcess('web', async (context) => {
      const { startWeb } = await import('../../webapp/server.ts');
      return startWeb(context);
    }),
  );
}
