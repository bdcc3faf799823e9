import { Command } from 'commander';

import { bringDatabase } from '../bring-database.ts';
import { withContext } from '../open-context.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database to the schema of this version; only ever forward')
    .action(() =>
      withContext(
        'migrate',
        { servers: 'started', anySchema: true },
        async ({ config, db, log }) => {
          await bringDatabase(db, config, log);
          process.stdout.write('The database is at the schema of this version.\n');
        },
      ),
    );
}
