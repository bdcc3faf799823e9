import { Command } from 'commander';

import { parseConfig } from '../../common/config.ts';
import { SetupError } from '../../common/errors.ts';
import { readEnvironment } from '../environment.ts';
import { requirePython } from '../install/requirements.ts';
import { requireNotebooks, runNotebooks } from '../notebooks/run-notebooks.ts';
import { withContext } from '../open-context.ts';
import { readRunState } from '../up/run-state.ts';

export function notebooksCommand(): Command {
  return new Command('notebooks')
    .description('run the notebooks against the running site, with an account made for it')
    .argument('[names...]', 'files in notebooks/; all of them without')
    .option('--site <url>', 'address of the site, where bin/glint up does not run here')
    .action(async (given: string[], options: { site?: string }) => {
      const names = requireNotebooks(given);
      const { home } = parseConfig(readEnvironment());
      const siteUrl = (options.site ?? readRunState(home)?.site)?.replace(/\/+$/, '');
      if (siteUrl === undefined) {
        throw new SetupError('no site runs here: start bin/glint up first, or name one in --site');
      }
      const python = await requirePython((line) => process.stderr.write(`${line}\n`));
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => stop.abort(new SetupError(`broken off by ${signal}`)));
      }
      const failed = await withContext('notebooks', { servers: 'running' }, (context) =>
        runNotebooks(context, {
          python,
          siteUrl,
          names,
          onOutput: (text) => process.stdout.write(text),
          signal: stop.signal,
        }),
      );
      if (failed.length > 0) throw new SetupError(`failed: ${failed.join(', ')}`);
      process.stdout.write(`${names.length} of ${names.length} ran.\n`);
    });
}
