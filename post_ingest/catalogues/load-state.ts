import { z } from 'zod';

import type { CatalogueLoad, LoadProgress } from '../../common/store/catalogues.ts';
import type { SourceFile } from './source-files.ts';

const CELL_ORDER = 5;
/** HEALPix cells of order 5. */
const CELLS = 12 * 4 ** CELL_ORDER;

const ProgressSchema = z.strictObject({
  /** Names the folder of the runs, so that nothing is mixed up with another load's. */
  token: z.string(),
  phase: z.enum(['reading', 'merging', 'loading', 'swapping']),
  /** Which of the files is being read, and from where on. */
  file: z.int(),
  position: z.strictObject({ count: z.int(), byte: z.int() }),
  /** Rows seen in the files. */
  seen: z.int(),
  runs: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
  nextRun: z.int(),
  /** Where in each run the next row to be loaded is. */
  offsets: z.array(z.int()),
  /** Key of the last row loaded. */
  lastKey: z.string(),
});
export type Progress = z.infer<typeof ProgressSchema>;

/** All that a load must remember to go on after it was broken off. */
export interface LoadState {
  progress: Progress;
  rows: number;
  rowsByReach: number[];
  rejected: number;
  repeated: number;
  rejects: LoadProgress['rejects'];
  /** A bit per cell of sky that has sources. */
  coverage: Buffer;
  bytesDone: number;
}

export function newState(token: string, classes: number): LoadState {
  return {
    progress: {
      token,
      phase: 'reading',
      file: 0,
      position: { count: 0, byte: 0 },
      seen: 0,
      runs: [],
      nextRun: 1,
      offsets: [],
      lastKey: '',
    },
    rows: 0,
    rowsByReach: new Array<number>(classes).fill(0),
    rejected: 0,
    repeated: 0,
    rejects: [],
    coverage: Buffer.alloc(CELLS / 8),
    bytesDone: 0,
  };
}

/** @returns undefined if what is stored cannot be read: a load of another version of the program. */
export function readState(load: CatalogueLoad, classes: number): LoadState | undefined {
  const stored: unknown = JSON.parse(load.progress ?? 'null');
  const progress = ProgressSchema.safeParse(stored);
  if (!progress.success) return undefined;
  const state = newState(progress.data.token, classes);
  if (load.coverage !== null) Buffer.from(load.coverage, 'base64').copy(state.coverage);
  const { rows, rejected, repeated, rejects, bytesDone } = load;
  const rowsByReach = state.rowsByReach.map((_, i) => load.rowsByReach[i] ?? 0);
  return {
    ...state,
    progress: progress.data,
    rows,
    rowsByReach,
    rejected,
    repeated,
    rejects,
    bytesDone,
  };
}

/** The state as the store keeps it. */
export function storedState(state: LoadState): LoadProgress {
  return {
    ...state,
    coverage: state.coverage.toString('base64'),
    progress: JSON.stringify(state.progress),
  };
}

/** Notes that there is a source in a cell. @param high - Upper half of its `hpx29`. */
export function markCovered(coverage: Buffer, high: number): void {
  const cell = high >>> (2 * (29 - CELL_ORDER) - 32);
  coverage[cell >> 3] |= 1 << (cell & 7);
}

/** What must be the same for a load to go on: the files as they are, and how they are read. */
export function describeSource(files: readonly SourceFile[], how: unknown): string {
  return JSON.stringify({ files, how }, (_, value: unknown) =>
    value instanceof RegExp ? String(value) : value,
  );
}
