import { hpx29 } from '../common/astro/healpix.ts';
import type { Survey } from '../common/config.ts';
import { LSST_OBJECT_COLUMNS } from '../common/features/lsst/object-row.ts';
import { ZTF_OBJECT_COLUMNS } from '../common/features/ztf/object-row.ts';
import { indexDefinition, indexName, quoteName, tableName } from '../common/schema/ddl.ts';
import { tableOf } from '../common/schema/tables.ts';
import type { DatabaseName, Table } from '../common/schema/types.ts';
import { bulkLoad } from '../common/store/bulk.ts';
import { createRowBuffer } from '../common/store/row-buffer.ts';
import type { BulkTarget } from '../common/store/bulk.ts';
import type { RowBuffer } from '../common/store/row-buffer.ts';
import type { Database } from '../common/store/database.ts';
import { uniformAt } from '../ingest/simulate/random.ts';
import { DETECTIONS_EACH, detectionColumns, ownColumns, skyObject } from './sql-sky.ts';
import type { SkyObject } from './sql-sky.ts';
import { DETECTIONS, templateOf } from './synthetic-objects.ts';

/** Objects loaded together. */
const GROUP = 5_000;
/** Objects that the one watchlist has found, and that the one watchmap holds. */
const WATCHED = 10_000;
/** Entries of the Transient Name Server: every fourth is of an object. */
const TNS_ENTRIES = 20_000;
const TNS_DAYS = 2_000;
const DAY_MS = 86_400_000;

export const DETECTION_TABLE = { ztf: 'candidates', lsst: 'diaSources' } as const;
const OBJECT_ID = { ztf: 'objectId', lsst: 'diaObjectId' } as const;

export interface SqlFill {
  survey: Survey;
  objects: number;
  now: Date;
  /** The account that owns the watchlist. */
  userId: number;
  onProgress: (done: number) => void;
}

/** Fills an empty database: objects, what is around the recent ones, detections, lists, TNS. */
export async function fillSqlSky(db: Database, fill: SqlFill): Promise<void> {
  await withoutIndexes(db, tableOf(fill.survey, 'objects'), () => fillObjects(db, fill));
  await fillLists(db, fill);
  await fillTns(db, fill);
  const { survey } = fill;
  const tables = ['objects', 'sherlock_classifications', DETECTION_TABLE[survey]];
  for (const name of [...tables, 'watchlist_hits', 'area_hits', 'crossmatch_tns', 'tns_matches']) {
    await db.arrays(`ANALYZE TABLE ${tableName(tableOf(survey, name))}`);
  }
}

/** Indexes are made of all rows at once, which takes less than row by row. */
async function withoutIndexes(db: Database, table: Table, work: () => Promise<void>) {
  const alter = (changes: string[]) =>
    db.execute(`ALTER TABLE ${tableName(table)} ${changes.join(', ')}`);
  await alter(table.indexes.map((index) => `DROP INDEX ${quoteName(indexName(table, index))}`));
  await work();
  await alter(table.indexes.map((index) => `ADD ${indexDefinition(table, index)}`));
}

async function fillObjects(db: Database, { survey, objects, now, onProgress }: SqlFill) {
  const rows = objectLoader(survey, now);
  const detections = tableLoader(survey, DETECTION_TABLE[survey]);
  const around = tableLoader(survey, 'sherlock_classifications');
  for (let start = 0; start < objects; start += GROUP) {
    const end = Math.min(objects, start + GROUP);
    for (let n = start; n < end; n++) {
      const object = skyObject(survey, n);
      rows.write(object);
      if (object.isRecent) {
        around.write({
          ...{ [OBJECT_ID[survey]]: object.id, classification: object.classification },
          ...{ separationArcsec: 3 * uniformAt(n, 21), z: 0.2 * uniformAt(n, 22) },
          ...{ catalogue_table_name: 'PS1', catalogue_object_id: String(n) },
          summary: 'made up',
        });
      }
      if (!object.isFollowed) continue;
      for (let of = 0; of < DETECTIONS_EACH; of++)
        detections.write(detectionColumns(survey, object, of, now));
    }
    for (const each of [rows, detections, around]) await each.load(db);
    onProgress(end);
  }
}

