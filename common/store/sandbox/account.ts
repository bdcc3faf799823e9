import { SetupError } from '../../errors.ts';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import type { Table } from '../../schema/types.ts';
import { PLANNER_USER, SANDBOX_USER } from '../../schema/views.ts';
import type { Queries, ServerKind } from '../database.ts';
import { newPassword, replaceSecret, selectSecret } from '../accounts/secrets.ts';
import {
  accountStatements,
  isRefusal,
  makeAccount,
  plannerRights,
  sandboxRights,
} from '../accounts/server-accounts.ts';

/** Names of the passwords in `glint.secrets`. */
const SANDBOX_SECRET = 'sandbox';
const PLANNER_SECRET = 'planner';
/** Over all processes of all hosts: together two thirds of what the private server takes. */
const SANDBOX_CONNECTIONS = 100;
const PLANNER_CONNECTIONS = 32;

/**
 * Makes the accounts that run users' queries and have them explained, with passwords that only the
 * database knows, and that every host reads there. Where the broker may not make accounts it logs what
 * an administrator has to run.
 */
export async function bringSandboxAccounts(
  db: Queries,
  server: ServerKind,
  tables: readonly Table[],
  log: Log,
): Promise<void> {
  const accounts = [
    {
      name: SANDBOX_USER,
      secret: SANDBOX_SECRET,
      rights: sandboxRights(server),
      maxConnections: SANDBOX_CONNECTIONS,
    },
    {
      name: PLANNER_USER,
      secret: PLANNER_SECRET,
      rights: plannerRights(server, tables),
      maxConnections: PLANNER_CONNECTIONS,
    },
  ];
  try {
    for (const { secret, ...account } of accounts) {
      const password = (await selectSecret(db, secret)) ?? newPassword();
      await makeAccount(db, server, { ...account, password });
      await replaceSecret(db, secret, password);
    }
  } catch (err) {
    if (!isRefusal(err)) throw err;
    const statements = accounts.flatMap((account) =>
      accountStatements(server, { ...account, password: 'PASSWORD' }),
    );
    log.warn(
      `users' SQL cannot run yet, since the broker's account may not make accounts. An administrator of the database has to run, with one password for both PASSWORDs:\n${statements.join(';\n')};\nand GLINT_SANDBOX_DATABASE_URL must be mysql://${SANDBOX_USER}:PASSWORD@host:port`,
      { err },
    );
  }
}

/**
 * Address and password of the account that runs users' queries.
 *
 * @throws {SetupError} saying what to do where there is none.
 */
export async function sandboxUrl(db: Queries, config: Config): Promise<string> {
  return config.sandboxDatabaseUrl ?? (await ownUrl(db, config, SANDBOX_USER, SANDBOX_SECRET));
}

/**
 * Address and password of the account that has them explained: where the settings name the other one,
 * it is on the same server and has the same password.
 *
 * @throws {SetupError} saying what to do where there is none.
 */
export async function plannerUrl(db: Queries, config: Config): Promise<string> {
  if (config.sandboxDatabaseUrl === undefined) {
    return ownUrl(db, config, PLANNER_USER, PLANNER_SECRET);
  }
  const url = new URL(config.sandboxDatabaseUrl);
  url.username = PLANNER_USER;
  return url.href;
}

async function ownUrl(db: Queries, config: Config, name: string, secret: string): Promise<string> {
  const password = await selectSecret(db, secret);
  if (password === undefined || config.databaseUrl === undefined) {
    throw new SetupError(
      "users' SQL has no account of the database to run with: bin/glint migrate makes it, or says how",
    );
  }
  const url = new URL(config.databaseUrl);
  url.username = name;
  url.password = encodeURIComponent(password);
  return url.href;
}
