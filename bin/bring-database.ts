import type { Config } from '../common/config.ts';
import type { Log } from '../common/log.ts';
import { SYSTEM_QUERIES } from '../common/queries/system-queries/system-queries.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import type { Database } from '../common/store/database.ts';
import { installSystemQueries } from '../common/store/install-system-queries.ts';
import { migrate } from '../common/store/migrate.ts';

/**
 * Brings the database to what this version of the program expects: schema, views, the account for SQL
 * of users, and the system queries. Only ever forward; safe to run again, and from many hosts at once.
 *
 * @throws {SetupError} as `migrate`.
 */
export async function bringDatabase(
  db: Database,
  { sandboxDatabaseUrl }: Pick<Config, 'sandboxDatabaseUrl'>,
  log: Log,
): Promise<void> {
  await migrate(db, ALL_TABLES, log, { makesSandbox: sandboxDatabaseUrl === undefined });
  await installSystemQueries(db, SYSTEM_QUERIES, log, new Date());
}
