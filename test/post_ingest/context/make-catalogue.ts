import { hpx29, hpx29Halves } from '../../../common/astro/healpix.ts';
import {
  CATALOGUE_BANDS,
  emptySource,
  OPTIONAL_FIELDS,
  reachClass,
} from '../../../common/catalogues/source.ts';
import type { CatalogueKind, CatalogueSource } from '../../../common/catalogues/source.ts';
import { bulkLoad } from '../../../common/store/bulk.ts';
import { createRowBuffer } from '../../../common/store/row-buffer.ts';
import { tableColumns } from '../../../common/store/catalogue-columns.ts';
import type { CatalogueColumns } from '../../../common/store/catalogue-columns.ts';
import {
  beginLoad,
  finishLoad,
  loadingTable,
  updateLoad,
} from '../../../common/store/catalogues.ts';
import type { Database } from '../../../common/store/database.ts';
import { reachArcsec } from '../../../post_ingest/context/reach.ts';

/** Every field a column: what a catalogue that knows everything would have. */
const COLUMNS: CatalogueColumns = {
  fields: Object.keys(OPTIONAL_FIELDS) as CatalogueColumns['fields'],
  kept: [],
  constants: {},
  mainBands: [],
};
const NOW = new Date('2026-11-21T12:00:00Z');

export type Given = Partial<CatalogueSource> & Pick<CatalogueSource, 'ra' | 'decl'>;

/** A source with what a test says of it; its name is its number. */
export function sourceOf(given: Given, i = 0): CatalogueSource {
  return Object.assign(emptySource(), { id: `source ${i}` }, given);
}

/** Loads a catalogue as the loader leaves it: by class of reach and place. */
export async function makeCatalogue(
  db: Database,
  name: string,
  kind: CatalogueKind,
  given: readonly Given[],
  load = 1,
): Promise<void> {
  const sources = given.map(sourceOf);
  const rows = createRowBuffer();
  const rowsByReach = [0, 0, 0, 0, 0];
  const coverage = Buffer.alloc((12 * 4 ** 5) / 8);
  for (const source of sources) {
    const reach = reachClass(reachArcsec(kind, source));
    rowsByReach[reach]++;
    const cell = hpx29Halves(source.ra, source.decl).high >>> (2 * 24 - 32);
    coverage[cell >> 3] |= 1 << (cell & 7);
    const values: Record<string, unknown> = { ...source, reach };
    values.hpx29 = hpx29(source.ra, source.decl);
    for (const column of tableColumns(COLUMNS)) rows.value(values[column]);
    rows.endRow();
  }
  const about = { name, load };
  await beginLoad(
    db,
    { ...about, kind, columns: COLUMNS, source: '{}', progress: '{}', bytesTotal: 0 },
    NOW,
  );
  const server = await db.server();
  await db.transaction(async (tx) => {
    await bulkLoad(
      tx,
      server,
      'insert',
      { table: loadingTable(name, load), columns: tableColumns(COLUMNS) },
      rows,
    );
    const progress = {
      rows: sources.length,
      rowsByReach,
      rejected: 0,
      repeated: 0,
      rejects: [],
      coverage: coverage.toString('base64'),
      bytesDone: 0,
      progress: '{}',
    };
    await updateLoad(tx, about, progress, NOW);
  });
  await finishLoad(db, about, NOW);
}

/** Magnitudes of Sherlock's answers by their columns. */
export function magnitudes(row: Record<string, unknown>): Partial<CatalogueSource> {
  const found = CATALOGUE_BANDS.flatMap((band) =>
    typeof row[band] === 'number' ? [[band, row[band]]] : [],
  );
  return Object.fromEntries(found) as Partial<CatalogueSource>;
}
