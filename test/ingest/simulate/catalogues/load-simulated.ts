import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { parseConfig } from '../../../../common/config.ts';
import type { Context } from '../../../../common/context.ts';
import { silentLog } from '../../../../common/log.ts';
import type { CatalogueLoad } from '../../../../common/store/catalogues.ts';
import type { Database } from '../../../../common/store/database.ts';
import { writeCatalogues } from '../../../../ingest/simulate/catalogues/write-catalogues.ts';
import type { CatalogueOrder } from '../../../../ingest/simulate/catalogues/write-catalogues.ts';
import { loadCatalogue } from '../../../../post_ingest/catalogues/load-catalogue.ts';
import { presetNamed } from '../../../../post_ingest/catalogues/presets/presets.ts';
import { testFolder } from '../../../servers.ts';

/** Writes simulated catalogues and loads them, each with the preset of its name. */
export async function loadSimulated(
  db: Database,
  order: Omit<CatalogueOrder, 'folder'>,
): Promise<CatalogueLoad[]> {
  const home = mkdtempSync(join(testFolder(), 'simulated-'));
  const context: Context = {
    config: parseConfig({ GLINT_HOME: home }),
    db,
    log: silentLog,
    now: () => new Date('2026-11-21T00:00:00Z'),
  };
  const loads: CatalogueLoad[] = [];
  for (const { catalogue, file } of await writeCatalogues({ ...order, folder: home })) {
    const { catalogue: load } = await loadCatalogue(context, {
      name: catalogue,
      paths: [file],
      map: presetNamed(catalogue),
      table: 1,
      maxBadShare: 0,
      restart: true,
    });
    loads.push(load);
  }
  return loads;
}
