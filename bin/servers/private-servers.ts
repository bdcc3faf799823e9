import { join } from 'node:path';

import { requireKafka, requireMariaDb } from '../install/requirements.ts';
import type { Say } from '../install/requirements.ts';
import { choosePort, readPorts, writePorts } from './ports.ts';
import { startKafka } from './kafka.ts';
import type { PrivateKafka } from './kafka.ts';
import { startMariaDb } from './mariadb.ts';
import type { PrivateDatabase } from './mariadb.ts';

/**
 * Starts the private MariaDB of a home at the port it used last, installing what is missing. The
 * caller holds the home's lock.
 *
 * @param signal - Aborted when it is no longer wanted.
 * @throws {SetupError} saying what is missing.
 */
export async function startHomeMariaDb(
  home: string,
  say: Say,
  signal?: AbortSignal,
): Promise<PrivateDatabase> {
  await requireMariaDb(say);
  const wanted = readPorts(home).mariadb;
  const database = await startMariaDb({
    folder: join(home, 'mariadb'),
    port: await choosePort('MariaDB', wanted, '127.0.0.1', say),
    signal,
  });
  writePorts(home, { ...readPorts(home), mariadb: database.port });
  return database;
}

/**
 * Starts the private Kafka of a home at the port it used last, installing what is missing. The
 * caller holds the home's lock.
 *
 * @param signal - Aborted when it is no longer wanted.
 * @throws {SetupError} saying what is missing.
 */
export async function startHomeKafka(
  home: string,
  say: Say,
  signal?: AbortSignal,
): Promise<PrivateKafka> {
  const libs = await requireKafka(home, say);
  const wanted = readPorts(home).kafka;
  const kafka = await startKafka({
    folder: join(home, 'kafka'),
    libs,
    port: await choosePort('Kafka', wanted, '127.0.0.1', say),
    signal,
  });
  writePorts(home, { ...readPorts(home), kafka: kafka.port });
  return kafka;
}
