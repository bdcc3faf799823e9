import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startKafka } from '../bin/servers/kafka.ts';
import type { PrivateKafka } from '../bin/servers/kafka.ts';
import { startMariaDb } from '../bin/servers/mariadb.ts';
import type { PrivateDatabase } from '../bin/servers/mariadb.ts';
import { projectRoot } from '../common/project-root.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { silentLog } from '../common/log.ts';
import { openDatabase } from '../common/store/database.ts';
import type { Database } from '../common/store/database.ts';
import { migrate } from '../common/store/migrate.ts';

/** Servers that live as long as the test run, started when a test first asks. */
const folder = mkdtempSync(join(tmpdir(), 'glint-test-'));
let mariaDb: Promise<PrivateDatabase> | undefined;
let kafka: Promise<PrivateKafka> | undefined;

export function testFolder(): string {
  return folder;
}

export function testMariaDb(): Promise<PrivateDatabase> {
  mariaDb ??= startMariaDb({ folder: join(folder, 'mariadb'), bufferPoolBytes: 512 << 20 });
  return mariaDb;
}

export function testKafka(): Promise<PrivateKafka> {
  kafka ??= startKafka({
    folder: join(folder, 'kafka'),
    libs: join(projectRoot, 'var', 'kafka-libs'),
  });
  return kafka;
}

/** A pool on the test server, with all databases made anew and empty, no catalogue, and no account of a notebook. */
export async function freshDatabase(): Promise<{ db: Database; url: string }> {
  const { url } = await testMariaDb();
  const db = openDatabase(url);
  for (const name of [
    'ztf',
    'lsst',
    'glint',
    'catalogues',
    'ztf_views',
    'lsst_views',
    'ztf_owned_views',
    'lsst_owned_views',
  ]) {
    await db.execute(`DROP DATABASE IF EXISTS ${name}`);
  }
  for (const [user] of await db.arrays(
    "SELECT user FROM mysql.user WHERE user LIKE 'glint\\_nb\\_%'",
  )) {
    await db.execute(`DROP USER IF EXISTS '${String(user)}'@'%'`);
  }
  await migrate(db, ALL_TABLES, silentLog);
  return { db, url };
}

export async function stopTestServers(): Promise<void> {
  await Promise.all([
    mariaDb?.then((db) => db.server.stop()),
    kafka?.then((broker) => broker.server.stop()),
  ]);
  rmSync(folder, { recursive: true, force: true });
}
