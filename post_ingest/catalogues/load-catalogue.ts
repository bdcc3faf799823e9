import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { REACH_LIMITS_ARCSEC } from '../../common/catalogues/source.ts';
import type { Context } from '../../common/context.ts';
import { InvalidInputError, SetupError, UpstreamError } from '../../common/errors.ts';
import {
  beginLoad,
  CATALOGUE_NAME,
  dropCatalogue,
  dropLoad,
  finishLoad,
  selectCatalogueLoads,
  updateLoad,
} from '../../common/store/catalogues.ts';
import type { CatalogueLoad, NewLoad } from '../../common/store/catalogues.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import type { CatalogueMap } from './catalogue-map.ts';
import { loadRows, mergeManyRuns } from './load-rows.ts';
import { describeSource, newState, readState, storedState } from './load-state.ts';
import type { LoadState } from './load-state.ts';
import { describeColumns, readFiles } from './read-files.ts';
import { findSourceFiles } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const CLASSES = REACH_LIMITS_ARCSEC.length;
/** Bytes of rows that are sorted in memory at once. */
const RUN_BYTES = 56 << 20;
const BATCH_BYTES = 16 << 20;
const MAX_OPEN_RUNS = 64;

export interface LoadRequest {
  name: string;
  paths: readonly string[];
  map: CatalogueMap;
  /** Which of several tables in a file, from 1. */
  table: number;
  maxBadShare: number;
  /** Whether to begin anew although there is something to go on from, or it is loaded already. */
  restart: boolean;
}

/** Sizes that tests make small. */
export interface LoadSizes {
  runBytes: number;
  batchBytes: number;
  maxOpenRuns: number;
}

/** How far a load is. */
export interface LoadReport {
  phase: 'reading' | 'merging' | 'loading' | 'swapping';
  /** Rows read from the files, or in the table, by the phase. */
  rows: number;
  rejected: number;
  bytesDone: number;
  bytesTotal: number;
}

export interface LoadOutcome {
  /** Whether the catalogue was loaded from these files before, so that nothing was done. */
  wasLoaded: boolean;
  /** Whether a load that had been broken off was gone on with. */
  wasResumed: boolean;
  catalogue: CatalogueLoad;
}

/**
 * Loads a catalogue into a table of its own, ordered by (reach, hpx29, id): reads the files into sorted
 * runs under the home, merges these into a new table, and puts it in the place of the catalogue of that
 * name. Broken off at any point, the same call goes on where it was; the catalogue that is being
 * replaced serves until the end.
 *
 * @throws {InvalidInputError} if the files cannot be used.
 * @throws {SetupError} if another process is loading this catalogue.
 */
export async function loadCatalogue(
  context: Context,
  request: LoadRequest,
  onProgress: (report: LoadReport) => void = () => undefined,
  sizes: LoadSizes = { runBytes: RUN_BYTES, batchBytes: BATCH_BYTES, maxOpenRuns: MAX_OPEN_RUNS },
): Promise<LoadOutcome> {
  if (!CATALOGUE_NAME.test(request.name)) {
    throw new InvalidInputError(
      `"${request.name}" cannot name a catalogue: take 2 to 40 small letters, digits and single underscores, beginning with a letter`,
    );
  }
  const files = await findSourceFiles(request.paths);
  const locked = await withNamedLock(context.db, `catalogue.${request.name}`, (lost) =>
    loadLocked(context, request, files, onProgress, sizes, lost),
  );
  if (locked === undefined) {
    throw new SetupError(`another process is loading ${request.name} at this moment`);
  }
  return locked.result;
}

/**
 * Drops a catalogue with all that was loaded or half loaded under its name.
 *
 * @throws {NotFoundError} if there is none.
 */
export async function removeCatalogue(context: Context, name: string): Promise<void> {
  await dropCatalogue(context.db, name, context.now());
  await removeFolders(context, name);
}

