import { Command } from 'commander';

import { ALL_TABLES } from '../../common/schema/tables.ts';
import { migrate } from '../../common/store/migrate.ts';
import { withContext } from '../open-context.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database to the schema of this version; only ever forward')
    .action(() =>
      withContext(
        'migrate',
        { servers: 'started', anySchema: true },
        async ({ config, db, log }) => {
          const makesSandbox = config.sandboxDatabaseUrl === undefined;
          await migrate(db, ALL_TABLES, log, { makesSandbox });
          process.stdout.write('The database is at the schema of this version.\n');
        },
      ),
    );
}
