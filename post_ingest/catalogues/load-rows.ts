import { join } from 'node:path';
import { rm } from 'node:fs/promises';

import { bulkLoad } from '../../common/store/bulk.ts';
import { tableColumns } from '../../common/store/catalogue-columns.ts';
import { loadingTable, updateLoad } from '../../common/store/catalogues.ts';
import type { NewLoad } from '../../common/store/catalogues.ts';
import type { Database } from '../../common/store/database.ts';
import type { LoadState } from './load-state.ts';
import { markCovered, storedState } from './load-state.ts';
import { mergedRows, mergeRuns } from './merge-runs.ts';
import type { Merger } from './merge-runs.ts';
import { writeRun } from './run-file.ts';

export interface LoadRowsOptions {
  load: Pick<NewLoad, 'name' | 'load' | 'columns'>;
  folder: string;
  /** Runs that are merged at once. */
  maxOpenRuns: number;
  /** Bytes of rows loaded in one transaction. */
  batchBytes: number;
  now: () => Date;
  /** Throws if the load must stop. */
  check: () => void;
  onProgress: (state: LoadState) => void;
}

/** Merges runs into longer ones, until there are few enough to be loaded at once. */
export async function mergeManyRuns(
  db: Database,
  state: LoadState,
  options: LoadRowsOptions,
): Promise<void> {
  const { progress } = state;
  while (progress.runs.length > options.maxOpenRuns) {
    options.check();
    const { first, count } = smallestGroup(progress.runs, options.maxOpenRuns);
    const merged = progress.runs.slice(first, first + count);
    const name = `run-${String(progress.nextRun++).padStart(6, '0')}`;
    const merger = mergeRuns(merged.map((run) => join(options.folder, run.name)));
    try {
      const bytes = await writeRun(join(options.folder, name), mergedRows(merger));
      // In the place of those it was made of: rows of one key keep their order.
      progress.runs.splice(first, count, { name, bytes });
    } finally {
      merger.close();
    }
    await updateLoad(db, options.load, storedState(state), options.now());
    for (const run of merged) await rm(join(options.folder, run.name), { force: true });
    options.onProgress(state);
  }
}

/** The neighbouring runs that cost least to merge, no more of them than needed. */
function smallestGroup(
  runs: LoadState['progress']['runs'],
  maxOpenRuns: number,
): { first: number; count: number } {
  const count = Math.min(maxOpenRuns, runs.length - maxOpenRuns + 1);
  const sizeAt = (first: number) =>
    runs.slice(first, first + count).reduce((sum, run) => sum + run.bytes, 0);
  let best = { first: 0, bytes: sizeAt(0) };
  for (let first = 1; first + count <= runs.length; first++) {
    const bytes = sizeAt(first);
    if (bytes < best.bytes) best = { first, bytes };
  }
  return { first: best.first, count };
}

/**
 * Loads the rows of the runs in the order of the table's key, going on from `state`; each transaction
 * says with its rows how far it came. Of rows with the same key the first is kept and the others are
 * counted.
 */
export async function loadRows(
  db: Database,
  state: LoadState,
  options: LoadRowsOptions,
): Promise<void> {
  const { progress } = state;
  const { load } = options;
  const server = await db.server();
  const paths = progress.runs.map((run) => join(options.folder, run.name));
  const target = {
    table: loadingTable(load.name, load.load),
    columns: tableColumns(load.columns),
  };
  const batch = Buffer.allocUnsafe(options.batchBytes);
  const merger = mergeRuns(paths, progress.offsets);
  try {
    while (merger.current() !== undefined) {
      options.check();
      const { bytes, rows } = takeBatch(merger, state, batch);
      progress.offsets = merger.offsets();
      await db.transaction(async (tx) => {
        await bulkLoad(tx, server, 'insert', target, { count: () => rows, view: () => bytes });
        await updateLoad(tx, load, storedState(state), options.now());
      });
      options.onProgress(state);
    }
  } finally {
    merger.close();
  }
}

/** Takes rows until the batch is full. @returns Its rows; the state counts them already. */
function takeBatch(
  merger: Merger,
  state: LoadState,
  batch: Buffer,
): { bytes: Buffer; rows: number } {
  let end = 0;
  let rows = 0;
  for (let row = merger.current(); row !== undefined; row = merger.current()) {
    const length = row.end - row.start;
    if (end + length > batch.length) {
      if (rows === 0) throw new Error(`a row of ${length} bytes is longer than a batch`);
      break;
    }
    const keyEnd = row.start + row.idStart + row.idLength;
    const key = row.bytes.toString('latin1', row.start, keyEnd);
    if (key === state.progress.lastKey) state.repeated++;
    else {
      state.progress.lastKey = key;
      row.bytes.copy(batch, end, row.start, row.end);
      end += length;
      rows++;
      state.rows++;
      state.rowsByReach[row.reach]++;
      markCovered(state.coverage, row.high);
    }
    merger.advance();
  }
  return { bytes: batch.subarray(0, end), rows };
}