async function loadLocked(
  context: Context,
  request: LoadRequest,
  files: SourceFile[],
  onProgress: (report: LoadReport) => void,
  sizes: LoadSizes,
  lost: AbortSignal,
): Promise<LoadOutcome> {
  const { db, now } = context;
  const { name, map, table } = request;
  const source = describeSource(files, { map, table });
  const loads = await selectCatalogueLoads(db, name);
  const ready = loads.find(({ state }) => state === 'ready');
  const unfinished = loads.filter(({ state }) => state === 'loading');
  if (ready?.source === source && unfinished.length === 0 && !request.restart) {
    return { wasLoaded: true, wasResumed: false, catalogue: ready };
  }
  const old = request.restart ? undefined : unfinished.find((load) => load.source === source);
  const resumed = old && (await resume(context, old));
  for (const load of unfinished) if (load !== resumed?.load) await dropLoad(db, load);
  const { load, state } =
    resumed ?? (await begin(context, request, files, source, loads.at(-1)?.load ?? 0));
  const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
  const folder = await workFolder(context, load, state.progress.token);

  const check = () => {
    if (!lost.aborted) return;
    throw new UpstreamError('the connection that holds the lock on the catalogue was lost');
  };
  const keep = async (at: LoadState) => {
    check();
    await updateLoad(db, load, storedState(at), now());
  };
  const report = ({ progress, rows, rejected, bytesDone }: LoadState) =>
    onProgress({
      phase: progress.phase,
      rows: progress.phase === 'reading' ? progress.seen : rows,
      rejected,
      bytesDone,
      bytesTotal,
    });
  const loading = { ...sizes, load, folder, now, check, onProgress: report };
  const { progress } = state;

  if (progress.phase === 'reading') {
    await readFiles(files, state, {
      ...request,
      columns: load.columns,
      folder,
      runBytes: sizes.runBytes,
      onProgress: report,
      onRun: keep,
    });
  }
  if (progress.phase === 'merging') {
    await mergeManyRuns(db, state, loading);
    progress.phase = 'loading';
    await keep(state);
  }
  if (progress.phase === 'loading') {
    await loadRows(db, state, loading);
    progress.phase = 'swapping';
    await keep(state);
  }
  report(state);
  await finishLoad(db, load, now());
  await rm(folder, { recursive: true, force: true });
  const [catalogue] = await selectCatalogueLoads(db, name);
  return { wasLoaded: false, wasResumed: resumed !== undefined, catalogue };
}

type Started = { load: Pick<NewLoad, 'name' | 'load' | 'columns'>; state: LoadState };

async function begin(
  { db, now }: Context,
  { name, map, table }: LoadRequest,
  files: SourceFile[],
  source: string,
  lastLoad: number,
): Promise<Started> {
  const columns = await describeColumns(files[0], map, table);
  const state = newState(randomBytes(6).toString('hex'), CLASSES);
  const load = { name, load: lastLoad + 1, kind: map.kind, columns, source };
  const { progress } = storedState(state);
  const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
  await beginLoad(db, { ...load, progress, bytesTotal }, now());
  return { load, state };
}

/** @returns undefined if there is nothing to go on from: its runs are on another host, or gone. */
async function resume(
  context: Context,
  load: CatalogueLoad,
): Promise<{ load: CatalogueLoad; state: LoadState } | undefined> {
  const state = readState(load, CLASSES);
  if (state === undefined) return undefined;
  if (state.progress.phase !== 'swapping') {
    const folder = folderOf(context, load, state.progress.token);
    for (const run of state.progress.runs) {
      const isThere = await access(join(folder, run.name)).then(
        () => true,
        () => false,
      );
      if (!isThere) {
        context.log.warn(
          `${load.name}: the load that was broken off cannot be gone on with, for its sorted rows are not in ${folder}; it begins anew`,
        );
        return undefined;
      }
    }
  }
  return { load, state };
}

/** Makes the folder of the runs, and removes those of earlier loads of the catalogue. */
async function workFolder(
  context: Context,
  load: Pick<NewLoad, 'name' | 'load'>,
  token: string,
): Promise<string> {
  const folder = folderOf(context, load, token);
  try {
    await mkdir(folder, { recursive: true });
    await removeFolders(context, load.name, folder);
  } catch (err) {
    throw new SetupError(`there is no place for the sorted rows in ${folder}`, { cause: err });
  }
  return folder;
}

/** Removes the folders of a catalogue's runs, except one. */
async function removeFolders({ config }: Context, name: string, except = ''): Promise<void> {
  const parent = join(config.home, 'catalogues');
  // Names of catalogues have no dash, so that no other catalogue's begin like this.
  const folders = (await readdir(parent).catch(() => [])).filter((each) =>
    each.startsWith(`${name}-`),
  );
  for (const folder of folders.map((each) => join(parent, each))) {
    if (folder !== except) await rm(folder, { recursive: true, force: true });
  }
}

function folderOf(
  { config }: Context,
  { name, load }: Pick<NewLoad, 'name' | 'load'>,
  token: string,
): string {
  return join(config.home, 'catalogues', `${name}-${load}-${token}`);
}
