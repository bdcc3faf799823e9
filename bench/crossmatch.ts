import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { startMariaDb } from '../bin/servers/mariadb.ts';
import { parseConfig } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import type { Log } from '../common/log.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { openDatabase } from '../common/store/database.ts';
import { dropCatalogue, selectCatalogueLoads } from '../common/store/catalogues.ts';
import { migrate } from '../common/store/migrate.ts';
import type { SimulatedCatalogue } from '../ingest/simulate/catalogues/catalogue-formats.ts';
import { writeCatalogues } from '../ingest/simulate/catalogues/write-catalogues.ts';
import { createCadence } from '../ingest/simulate/cadence.ts';
import { planNights } from '../ingest/simulate/plan.ts';
import { createRandom, uniform } from '../ingest/simulate/random.ts';
import { createSource } from '../ingest/simulate/sky.ts';
import { WORKLOADS } from '../ingest/simulate/workloads.ts';
import { loadCatalogue } from '../post_ingest/catalogues/load-catalogue.ts';
import { presetNamed } from '../post_ingest/catalogues/presets/presets.ts';
import { contextStep } from '../post_ingest/context/context-step.ts';
import type { PlacedObject } from '../post_ingest/steps/step.ts';
import { cpuSeconds } from './measure-process.ts';

export interface CrossmatchOptions {
  /** Rows of each catalogue. */
  rows: number;
  catalogues: readonly SimulatedCatalogue[];
  /** Batches of 1,000 objects. */
  batches: number;
  /** Server, files and loaded catalogues stay here from one run to the next. */
  folder: string;
  log: Log;
}

export interface CrossmatchReport {
  catalogues: number;
  rowsEach: number;
  alerts: number;
  /** Of the alerts, those that have any association. */
  classified: number;
  /** Milliseconds an alert, all catalogues together. */
  perAlertMs: { wall: number; client: number; server: number };
  /** Milliseconds an alert and catalogue. */
  perCatalogueMs: { wall: number; client: number; server: number };
  /** Seconds it took to make and load the catalogues; 0 for those that were there. */
  loadSeconds: number;
}

const BATCH = 1000;
const WARM_UP_BATCHES = 2;
/** Part of the rows by which a catalogue may differ from what is asked for: repeated ones. */
const TOLERATED = 0.02;
/** Packets of the night whose sky is in the catalogues. */
const NIGHT = { ...WORKLOADS.ztf.steady, alerts: 5000 };

/**
 * What it costs to compare new objects with catalogues: half of the objects stand where a simulated
 * night has alerts, among everything the catalogues have there, half are anywhere in the sky.
 */
export async function benchCrossmatch(options: CrossmatchOptions): Promise<CrossmatchReport> {
  const { log, batches } = options;
  const server = await startMariaDb({ folder: join(options.folder, 'mariadb') });
  const db = openDatabase(server.url);
  try {
    await migrate(db, ALL_TABLES, log);
    const config = parseConfig({ GLINT_HOME: options.folder, GLINT_DATABASE_URL: server.url });
    const context: Context = { config, db, log, now: () => new Date() };
    const startedAt = performance.now();
    await loadAll(context, options);
    const loadSeconds = (performance.now() - startedAt) / 1000;

    const objects = placesOf((batches + WARM_UP_BATCHES) * BATCH);
    const next = (n: number) => objects.slice(n * BATCH, (n + 1) * BATCH);
    for (let n = 0; n < WARM_UP_BATCHES; n++) await contextStep.find(db, 'ztf', next(n));
    let classified = 0;
    const before = { wall: performance.now(), own: process.cpuUsage(), server: cpuOf(server) };
    for (let n = WARM_UP_BATCHES; n < batches + WARM_UP_BATCHES; n++) {
      const { facts } = await contextStep.find(db, 'ztf', next(n));
      for (const { classification } of facts.values()) {
        if (classification !== null && classification !== 'ORPHAN') classified++;
      }
    }
    const { user, system } = process.cpuUsage(before.own);
    const alerts = batches * BATCH;
    const perAlert = (ms: number) => Number((ms / alerts).toFixed(4));
    const perAlertMs = {
      wall: perAlert(performance.now() - before.wall),
      client: perAlert((user + system) / 1000),
      server: perAlert(1000 * (cpuOf(server) - before.server)),
    };
    const count = options.catalogues.length;
    return {
      catalogues: count,
      rowsEach: options.rows,
      alerts,
      classified,
      perAlertMs,
      perCatalogueMs: {
        wall: perAlertMs.wall / count,
        client: perAlertMs.client / count,
        server: perAlertMs.server / count,
      },
      loadSeconds,
    };
  } finally {
    await db.close();
    await server.server.stop();
  }
}

const cpuOf = ({ server }: { server: { pid: number } }) => cpuSeconds(server.pid);

/** Makes and loads the catalogues that a run before has not left as they are asked for. */
async function loadAll(context: Context, { rows, catalogues, folder, log }: CrossmatchOptions) {
  const loads = await selectCatalogueLoads(context.db);
  for (const { name } of loads) {
    const isWanted = catalogues.some((catalogue) => catalogue === name);
    if (!isWanted) await dropCatalogue(context.db, name, context.now());
  }
  for (const catalogue of catalogues) {
    const ready = loads.find(({ name, state }) => name === catalogue && state === 'ready');
    if (ready !== undefined && Math.abs(Number(ready.rows) - rows) <= TOLERATED * rows) continue;
    log.info(`making ${catalogue} with ${rows} rows`);
    const [{ file }] = await writeCatalogues({
      catalogues: [catalogue],
      nights: [NIGHT],
      rows,
      seed: NIGHT.seed,
      folder: join(folder, 'files'),
    });
    log.info(`loading ${catalogue}`);
    await loadCatalogue(context, {
      name: catalogue,
      paths: [file],
      map: presetNamed(catalogue),
      table: 1,
      maxBadShare: 0,
      restart: true,
    });
    rmSync(file);
  }
}

/** New objects: by turns at the place of a simulated alert, and anywhere. */
function placesOf(count: number): PlacedObject[] {
  const cadence = createCadence(NIGHT);
  const indexes = [...new Set(planNights(NIGHT).measured.source)];
  const random = createRandom(NIGHT.seed, 0x504c);
  return Array.from({ length: count }, (_, n) => {
    const isReal = n % 2 === 0;
    const source = isReal
      ? createSource(NIGHT, cadence, indexes[(n / 2) % indexes.length])
      : {
          ra: uniform(random, 0, 360),
          dec: (Math.asin(uniform(random, -1, 1)) * 180) / Math.PI,
        };
    return { id: nameOf(n), ra: source.ra, decl: source.dec, newestAlert: null };
  });
}

function nameOf(n: number): string {
  const letters = [];
  for (let left = n, i = 0; i < 7; i++, left = Math.floor(left / 26)) {
    letters.unshift(String.fromCharCode(97 + (left % 26)));
  }
  return `ZTF26${letters.join('')}`;
}
