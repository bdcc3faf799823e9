import { join } from 'node:path';

import { hpx29Halves } from '../../common/astro/healpix.ts';
import { emptySource, OPTIONAL_FIELDS, reachClass } from '../../common/catalogues/source.ts';
import type { OptionalField } from '../../common/catalogues/source.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { openTable } from '../../common/formats/open-table.ts';
import type { TableBatch, TableReader } from '../../common/formats/table.ts';
import type { CatalogueColumns } from '../../common/store/catalogue-columns.ts';
import { reachArcsec } from '../context/reach.ts';
import { bindMap } from './bind-map.ts';
import type { BoundMap } from './bind-map.ts';
import type { CatalogueMap } from './catalogue-map.ts';
import type { LoadState } from './load-state.ts';
import { createRunBuilder } from './run-builder.ts';
import type { RunBuilder } from './run-builder.ts';
import { writeRun } from './run-file.ts';
import type { SourceFile } from './source-files.ts';

/** Bad rows that are kept with their reasons. */
const MAX_REJECTS = 20;
/** So many bad rows are forgiven in any file; the share counts from so many rows on. */
const FORGIVEN = 10;
const FEWEST_ROWS = 1_000;
/** Room beyond a run's size, for the last batch of rows in it. */
const SLACK_BYTES = 8 << 20;

export interface ReadOptions {
  map: CatalogueMap;
  columns: CatalogueColumns;
  /** Which of several tables in a file, from 1. */
  table: number;
  /** Largest share of the rows that may be unusable. */
  maxBadShare: number;
  /** Where the runs go. */
  folder: string;
  /** Size of a run in memory. */
  runBytes: number;
  /** Called with the state after each batch of rows and after each run, which is when it is to be kept. */
  onProgress: (state: LoadState) => void;
  onRun: (state: LoadState) => Promise<void>;
}

/**
 * Reads the files of a catalogue into sorted runs on the disk, going on from `state`.
 *
 * @throws {InvalidInputError} if a file cannot be read, lacks a column that the first has, or too many
 *   rows cannot be used.
 */
export async function readFiles(
  files: readonly SourceFile[],
  state: LoadState,
  options: ReadOptions,
): Promise<void> {
  const { progress } = state;
  const builder = createRunBuilder(options.runBytes + SLACK_BYTES);
  let bytesBefore = files.slice(0, progress.file).reduce((sum, file) => sum + file.bytes, 0);
  const endRun = async () => {
    if (builder.count() > 0) {
      const name = `run-${String(progress.nextRun++).padStart(6, '0')}`;
      const bytes = await writeRun(join(options.folder, name), builder.sorted());
      progress.runs.push({ name, bytes });
      builder.clear();
    }
    await options.onRun(state);
  };
  for (; progress.file < files.length; progress.file++) {
    const file = files[progress.file];
    const reader = await openTable(file.path, { ...options.map, table: options.table });
    try {
      const bound = bindMap(options.map, reader.columns, file.path);
      checkColumns(bound, options.columns, file.path);
      const takeRows = rowTaker(bound, options, builder, state, file.path);
      for await (const batch of reader.batches(bound.wanted, progress.position)) {
        takeRows(batch);
        progress.position = batch.next;
        state.bytesDone = bytesBefore + bytesDone(reader, file);
        if (builder.bytes() > options.runBytes) await endRun();
        options.onProgress(state);
      }
    } finally {
      await reader.close();
    }
    bytesBefore += file.bytes;
    progress.position = { count: 0, byte: 0 };
    state.bytesDone = bytesBefore;
  }
  checkRejects(state, options.maxBadShare, true);
  progress.phase = 'merging';
  await endRun();
}

/** What the options and the columns of the first file make of the table's columns. */
export async function describeColumns(
  file: SourceFile,
  map: CatalogueMap,
  table: number,
): Promise<CatalogueColumns> {
  const reader = await openTable(file.path, { ...map, table });
  try {
    return bindMap(map, reader.columns, file.path).columns;
  } finally {
    await reader.close();
  }
}

