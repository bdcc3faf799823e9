import { z } from 'zod';

import { InvalidInputError } from '../../errors.ts';
import { isSameRegion } from '../../moc/combine.ts';
import { MAX_RANGES, rangeCount, squareDegrees } from '../../moc/moc.ts';
import type { Moc } from '../../moc/moc.ts';
import { packMoc } from '../../moc/pack.ts';
import { MAX_RANGES_OF_ACCOUNT, WatchmapSettings } from '../../watchmaps/watchmap.ts';
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
import { raiseGeneration } from './list-generations.ts';
import { repeatTransaction } from '../repeat.ts';
import { loadSql } from '../sql-blocks.ts';
import { selectCoverage, selectMoc, selectWatchmap, WATCHMAPS } from './watchmaps.ts';

const sql = loadSql('watchmap-edits.sql', [
  'insertWatchmap',
  'updateSettings',
  'raiseVersion',
  'updateArea',
  'deleteMoc',
  'insertPart',
  'sumRanges',
  'askForMatches',
  'deleteWatchmap',
]);

const TotalRow = z.strictObject({ total: z.coerce.number() });

/**
 * Keeps a new watchmap. From the moment this returns batches are matched with it, and the past is
 * asked for.
 *
 * @returns Its number.
 * @throws {InvalidInputError} if the owner has a watchmap of this name or as many as they may, or it
 *   covers nothing or is too large.
 */
export async function createWatchmap(
  db: Database,
  editor: ListEditor,
  settings: WatchmapSettings,
  moc: Moc,
): Promise<number> {
  const parts = await packedParts(moc);
  return repeatTransaction(db, (tx) => insertWatchmap(tx, editor, settings, { moc, parts }));
}

/**
 * Gives somebody a private watchmap of their own that covers what one does that they may see.
 *
 * @returns The number of the copy.
 * @throws {NotFoundError} if they may not see it.
 * @throws {InvalidInputError} if they have as many watchmaps as they may.
 */
export async function copyWatchmap(
  db: Database,
  editor: ListEditor,
  originalId: number,
): Promise<number> {
  const original = await selectWatchmap(db, originalId, editor.userId);
  const moc = await selectCoverage(db, original);
  const parts = await packedParts(moc);
  return repeatTransaction(db, async (tx) => {
    const name = await nameOfCopy(tx, WATCHMAPS, editor, original.name);
    const settings = { name, description: original.description, active: true, public: false };
    return insertWatchmap(tx, editor, settings, { moc, parts });
  });
}

/**
 * Changes what the owner chooses of a watchmap; what is not named stays. Switched on again it is
 * matched with what came meanwhile.
 *
 * @throws {NotFoundError} and {ForbiddenError} if the watchmap is not this editor's.
 * @throws {InvalidInputError} if they have another watchmap of the name.
 */
export async function editWatchmap(
  db: Database,
  editor: ListEditor,
  watchmapId: number,
  changes: Partial<WatchmapSettings>,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    const before = await lockOwnList(tx, WATCHMAPS, editor, watchmapId);
    const settings = WatchmapSettings.strip().parse(withChanges(before, changes));
    await checkNewName(tx, WATCHMAPS, editor, watchmapId, settings.name);
    await tx.execute(sql.updateSettings, { watchmapId, ...settings, now: editor.now });
    if (settings.active !== before.active) await writeChange(tx, editor, watchmapId);
  });
}

/**
 * Changes what a watchmap covers, and has it matched anew.
 *
 * @param change - Given what it covers now, what it is to cover; may be called again.
 * @returns False if that is the same region.
 * @throws as `createWatchmap` and `editWatchmap`, and whatever `change` throws.
 */
