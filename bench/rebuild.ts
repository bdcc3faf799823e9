import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { startMariaDb } from '../bin/servers/mariadb.ts';
import type { PrivateDatabase } from '../bin/servers/mariadb.ts';
import { parseConfig } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import type { Log } from '../common/log.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { openDatabase } from '../common/store/database.ts';
import { migrate } from '../common/store/migrate.ts';
import { beginRebuild } from '../common/store/rebuilds.ts';
import { ALL_STEPS } from '../post_ingest/steps/all-steps.ts';
import { withRefreshTools } from '../post_ingest/steps/object-features.ts';
import { runRebuilds } from '../post_ingest/steps/rebuild.ts';
import { cpuSeconds } from './measure-process.ts';
import { storeSyntheticObjects } from './synthetic-objects.ts';

export interface RebuildOptions {
  survey: Survey;
  objects: number;
  /** Server and data are here, and nothing is left of them. */
  folder: string;
  log: Log;
  /** Told now and then how far it is. */
  onProgress: (what: 'filling' | 'rebuilding', done: number, total: number) => void;
}

export interface RebuildReport {
  survey: Survey;
  objects: number;
  /** Detections an object, on average. */
  detections: number;
  /** How long it took to fill the database, seconds; not part of the figures. */
  fillSeconds: number;
  objectsPerSecond: number;
  /** CPU, milliseconds an object. */
  cpuMsPerObject: { program: number; mariadb: number };
  /** Resident memory of this process, MB: before, at the most, and at the end. */
  memoryMb: { before: number; peak: number; atEnd: number };
}

/** How fast the features of all stored objects are worked out anew, and what it costs. */
export async function benchRebuild(options: RebuildOptions): Promise<RebuildReport> {
  rmSync(options.folder, { recursive: true, force: true });
  const server = await startMariaDb({ folder: join(options.folder, 'mariadb') });
  const db = openDatabase(server.url);
  try {
    await migrate(db, ALL_TABLES, options.log);
    const config = parseConfig({ GLINT_HOME: options.folder, GLINT_DATABASE_URL: server.url });
    return await measure({ config, db, log: options.log, now: () => new Date() }, server, options);
  } finally {
    await db.close();
    await server.server.stop();
    rmSync(options.folder, { recursive: true, force: true });
  }
}

async function measure(
  context: Context,
  { server }: PrivateDatabase,
  { survey, objects, onProgress }: RebuildOptions,
): Promise<RebuildReport> {
  const { db, now } = context;
  const fillFrom = performance.now();
  const detections = await storeSyntheticObjects(db, survey, objects, (done) =>
    onProgress('filling', done, objects),
  );
  const fillSeconds = (performance.now() - fillFrom) / 1000;
  await beginRebuild(db, { survey, step: 'features', version: 'bench', total: 0, now: now() });
  const memory = { before: process.memoryUsage.rss(), peak: 0 };
  const before = {
    wall: performance.now(),
    own: process.cpuUsage(),
    mariadb: cpuSeconds(server.pid),
  };
  const done = await withRefreshTools(context, (tools) =>
    runRebuilds(tools, ALL_STEPS, new AbortController().signal, (rebuild) => {
      memory.peak = Math.max(memory.peak, process.memoryUsage.rss());
      onProgress('rebuilding', rebuild.done, rebuild.total);
    }),
  );
  const { user, system } = process.cpuUsage(before.own);
  if (done !== objects) throw new Error(`${done} objects were worked out, not ${objects}`);
  const rounded = (value: number) => Number(value.toFixed(3));
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  return {
    survey,
    objects,
    detections: rounded(detections / objects),
    fillSeconds: Math.round(fillSeconds),
    objectsPerSecond: Math.round(objects / ((performance.now() - before.wall) / 1000)),
    cpuMsPerObject: {
      program: rounded((user + system) / 1000 / objects),
      mariadb: rounded((1000 * (cpuSeconds(server.pid) - before.mariadb)) / objects),
    },
    memoryMb: {
      before: megabytes(memory.before),
      peak: megabytes(memory.peak),
      atEnd: megabytes(process.memoryUsage.rss()),
    },
  };
}
