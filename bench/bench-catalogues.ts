import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startMariaDb } from '../bin/servers/mariadb.ts';
import { parseConfig } from '../common/config.ts';
import type { Log } from '../common/log.ts';
import { CATALOGUE_TABLES } from '../common/schema/catalogue-tables.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import { openDatabase } from '../common/store/database.ts';
import { migrate } from '../common/store/migrate.ts';
import type { SimulatedCatalogue } from '../ingest/simulate/catalogues/catalogue-formats.ts';
import { writeCatalogues } from '../ingest/simulate/catalogues/write-catalogues.ts';
import { WORKLOADS } from '../ingest/simulate/workloads.ts';
import { loadCatalogue } from '../post_ingest/catalogues/load-catalogue.ts';
import { presetNamed } from '../post_ingest/catalogues/presets/presets.ts';

/** As the real ones stand to each other: two of all the sky's point sources, shorter lists of the rest. */
const SHARES: Record<SimulatedCatalogue, number> = {
  gaia_dr3: 1,
  panstarrs: 1,
  ned_lvs: 0.2,
  milliquas: 0.1,
  vsx: 0.1,
  ritter_kolb: 0.001,
};

/** Whose sky is in the catalogues. */
const NIGHTS = [WORKLOADS.ztf.steady, WORKLOADS.lsst.steady];

/**
 * A data folder of MariaDB in which simulated catalogues are loaded, the sky of the steady nights of
 * both surveys in them. Made if it is not there yet: it takes minutes, so that runs copy it.
 *
 * @param rows - Of the two largest; the others have a tenth and less.
 */
export async function prepareCatalogueServer(
  rows: number,
  folder: string,
  log: Log,
): Promise<string> {
  const name = createHash('sha256')
    .update(JSON.stringify([NIGHTS, rows, CATALOGUE_TABLES]))
    .digest('hex');
  const prepared = join(folder, `catalogues-${rows}-${name.slice(0, 12)}`);
  if (existsSync(join(prepared, 'complete'))) return prepared;
  const work = `${prepared}.work`;
  rmSync(work, { recursive: true, force: true });
  rmSync(prepared, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const database = await startMariaDb({ folder: join(work, 'mariadb') });
  const config = parseConfig({ GLINT_HOME: join(work, 'home'), GLINT_DATABASE_URL: database.url });
  const db = openDatabase(database.url);
  try {
    await migrate(db, ALL_TABLES, log);
    for (const [catalogue, share] of Object.entries(SHARES) as [SimulatedCatalogue, number][]) {
      const [written] = await writeCatalogues({
        catalogues: [catalogue],
        nights: NIGHTS,
        rows: Math.ceil(rows * share),
        seed: 1,
        folder: join(work, 'csv'),
      });
      log.info(`loading ${written.rows} rows of ${catalogue}`);
      await loadCatalogue(
        { config, db, log, now: () => new Date() },
        {
          name: catalogue,
          paths: [written.file],
          map: presetNamed(catalogue),
          table: 1,
          maxBadShare: 0,
          restart: false,
        },
      );
      rmSync(written.file);
    }
  } finally {
    await db.close();
    await database.server.stop();
  }
  rmSync(join(work, 'csv'), { recursive: true, force: true });
  renameSync(work, prepared);
  writeFileSync(join(prepared, 'complete'), '');
  return prepared;
}

/** Copies a prepared server to where a run has its own. */
export function copyCatalogueServer(prepared: string, folder: string): void {
  cpSync(join(prepared, 'mariadb'), folder, { recursive: true });
}