export async function changeCoverage(
  db: Database,
  editor: ListEditor,
  watchmapId: number,
  change: (before: Moc) => Moc,
): Promise<boolean> {
  return repeatTransaction(db, async (tx) => {
    await lockOwnList(tx, WATCHMAPS, editor, watchmapId);
    const before = (await selectMoc(tx, watchmapId))?.moc;
    const moc = change(before ?? { order: 0, bounds: new Float64Array(0) });
    const parts = await packedParts(moc);
    if (before !== undefined && before.order === moc.order && isSameRegion(before, moc)) {
      return false;
    }
    await writeMoc(tx, editor, watchmapId, moc, parts);
    await writeChange(tx, editor, watchmapId);
    return true;
  });
}

/** Has a watchmap matched against all known objects anew. */
export async function matchWatchmapAgain(
  db: Database,
  editor: ListEditor,
  watchmapId: number,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    await lockOwnList(tx, WATCHMAPS, editor, watchmapId);
    await writeChange(tx, editor, watchmapId);
  });
}

/**
 * Deletes a watchmap. It is gone at once; what it matched, which may be millions of rows that nobody
 * sees any more, is deleted by whoever matches past objects, in portions.
 */
export async function deleteWatchmap(
  db: Database,
  editor: ListEditor,
  watchmapId: number,
): Promise<void> {
  await repeatTransaction(db, async (tx) => {
    await lockOwnList(tx, WATCHMAPS, editor, watchmapId);
    await tx.execute(sql.deleteMoc, { watchmapId });
    await tx.execute(sql.deleteWatchmap, { watchmapId });
    await forgetList(tx, 'area', editor, watchmapId);
  });
}

/** @returns Its number. */
async function insertWatchmap(
  tx: Transaction,
  editor: ListEditor,
  settings: WatchmapSettings,
  { moc, parts }: { moc: Moc; parts: readonly Buffer[] },
): Promise<number> {
  const { userId, now } = editor;
  await checkNewList(tx, WATCHMAPS, editor, settings.name);
  const { insertId } = await tx.execute(sql.insertWatchmap, { userId, now, ...settings });
  const watchmapId = Number(insertId);
  await writeMoc(tx, editor, watchmapId, moc, parts);
  await writeChange(tx, editor, watchmapId);
  return watchmapId;
}

/** @throws {InvalidInputError} for a region that is not kept. */
async function packedParts(moc: Moc): Promise<Buffer[]> {
  const ranges = rangeCount(moc);
  if (ranges === 0) throw new InvalidInputError('It would cover nothing of the sky.');
  if (ranges > MAX_RANGES) {
    throw new InvalidInputError(
      `It would have ${ranges} ranges of cells, and ${MAX_RANGES} are kept at the most: degrade it to a coarser order.`,
    );
  }
  return packMoc(moc);
}

async function writeMoc(
  tx: Transaction,
  { userId }: ListEditor,
  watchmapId: number,
  moc: Moc,
  parts: readonly Buffer[],
): Promise<void> {
  const { order } = moc;
  await tx.execute(sql.updateArea, { watchmapId, squareDegrees: squareDegrees(moc) });
  await tx.execute(sql.deleteMoc, { watchmapId });
  for (const [part, bytes] of parts.entries()) {
    const values = { watchmapId, part, order, ranges: rangeCount(moc), moc: bytes };
    await tx.execute(sql.insertPart, values);
  }
  const [{ total }] = await tx.rows(TotalRow, sql.sumRanges, { userId });
  if (total > MAX_RANGES_OF_ACCOUNT) {
    throw new InvalidInputError(
      `Your watchmaps would have ${total} ranges of cells together; the most are ${MAX_RANGES_OF_ACCOUNT}: delete what you no longer need, or degrade it.`,
    );
  }
}

/** What every change of what a watchmap matches ends with. */
async function writeChange(
  tx: Transaction,
  { now }: ListEditor,
  watchmapId: number,
): Promise<void> {
  await tx.execute(sql.raiseVersion, { watchmapId, now });
  await tx.execute(sql.askForMatches, { watchmapId, now });
  await raiseGeneration(tx, 'area');
}