/** Rows of `objects`: what they share with others of their length of history is written once. */
function objectLoader(survey: Survey, now: Date): TableLoader<SkyObject> {
  const all = survey === 'ztf' ? ZTF_OBJECT_COLUMNS : LSST_OBJECT_COLUMNS;
  const own = Object.keys(ownColumns(survey, skyObject(survey, 0), now));
  const shared = all.filter((column) => !own.includes(column));
  const places = shared.map((column) => all.indexOf(column));
  const ends = DETECTIONS.map((points) => {
    const { row } = templateOf(survey, points);
    const buffer = createRowBuffer();
    for (const place of places) buffer.value(row[place]);
    buffer.endRow();
    return buffer.view().toString('latin1');
  });
  const target = { table: tableName(tableOf(survey, 'objects')), columns: [...own, ...shared] };
  let lines: string[] = [];
  return {
    write(object) {
      const values = Object.values(ownColumns(survey, object, now));
      lines.push(`${values.join('\t')}\t${ends[object.template]}`);
    },
    async load(db) {
      const bytes = Buffer.from(lines.join(''), 'latin1');
      const count = lines.length;
      lines = [];
      await loadRows(db, target, { count: () => count, view: () => bytes });
    },
  };
}

async function fillLists(db: Database, { survey, objects, now, userId }: SqlFill) {
  const list = { user_id: userId, active: 1, public: 0, created_at: now, updated_at: now };
  const named = { ...list, name: 'bench', description: '' };
  const watchlists = tableLoader('glint', 'watchlists');
  watchlists.write({ ...named, wl_id: 1, radius: 3 });
  const areas = tableLoader('glint', 'areas');
  areas.write({ ...named, ar_id: 1 });
  const cones = tableLoader('glint', 'watchlist_cones');
  const hits = tableLoader(survey, 'watchlist_hits');
  const inside = tableLoader(survey, 'area_hits');
  const step = Math.max(1, Math.floor(objects / WATCHED));
  for (let n = 0, cone_id = 1; n < objects && cone_id <= WATCHED; n += step, cone_id++) {
    const { id, ra, decl } = skyObject(survey, n);
    const object = { [OBJECT_ID[survey]]: id };
    cones.write({ cone_id, wl_id: 1, name: `source ${n}`, ra, decl, hpx29: hpx29(ra, decl) });
    hits.write({ ...object, wl_id: 1, cone_id, name: `source ${n}`, arcsec: 0.5 });
    inside.write({ ...object, ar_id: 1 });
  }
  for (const each of [watchlists, areas, cones, hits, inside]) await each.load(db);
}

async function fillTns(db: Database, { survey, objects, now }: SqlFill) {
  const entries = tableLoader(survey, 'crossmatch_tns');
  const matches = tableLoader(survey, 'tns_matches');
  for (let n = 0; n < TNS_ENTRIES; n++) {
    const { id, ra, decl } = skyObject(survey, Math.floor(objects * uniformAt(n, 31)));
    const tns_name = `20${10 + (n % 16)}${n.toString(36)}`;
    entries.write({
      ...{ id: n + 1, tnsid: n + 1, tns_name, tns_prefix: 'AT', ra, decl, hpx29: hpx29(ra, decl) },
      ...{ disc_date: new Date(now.getTime() - TNS_DAYS * DAY_MS * uniformAt(n, 32)) },
      ...{ lasairmodified_date: now, disc_mag: 19, type: 'SN Ia' },
    });
    if (n % 4 === 0) matches.write({ [OBJECT_ID[survey]]: id, tns_name, arcsec: 0.3 });
  }
  for (const each of [entries, matches]) await each.load(db);
}

interface TableLoader<Row> {
  write(row: Row): void;
  /** Sends what was written, and forgets it. */
  load(db: Database): Promise<void>;
}

/** Rows by names of columns: those not named are NULL, or zero where they may not be. */
function tableLoader(database: DatabaseName, name: string): TableLoader<Record<string, unknown>> {
  const { columns } = tableOf(database, name);
  const target = {
    table: tableName(tableOf(database, name)),
    columns: columns.map((column) => column.name),
  };
  const rows = createRowBuffer();
  return {
    write(values) {
      for (const column of columns) {
        const value = values[column.name] ?? (column.required === true ? 0 : null);
        rows.value(value instanceof Date ? sqlTime(value) : value);
      }
      rows.endRow();
    },
    async load(db) {
      await loadRows(db, target, rows);
      rows.clear();
    },
  };
}

async function loadRows(db: Database, target: BulkTarget, rows: Pick<RowBuffer, 'count' | 'view'>) {
  const server = await db.server();
  await db.transaction((tx) => bulkLoad(tx, server, 'insert', target, rows));
}

/** As the loader reads times: UTC, without a zone. */
function sqlTime(time: Date): string {
  return time.toISOString().slice(0, -1);
}
