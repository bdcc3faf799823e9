import type { Survey } from '../../common/config.ts';
import { deleteRobotComments, replaceRobotComments } from '../../common/store/comments.ts';
import type { Transaction } from '../../common/store/database.ts';
import { selectObjectsNear } from '../../common/store/places.ts';
import {
  deleteMatches,
  nameObjects,
  selectMatchesOfNames,
  selectTnsNamed,
  TNS_RADIUS_ARCSEC,
  upsertMatches,
} from '../../common/store/tns-matches.ts';
import type { TnsMatch, TnsSummary } from '../../common/store/tns-matches.ts';
import { tnsComment, tnsTopic } from './tns-comment.ts';

/** An object and an entry that is near it now. */
export interface FoundMatch extends TnsMatch {
  entry: TnsSummary;
}

/** What is near, as the tables keep it. */
export function foundMatch(objectId: string, entry: TnsSummary, arcsec: number): FoundMatch {
  return { objectId, name: entry.name, arcsec: Math.fround(arcsec), entry };
}

/**
 * Gives names to the objects near their entries, and takes them from objects that no longer are:
 * matches, comments, and the columns of `objects`.
 *
 * @param names - Entries that are new or changed, and names that no entry has any more.
 * @returns How many objects have one of these names now.
 */
export async function matchNames(
  tx: Transaction,
  survey: Survey,
  names: readonly string[],
): Promise<number> {
  if (names.length === 0) return 0;
  const entries = await selectTnsNamed(tx, survey, names);
  const near = await selectObjectsNear(tx, survey, entries, TNS_RADIUS_ARCSEC);
  const found = near.map(({ place, row, arcsec }) => foundMatch(row.id, place, arcsec));
  const stored = await selectMatchesOfNames(tx, survey, names);
  await settleMatches(tx, survey, stored, found);
  const objectIds = new Set([...stored, ...found].map((match) => match.objectId));
  // All of them, not only those that change: another process may have written older names.
  await nameObjects(tx, survey, [...objectIds]);
  return new Set(found.map((match) => match.objectId)).size;
}

/** Makes the stored matches and their comments those that were found. */
export async function settleMatches(
  tx: Transaction,
  survey: Survey,
  stored: readonly TnsMatch[],
  found: readonly FoundMatch[],
): Promise<void> {
  const before = new Map(stored.map((match) => [keyOf(match), match.arcsec]));
  const after = new Set(found.map(keyOf));
  const gone = stored.filter((match) => !after.has(keyOf(match)));
  await deleteMatches(tx, survey, gone);
  await deleteRobotComments(
    tx,
    survey,
    gone.map(({ objectId, name }) => ({ objectId, topic: tnsTopic(name) })),
  );
  await upsertMatches(
    tx,
    survey,
    found.filter((match) => before.get(keyOf(match)) !== match.arcsec).sort(byKey),
  );
  await replaceRobotComments(
    tx,
    survey,
    [...found]
      .sort(byKey)
      .map(({ objectId, entry, arcsec }) => tnsComment(objectId, entry, arcsec)),
  );
}

function keyOf({ objectId, name }: TnsMatch): string {
  return `${objectId} ${name}`;
}

/** Rows are written in one order by all, so that locks seldom cross. */
function byKey(a: TnsMatch, b: TnsMatch): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
