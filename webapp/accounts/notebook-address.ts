import { SURVEYS } from '../../common/config.ts';
import type { Config } from '../../common/config.ts';
import { viewDatabase } from '../../common/schema/views.ts';
import { parseDatabaseUrl } from '../../common/store/database.ts';

const MYSQL_PORT = 3306;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Where notebooks find the database. */
export interface NotebookAddress {
  host: string;
  port: number;
  /** What the tables are in. */
  databases: string[];
  /** Whether only programs on the machine of the site reach it. */
  isLocal: boolean;
}

/** The address that `config.notebookDatabase` names, or else the one that the broker itself uses. */
export function notebookAddress(
  config: Pick<Config, 'notebookDatabase' | 'databaseUrl'>,
): NotebookAddress {
  const { host, port } = splitAddress(config.notebookDatabase) ?? ownAddress(config.databaseUrl);
  const databases = SURVEYS.map((survey) => viewDatabase(survey));
  return { host, port, databases, isLocal: LOOPBACK.test(host) };
}

/** `db.example.org:3306`, `[2001:db8::1]:3306`, or a host alone. */
function splitAddress(text: string | undefined): { host: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text ?? '');
  if (match === null) return undefined;
  return { host: match[1] ?? match[2], port: Number(match[3] ?? MYSQL_PORT) };
}

function ownAddress(url: string | undefined): { host: string; port: number } {
  const { host = 'localhost', port = MYSQL_PORT } = url === undefined ? {} : parseDatabaseUrl(url);
  return { host, port };
}
