import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { startMariaDb } from '../bin/servers/mariadb.ts';
import type { PrivateDatabase } from '../bin/servers/mariadb.ts';
import { freePort, startServer, waitUntilReady } from '../bin/servers/process.ts';
import { parseConfig } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import type { Log } from '../common/log.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { insertApiToken } from '../common/store/accounts/api-tokens.ts';
import { openDatabase } from '../common/store/database.ts';
import { migrate } from '../common/store/migrate.ts';
import { insertUser } from '../common/store/accounts/users.ts';
import { fillSqlSky } from './sql-fill.ts';

export interface SqlServerOptions {
  survey: Survey;
  objects: number;
  folder: string;
  log: Log;
  onProgress: (done: number, total: number) => void;
}

/** A server with a filled sky, whose one user owns its lists. */
export interface SqlServer {
  database: PrivateDatabase;
  /** What processes of ours are started with. */
  environment: Record<string, string>;
  context: Context;
  userId: number;
  token: string;
  stop(): Promise<void>;
  /** Leaves nothing of it, once it has stopped. */
  remove(): void;
}

const Filled = z.strictObject({ userId: z.int(), token: z.string() });

/** A private MariaDB with so many made-up objects: filled if the folder has none, else as it is. */
export async function startSqlServer(options: SqlServerOptions): Promise<SqlServer> {
  const { survey, objects, log } = options;
  const folder = join(options.folder, `${survey}-${objects}`);
  const filledFile = join(folder, 'filled.json');
  if (!existsSync(filledFile)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const database = await startMariaDb({ folder: join(folder, 'mariadb') });
  const environment = {
    GLINT_HOME: join(folder, 'home'),
    GLINT_DATABASE_URL: database.url,
    GLINT_LOG_FORMAT: 'json',
    GLINT_LOG_LEVEL: 'warn',
  };
  const db = openDatabase(database.url);
  const context = { config: parseConfig(environment), db, log, now: () => new Date() };
  const stop = async () => {
    await db.close();
    await database.server.stop();
  };
  try {
    await migrate(db, ALL_TABLES, log);
    if (!existsSync(filledFile)) {
      const filled = await fill(context, options);
      writeFileSync(`${filledFile}.new`, JSON.stringify(filled));
      renameSync(`${filledFile}.new`, filledFile);
    }
    const { userId, token } = Filled.parse(JSON.parse(readFileSync(filledFile, 'utf8')));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    return { database, environment, context, userId, token, stop, remove };
  } catch (err) {
    await stop();
    throw err;
  }
}

async function fill(
  { db, now }: Context,
  { survey, objects, onProgress }: SqlServerOptions,
): Promise<z.infer<typeof Filled>> {
  // Rows and requests of a power user are bounded by more than this asks for.
  const user = { name: 'bench', email: 'bench@localhost.invalid', role: 'power' } as const;
  const userId = await insertUser(db, user, now());
  const wanted = { name: 'bench', scopes: ['query'], expiresAt: null } as const;
  const token = await db.transaction((tx) => insertApiToken(tx, userId, wanted, now()));
  const progress = (done: number) => onProgress(done, objects);
  await fillSqlSky(db, { survey, objects, now: now(), userId, onProgress: progress });
  return { userId, token };
}

/** The site in a process of its own, so that what it uses can be told from what asks it. */
export interface Site {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** @param glint - The program and its arguments that `web` is added to. */
export async function startSite({ environment }: SqlServer, glint: string[]): Promise<Site> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(environment.GLINT_HOME, { recursive: true });
  const [program, ...args] = glint;
  const server = startServer({
    name: 'the site',
    program,
    args: [...args, 'web'],
    logFile: join(environment.GLINT_HOME, 'web.log'),
    environment: { ...environment, GLINT_WEB_PORT: String(port) },
  });
  await waitUntilReady(server, async () => (await fetch(`${url}/readyz`)).ok);
  return { url, pid: server.pid, stop: () => server.stop() };
}
