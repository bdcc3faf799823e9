import { parseConfig } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { SetupError } from '../common/errors.ts';
import { createLog } from '../common/log.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { openDatabase } from '../common/store/database.ts';
import { checkSchemaVersion } from '../common/store/migrate.ts';
import { bringDatabase } from './bring-database.ts';
import { readEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { startHomeKafka, startHomeMariaDb } from './servers/private-servers.ts';
import { takeHomeLock } from './up/home-lock.ts';
import { stopOrphans } from './up/orphans.ts';
import { readRunState } from './up/run-state.ts';

export interface ContextOptions {
  /**
   * What to do when no server is named and no `up` runs: start the private ones for as long as the
   * command runs, or give up.
   */
  servers: 'started' | 'running';
  /** Whether the command needs Kafka; it may use one that is there anyway. */
  needsKafka?: boolean;
  /** The database may be of any version: for `migrate`. */
  anySchema?: boolean;
}

export interface OpenContext {
  context: Context;
  close: () => Promise<void>;
}

type Closer = () => void | Promise<void>;

/**
 * The context of one command: settings from the environment, servers from the settings, else those
 * of the running `up`, else private ones of its own.
 *
 * @param name - The command, as the log and the home's lock show it.
 * @throws {SetupError} if settings are wrong, servers missing, or the database is of another version.
 */
export async function openContext(name: string, options: ContextOptions): Promise<OpenContext> {
  const environment = readEnvironment();
  const { home } = parseConfig(environment);
  const state = readRunState(home);
  if (state !== undefined) {
    environment.GLINT_DATABASE_URL ||= state.database.url;
    environment.GLINT_KAFKA_BROKERS ||= state.kafka?.brokers.join(',');
  }
  const needsDatabase = !environment.GLINT_DATABASE_URL;
  const needsKafka = options.needsKafka === true && !environment.GLINT_KAFKA_BROKERS;
  if (!needsDatabase && !needsKafka) return connect(name, environment, options, []);
  if (options.servers === 'running') {
    const missing = needsDatabase ? 'database' : 'Kafka';
    const setting = needsDatabase ? 'GLINT_DATABASE_URL' : 'GLINT_KAFKA_BROKERS';
    throw new SetupError(
      `there is no ${missing} to use: start bin/glint up first, or name a server of yours in ${setting}`,
    );
  }
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const lock = takeHomeLock(home, name);
  const closers: Closer[] = [() => lock.release()];
  try {
    await stopOrphans(home);
    if (needsDatabase) {
      const database = await startHomeMariaDb(home, say);
      closers.unshift(() => database.server.stop());
      environment.GLINT_DATABASE_URL = database.url;
    }
    if (needsKafka) {
      const kafka = await startHomeKafka(home, say);
      closers.unshift(() => kafka.server.stop());
      environment.GLINT_KAFKA_BROKERS = kafka.brokers.join(',');
    }
    return await connect(name, environment, options, closers, needsDatabase);
  } catch (err) {
    for (const close of closers) await close();
    throw err;
  }
}

/** Runs `work` with a context and closes everything after it, whatever happened. */
export async function withContext<Result>(
  name: string,
  options: ContextOptions,
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  const { context, close } = await openContext(name, options);
  try {
    return await work(context);
  } finally {
    await close();
  }
}

async function connect(
  name: string,
  environment: Environment,
  options: ContextOptions,
  closers: Closer[],
  isOwnDatabase = false,
): Promise<OpenContext> {
  const config = parseConfig(environment);
  if (config.databaseUrl === undefined) throw new SetupError('there is no database to use');
  const log = createLog(name, config.logLevel, config.logFormat);
  const db = openDatabase(config.databaseUrl, { poolSize: config.databasePoolSize });
  const context: Context = { config, db, log, now: () => new Date() };
  const close = async () => {
    await db.close();
    for (const closer of closers) await closer();
  };
  try {
    if (isOwnDatabase) await bringDatabase(db, config, log);
    else if (options.anySchema !== true) await checkSchemaVersion(db, ALL_TABLES);
  } catch (err) {
    await db.close();
    throw err;
  }
  return { context, close };
}
