import type { Config } from '../../common/config.ts';
import { parseDatabaseUrl } from '../../common/store/database.ts';

const MYSQL_PORT = 3_306;

/** Where notebooks reach the database: as it is set, else where the broker itself does. */
export function notebookAddress({
  notebookDatabase,
  databaseUrl,
}: Pick<Config, 'notebookDatabase' | 'databaseUrl'>): { host: string; port: number } {
  const url = notebookDatabase === undefined ? databaseUrl : `mysql://${notebookDatabase}`;
  const { host = '127.0.0.1', port = MYSQL_PORT } = parseDatabaseUrl(url ?? 'mysql://');
  return { host, port };
}
