import { SetupError } from '../../errors.ts';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import { SANDBOX_USER } from '../../schema/views.ts';
import type { Queries, ServerKind } from '../database.ts';
import { newPassword, replaceSecret, selectSecret } from '../secrets.ts';
import { accountStatements, isRefusal, makeAccount } from '../server-accounts.ts';

/** Name of the password in `glint.secrets`. */
const SECRET = 'sandbox';
/** Over all processes of all hosts: half of what the private server takes. */
const MAX_CONNECTIONS = 100;

/**
 * Makes the account that runs users' queries, with a password that only the database knows, and
 * that every host reads there. Where the broker may not make accounts it logs what an administrator
 * has to run.
 */
export async function bringSandboxAccount(db: Queries, server: ServerKind, log: Log) {
  const password = (await selectSecret(db, SECRET)) ?? newPassword();
  const account = { name: SANDBOX_USER, maxConnections: MAX_CONNECTIONS };
  try {
    await makeAccount(db, server, { ...account, password });
  } catch (err) {
    if (!isRefusal(err)) throw err;
    const statements = accountStatements(server, { ...account, password: 'PASSWORD' });
    log.warn(
      `users' SQL cannot run yet, since the broker's account may not make accounts. An administrator of the database has to run, with a password for PASSWORD:\n${statements.join(';\n')};\nand GLINT_SANDBOX_DATABASE_URL must be mysql://${SANDBOX_USER}:PASSWORD@host:port`,
      { err },
    );
    return;
  }
  await replaceSecret(db, SECRET, password);
}

/**
 * Address and password of the account that runs users' queries.
 *
 * @throws {SetupError} saying what to do where there is none.
 */
export async function sandboxUrl(db: Queries, config: Config): Promise<string> {
  if (config.sandboxDatabaseUrl !== undefined) return namedUrl(config.sandboxDatabaseUrl);
  const password = await selectSecret(db, SECRET);
  if (password === undefined || config.databaseUrl === undefined) {
    throw new SetupError(
      "users' SQL has no account of the database to run with: bin/glint migrate makes it, or says how",
    );
  }
  const url = new URL(config.databaseUrl);
  url.username = SANDBOX_USER;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** The views know the account by its name. */
function namedUrl(url: string): string {
  const { username } = new URL(url);
  if (decodeURIComponent(username) === SANDBOX_USER) return url;
  throw new SetupError(
    `the account of GLINT_SANDBOX_DATABASE_URL must be called ${SANDBOX_USER}: the views know it by that name`,
  );
}
