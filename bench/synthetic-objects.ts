import { hpx29 } from '../common/astro/healpix.ts';
import { htm16 } from '../common/astro/htm.ts';
import type { Survey } from '../common/config.ts';
import { LSST_OBJECT_COLUMNS, lsstObjectRow } from '../common/features/lsst/object-row.ts';
import { NO_CONTEXT } from '../common/features/object-context.ts';
import { ZTF_OBJECT_COLUMNS, ztfObjectRow } from '../common/features/ztf/object-row.ts';
import { LSST_SOURCE, packLsstHistory, unpackLsstHistory } from '../common/history/lsst-history.ts';
import type { Section } from '../common/history/packed-section.ts';
import { packZtfHistory, unpackZtfHistory, ZTF_DETECTION } from '../common/history/ztf-history.ts';
import { tableName } from '../common/schema/ddl.ts';
import { tableOf } from '../common/schema/tables.ts';
import { bulkLoad } from '../common/store/bulk.ts';
import { createRowBuffer } from '../common/store/row-buffer.ts';
import type { BulkTarget } from '../common/store/bulk.ts';
import type { RowBuffer } from '../common/store/row-buffer.ts';
import type { Database } from '../common/store/database.ts';
import { uniformAt } from '../ingest/simulate/random.ts';

import { supernovaHistory } from './supernova-history.ts';

/** Objects loaded together. */
const GROUP = 2_000;
/** Detections of objects after some months: most have few, and one in twenty has hundreds. */
export const DETECTIONS = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 10, 13, 18, 26, 45, 90, 300];

/** A history of some length, and what it makes of an object: all but the place. */
export interface Template {
  points: Buffer;
  row: unknown[];
}

interface Loader {
  target: BulkTarget;
  rows: RowBuffer;
}

/**
 * Fills an empty database with so many objects anywhere on the sky: packed histories, rows of
 * `objects` with all features, and the newest record of each.
 *
 * @returns Detections in all of them together.
 */
export async function storeSyntheticObjects(
  db: Database,
  survey: Survey,
  count: number,
  onProgress: (done: number) => void,
): Promise<number> {
  const server = await db.server();
  const columns = survey === 'ztf' ? ZTF_OBJECT_COLUMNS : LSST_OBJECT_COLUMNS;
  const templates = DETECTIONS.map((points) => templateOf(survey, points));
  const histories = loader(survey, 'histories', historyColumns(survey));
  const objects = loader(survey, 'objects', columns);
  const newest = loader(survey, NEWEST[survey], requiredColumns(survey, NEWEST[survey]));
  let detections = 0;
  for (let start = 0; start < count; start += GROUP) {
    const end = Math.min(count, start + GROUP);
    for (const { rows } of [histories, objects, newest]) rows.clear();
    for (let n = start; n < end; n++) {
      const place = {
        ra: 360 * uniformAt(n, 1),
        decl: (Math.asin(2 * uniformAt(n, 2) - 1) * 180) / Math.PI,
      };
      const { points, row } = templates[n % templates.length];
      detections += DETECTIONS[n % templates.length];
      const id = survey === 'ztf' ? ztfId(n) : String(170_000_000_000_000_000n + BigInt(n));
      const values: Record<string, unknown> = {
        ...Object.fromEntries(columns.map((column, i) => [column, row[i]])),
        ...{ objectId: id, diaObjectId: id, candid: 10 ** 9 + n, hasalert: 1, isdiffpos: 't' },
        ...{ ra: place.ra, decl: place.decl, ramean: place.ra, decmean: place.decl },
        ...{ htm16: htm16(place.ra, place.decl), hpx29: hpx29(place.ra, place.decl) },
        ...{ ownerKind: 0, ownerId: id, version: 1, points: movedTo(survey, points, place) },
      };
      for (const each of [histories, objects, newest]) write(each, values);
    }
    await db.transaction(async (tx) => {
      for (const { target, rows } of [histories, objects, newest])
        await bulkLoad(tx, server, 'insert', target, rows);
    });
    onProgress(end);
  }
  return detections;
}

/** Where the newest record of an object is found. */
const NEWEST: Record<Survey, string> = { ztf: 'candidates', lsst: 'diaObjects' };

export function templateOf(survey: Survey, length: number): Template {
  const points = supernovaHistory(survey, length);
  const row =
    survey === 'ztf'
      ? ztfObjectRow('', unpackZtfHistory(points), NO_CONTEXT)
      : lsstObjectRow(0n, unpackLsstHistory(points), NO_CONTEXT, true);
  return { points, row };
}

/** The same light curve elsewhere on the sky. */
function movedTo(survey: Survey, points: Buffer, place: { ra: number; decl: number }): Buffer {
  if (survey === 'ztf') {
    const history = unpackZtfHistory(Buffer.from(points));
    move(history.detections, ZTF_DETECTION.offsets, place);
    return packZtfHistory(history);
  }
  const history = unpackLsstHistory(Buffer.from(points));
  move(history.sources, LSST_SOURCE.offsets, place);
  return packLsstHistory(history);
}

function move(
  { view, count, stride }: Section,
  offsets: { ra: number; decl: number },
  { ra, decl }: { ra: number; decl: number },
): void {
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    // Some hundredths of an arcsecond from point to point.
    view.setFloat64(at + offsets.ra, ra + 1e-5 * (uniformAt(i, 3) - 0.5), true);
    view.setFloat64(at + offsets.decl, decl + 1e-5 * (uniformAt(i, 4) - 0.5), true);
  }
}

function loader(survey: Survey, table: string, columns: readonly string[]): Loader {
  return { target: { table: tableName(tableOf(survey, table)), columns }, rows: createRowBuffer() };
}

/** Of columns that must have a value, zero where there is none. */
function write({ target, rows }: Loader, values: Record<string, unknown>): void {
  for (const column of target.columns) {
    const value = values[column];
    rows.value(value === undefined ? 0 : value);
  }
  rows.endRow();
}

function historyColumns(survey: Survey): string[] {
  return [...(survey === 'ztf' ? ['objectId'] : ['ownerKind', 'ownerId']), 'version', 'points'];
}

function requiredColumns(survey: Survey, table: string): string[] {
  return tableOf(survey, table)
    .columns.filter(({ required }) => required === true)
    .map(({ name }) => name);
}

/** ZTF20aaaaaaa, ZTF20aaaaaab ... */
export function ztfId(n: number): string {
  let letters = '';
  for (let rest = n, i = 0; i < 7; i++, rest = Math.floor(rest / 26))
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  return `ZTF20${letters}`;
}
