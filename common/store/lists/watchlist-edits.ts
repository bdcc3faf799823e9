import type { z } from 'zod';

import { sourceKey } from '../../watchlists/source-key.ts';
import { WatchlistSettings } from '../../watchlists/watchlist.ts';
import type { WatchlistSource } from '../../watchlists/watchlist.ts';
import type { Database, Transaction } from '../database.ts';
import {
  checkNewList,
  checkNewName,
  forgetList,
  lockOwnList,
  nameOfCopy,
  withChanges,
} from './list-changes.ts';
import type { ListEditor } from './list-changes.ts';
import { repeatTransaction } from '../repeat.ts';
import { loadSql } from '../sql-blocks.ts';
import { writeChange } from './watchlist-changes.ts';
import {
  deleteSources,
  exportSources,
  insertSources,
  selectSource,
  updateSource,
} from './watchlist-sources.ts';
import { WATCHLISTS, selectWatchlist } from './watchlists.ts';

const sql = loadSql('watchlist-edits.sql', [
  'insertWatchlist',
  'updateSettings',
  'copySources',
  'deleteWatchlist',
]);

/**
 * Keeps a new list. From the moment this returns, batches match it, and the past is asked for.
 *
 * @param settings - Checked, or as `WatchlistSettings` takes them.
 * @returns Its number.
 * @throws {InvalidInputError} if the owner has a list of this name or as many as they may, or the list
 *   is too large.
 */
export async function createWatchlist(
  db: Database,
  editor: ListEditor,
  settings: z.input<typeof WatchlistSettings>,
  sources: readonly WatchlistSource[],
): Promise<number> {
  const checked = WatchlistSettings.parse(settings);
  const server = await db.server();
  return repeatTransaction(db, async (tx) => {
    const watchlistId = await insertWatchlist(tx, editor, checked);
    await insertSources(tx, server, watchlistId, sources);
    await writeChange(tx, editor, watchlistId, checked);
    return watchlistId;
  });
}

/**
 * Gives somebody a private list of their own with the sources of one that they may see.
 *
 * @returns The number of the copy.
 * @throws {NotFoundError} if they may not see it.
 * @throws {InvalidInputError} if they have as many lists as they may.
 */
export async function copyWatchlist(
  db: Database,
  editor: ListEditor,
  originalId: number,
): Promise<number> {
  return repeatTransaction(db, async (tx) => {
    const { name, description, radiusArcsec } = await selectWatchlist(
      tx,
      originalId,
      editor.userId,
    );
    const settings = WatchlistSettings.parse({
      name: await nameOfCopy(tx, WATCHLISTS, editor, name),
      description,
      radiusArcsec,
    });
    const watchlistId = await insertWatchlist(tx, editor, settings);
    await tx.execute(sql.copySources, { watchlistId, originalId });
    await writeChange(tx, editor, watchlistId, settings);
    return watchlistId;
  });
}

/**
 * Changes what the owner chooses of a list; what is not named stays. Only another radius, and its
 * switching on or off, change what it matches.
 *
 * @throws {NotFoundError} and {ForbiddenError} if the list is not this editor's.
 * @throws {InvalidInputError} if they have another list of the name, or the cones become too large.
 */
export async function editWatchlist(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
  changes: Partial<z.input<typeof WatchlistSettings>>,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    const before = await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    const settings = WatchlistSettings.strip().parse(withChanges(before, changes));
    await checkNewName(tx, WATCHLISTS, editor, watchlistId, settings.name);
    const { name, description, active, public: isPublic, radiusArcsec: radius } = settings;
    const values = { name, description, active, public: isPublic, radius, now: editor.now };
    await tx.execute(sql.updateSettings, { watchlistId, ...values });
    const isSame =
      Math.fround(before.radiusArcsec) === Math.fround(radius) && before.active === active;
    if (!isSame) await writeChange(tx, editor, watchlistId, settings);
  });
}

/**
 * Adds sources to a list. Those that it has already, with the same name, place and radius, are not
 * added again.
 *
 * @throws as `editWatchlist`.
 */
export async function appendSources(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
  sources: readonly WatchlistSource[],
): Promise<{ added: number; known: number }> {
  const server = await db.server();
  return repeatTransaction(db, async (tx) => {
    const list = await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    const keys = new Set<string>();
    for await (const source of exportSources(tx, watchlistId)) keys.add(sourceKey(source));
    const fresh = sources.filter((source) => !keys.has(sourceKey(source)));
    await insertSources(tx, server, watchlistId, fresh);
    if (fresh.length > 0) await writeChange(tx, editor, watchlistId, list);
    return { added: fresh.length, known: sources.length - fresh.length };
  });
}

/** Takes sources out of a list, with what they matched. @returns How many it had. */
export async function removeSources(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
  coneIds: readonly number[],
): Promise<number> {
  return repeatTransaction(db, async (tx) => {
    const list = await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    const removed = await deleteSources(tx, watchlistId, coneIds);
    if (removed > 0) await writeChange(tx, editor, watchlistId, list);
    return removed;
  });
}

/** Writes another name, place or radius for a source. @throws {NotFoundError} if the list has none such. */
export async function editSource(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
  coneId: number,
  changes: Partial<WatchlistSource>,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    const list = await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    const before = await selectSource(tx, watchlistId, coneId);
    const { name, ra, decl, radiusArcsec } = withChanges(before, changes);
    await updateSource(tx, watchlistId, coneId, { name, ra, decl, radiusArcsec });
    await writeChange(tx, editor, watchlistId, list);
  });
}

/**
 * Makes these the sources of a list. Those that stay as they are keep their numbers and what they
 * matched.
 */
export async function replaceSources(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
  sources: readonly WatchlistSource[],
): Promise<{ added: number; removed: number; kept: number }> {
  const server = await db.server();
  return repeatTransaction(db, async (tx) => {
    const list = await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    const wanted = new Map(sources.map((source) => [sourceKey(source), source]));
    const removed: number[] = [];
    let kept = 0;
    for await (const stored of exportSources(tx, watchlistId)) {
      if (wanted.delete(sourceKey(stored))) kept++;
      else removed.push(stored.coneId);
    }
    await deleteSources(tx, watchlistId, removed);
    const added = [...wanted.values()];
    await insertSources(tx, server, watchlistId, added);
    if (added.length + removed.length > 0) await writeChange(tx, editor, watchlistId, list);
    return { added: added.length, removed: removed.length, kept };
  });
}

/** Has a list matched against all known objects anew. */
export async function matchWatchlistAgain(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    const list = await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    await writeChange(tx, editor, watchlistId, list);
  });
}

/**
 * Deletes a list. It is gone at once; its sources and what they matched, which may be millions of rows
 * that nobody sees any more, are deleted by whoever matches past objects, in portions.
 */
export async function deleteWatchlist(
  db: Database,
  editor: ListEditor,
  watchlistId: number,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    await lockOwnList(tx, WATCHLISTS, editor, watchlistId);
    await tx.execute(sql.deleteWatchlist, { watchlistId });
    await forgetList(tx, 'watchlist', editor, watchlistId);
  });
}

async function insertWatchlist(
  tx: Transaction,
  editor: ListEditor,
  settings: WatchlistSettings,
): Promise<number> {
  const { userId, now } = editor;
  await checkNewList(tx, WATCHLISTS, editor, settings.name);
  const { name, description, active, public: isPublic, radiusArcsec: radius } = settings;
  const values = { name, description, active, public: isPublic, radius, sources: 0 };
  const { insertId } = await tx.execute(sql.insertWatchlist, { userId, now, ...values });
  return Number(insertId);
}
