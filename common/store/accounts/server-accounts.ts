import { SURVEYS } from '../../config.ts';
import { quoteName, tableName } from '../../schema/ddl.ts';
import type { Table } from '../../schema/types.ts';
import { ownedViewDatabase, viewDatabase } from '../../schema/views.ts';
import type { ViewDatabase } from '../../schema/views.ts';
import type { Queries, ServerKind } from '../database.ts';

/** An account of the database server that may read what it is told to and do nothing else. */
export interface ServerAccount {
  name: string;
  /** What it may do, as it stands between GRANT and TO. */
  rights: readonly string[];
  /** As `newPassword` makes it: without anything that would have to be quoted. */
  password: string;
  maxConnections: number;
  /** The server's own limit, where it knows one for accounts; its owner can set it away. */
  maxStatementMs?: number;
}

const REFUSALS = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_CANNOT_USER',
  'ER_CANT_CREATE_USER_WITH_GRANT',
  'ER_KILL_DENIED_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
]);

/** Whether the server answered that the broker's own account may not do this. */
export function isRefusal(err: unknown): boolean {
  const { code, cause } = (err ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return REFUSALS.has(String(code)) || REFUSALS.has(String(cause?.code));
}

/**
 * What makes an account, or brings one that is there to this password and these limits. It may come
 * from any host: the web processes and the notebooks are on hosts that nobody lists.
 */
export function accountStatements(server: ServerKind, account: ServerAccount): string[] {
  const user = `'${account.name}'@'%'`;
  const limits = [`MAX_USER_CONNECTIONS ${account.maxConnections}`];
  if (server.isMariaDb && account.maxStatementMs !== undefined) {
    limits.push(`MAX_STATEMENT_TIME ${account.maxStatementMs / 1_000}`);
  }
  const identified = `${user} IDENTIFIED BY '${account.password}' WITH ${limits.join(' ')}`;
  return [
    `CREATE USER IF NOT EXISTS ${identified}`,
    `ALTER USER ${identified}`,
    ...account.rights.map((right) => `GRANT ${right} TO ${user}`),
  ];
}

/** Of accounts of users: the views that hide other people's rows. */
export function userRights(server: ServerKind): string[] {
  return SURVEYS.map((survey) => `SELECT ON ${grantedName(server, viewDatabase(survey))}.*`);
}

/** Of the account that runs the queries of the site: all views. */
export function sandboxRights(server: ServerKind): string[] {
  return allViews(server).map((views) => `SELECT ON ${views}`);
}

/**
 * Of the account that has them explained: servers explain a view only to who may also read the tables
 * beneath it.
 */
export function plannerRights(server: ServerKind, tables: readonly Table[]): string[] {
  const beneath = tables.filter(({ isPublic, database }) => isPublic && database === 'glint');
  return [
    ...allViews(server).map((views) => `SELECT, SHOW VIEW ON ${views}`),
    ...SURVEYS.map((survey) => `SELECT ON ${quoteName(survey)}.*`),
    ...beneath.map((table) => `SELECT ON ${tableName(table)}`),
  ];
}

function allViews(server: ServerKind): string[] {
  return [viewDatabase, ownedViewDatabase].flatMap((databaseOf) =>
    SURVEYS.map((survey) => `${grantedName(server, databaseOf(survey))}.*`),
  );
}

/** `_` stands for any letter in GRANT, but not in a MySQL with partial_revokes, which has no escape. */
function grantedName(server: ServerKind, name: ViewDatabase): string {
  return `\`${server.isMariaDb ? name.replaceAll('_', '\\_') : name}\``;
}

/** @throws what the server says where the broker may not make accounts: see `isRefusal`. */
export async function makeAccount(
  db: Queries,
  server: ServerKind,
  account: ServerAccount,
): Promise<void> {
  for (const statement of accountStatements(server, account)) await db.execute(statement);
}

/** Nobody can log in as this account any more; who is logged in stays so. */
export async function dropAccount(db: Queries, name: string): Promise<void> {
  await db.execute(`DROP USER IF EXISTS '${name}'@'%'`);
}

/** Ends a connection and what it runs; whether it was there is of no matter. */
export async function killConnection(db: Queries, id: string): Promise<void> {
  await db.execute(`KILL ${BigInt(id)}`).catch((err: unknown) => {
    if ((err as { code?: unknown }).code !== 'ER_NO_SUCH_THREAD') throw err;
  });
}