function bytesDone(reader: TableReader, file: SourceFile): number {
  return Math.min(file.bytes, Math.round(reader.bytesRead()));
}

/** Turns the rows of batches into lines for the bulk loader, with their keys. */
function rowTaker(
  bound: BoundMap,
  options: ReadOptions,
  builder: RunBuilder,
  state: LoadState,
  path: string,
): (batch: TableBatch) => void {
  const source = emptySource();
  const kept: (string | number | null)[] = [];
  const { kind } = options.map;
  const { fields, kept: keptColumns } = options.columns;
  const isText = fields.map((field) => typeof OPTIONAL_FIELDS[field] === 'object');
  // The file may have further columns that the map would keep: the table has those of the first file.
  const keptAt = keptColumns.map(({ name }) =>
    bound.columns.kept.findIndex((column) => column.name === name),
  );
  const { row } = builder;
  const key = { reach: 0, high: 0, low: 0, idStart: 0, idLength: 0 };

  return (batch) => {
    for (let i = 0; i < batch.count; i++) {
      state.progress.seen++;
      const reason = bound.read(batch, i, source, kept);
      if (reason !== undefined) {
        state.rejected++;
        if (state.rejects.length < MAX_REJECTS) {
          state.rejects.push({ file: path, place: batch.place(i), reason });
        }
        checkRejects(state, options.maxBadShare, false);
        continue;
      }
      const { high, low } = hpx29Halves(source.ra, source.decl);
      key.reach = reachClass(reachArcsec(kind, source));
      key.high = high;
      key.low = low;
      const hpx = ((BigInt(high) << 32n) | BigInt(low)).toString();
      key.idStart = 3 + hpx.length;
      // Backslashes are doubled in the line.
      key.idLength = source.id.length + (source.id.split('\\').length - 1);
      row.number(key.reach);
      row.text(hpx);
      row.text(source.id);
      row.number(source.ra);
      row.number(source.decl);
      for (const [column, field] of fields.entries()) {
        if (isText[column]) row.text(source[field as 'type' | 'magFilter']);
        else row.float(source[field as Exclude<OptionalField, 'type' | 'magFilter'>]);
      }
      for (const at of keptAt) row.value(kept[at]);
      builder.end(key);
    }
  };
}

/** @throws {InvalidInputError} if too many rows cannot be used to believe that the map is right. */
function checkRejects(state: LoadState, maxShare: number, isEnd: boolean): void {
  const { rejected, rejects, progress } = state;
  const isTooMuch = rejected > FORGIVEN && rejected > maxShare * progress.seen;
  const isNothing = isEnd && rejected === progress.seen;
  if (!isNothing && !(isTooMuch && (isEnd || progress.seen >= FEWEST_ROWS))) return;
  if (progress.seen === 0) throw new InvalidInputError('the files have no rows');
  const lines = rejects
    .slice(0, 5)
    .map(({ file, place, reason }) => `\n  ${file}, ${place}: ${reason}`);
  throw new InvalidInputError(
    `${rejected} of ${progress.seen} rows cannot be used, which is too many: is the preset or the map right?${lines.join('')}`,
  );
}

/** A later file must have what the first had, or its sources would be poorer without a word. */
function checkColumns(bound: BoundMap, columns: CatalogueColumns, file: string): void {
  const has = (name: string) =>
    bound.columns.fields.some((field) => field === name) ||
    bound.columns.kept.some((column) => column.name === name);
  const missing = [...columns.fields, ...columns.kept.map(({ name }) => name)].filter(
    (name) => !has(name),
  );
  if (missing.length > 0) {
    throw new InvalidInputError(
      `${file} lacks columns that the first file has: there is nothing for ${missing.join(', ')}`,
    );
  }
}
