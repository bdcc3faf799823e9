import { z } from 'zod';

import type { Survey } from '../config.ts';
import { tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import { bulkUpsert } from './bulk.ts';
import type { BulkTarget } from './bulk.ts';
import type { Queries, Transaction } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('other-survey.sql', [
  'selectPairsOfZtf',
  'selectPairsOfLsst',
  'deletePairsOfZtf',
  'deletePairsOfLsst',
  'selectLostPairs',
  'selectOtherOfZtf',
  'selectOtherOfLsst',
]);

/** Objects of both surveys that are nearer to each other than this may be one. */
export const LINK_RADIUS_ARCSEC = 1.5;

/** An object of each survey at one place. */
export interface SurveyPair {
  objectId: string;
  /** Decimal digits. */
  diaObjectId: string;
  arcsec: number;
}

type PairKey = Pick<SurveyPair, 'objectId' | 'diaObjectId'>;

/** A pair as one of the two sees it. */
interface RankedPair extends SurveyPair {
  rank: number;
  candidates: number;
}

const OtherRow = z.strictObject({
  id: z.string(),
  separationArcsec: z.number(),
  rank: z.int(),
  candidates: z.int(),
});
/** An object of the other survey, by how near it is. */
export type OtherObject = z.infer<typeof OtherRow>;

/** By survey: its own view of the pairs. */
const TARGETS: Record<Survey, BulkTarget> = {
  ztf: {
    table: tableName(tableOf('ztf', 'crossmatch_lsst')),
    columns: ['objectId', 'diaObjectId', 'separationArcsec', 'rank', 'candidates'],
  },
  lsst: {
    table: tableName(tableOf('lsst', 'crossmatch_ztf')),
    columns: ['objectId', 'diaObjectId', 'separationArcsec', 'rank', 'candidates'],
  },
};
/** Both tables are written in this order, and their rows by key: so that locks seldom cross. */
const ORDER: readonly Survey[] = ['ztf', 'lsst'];

/** What is at the place of an object in the other survey, the nearest first. */
export function selectOtherObjects(
  db: Queries,
  survey: Survey,
  id: string,
): Promise<OtherObject[]> {
  return survey === 'ztf'
    ? db.rows(OtherRow, sql.selectOtherOfZtf, { id })
    : db.rows(OtherRow, sql.selectOtherOfLsst, { id: BigInt(id) });
}

/**
 * Makes these the only pairs of these objects of a survey, in both databases. The order of all pairs
 * of every object that gains or loses one is worked out anew, so that it does not matter which
 * object of a place was stored first. What is so already is not written.
 *
 * @param ids - Objects of `survey`, some of which may have no pair.
 * @param pairs - All their pairs.
 */
export async function replacePairs(
  tx: Transaction,
  survey: Survey,
  ids: readonly string[],
  pairs: readonly SurveyPair[],
): Promise<void> {
  if (ids.length === 0) return;
  const other = survey === 'ztf' ? 'lsst' : 'ztf';
  const own = await selectPairs(tx, survey, ids);
  const partners = new Set([...own, ...pairs].map((pair) => pair[idColumn(other)]));
  if (partners.size === 0) return;
  const theirs = await selectPairs(tx, other, [...partners]);
  const ofThese = new Set(ids);
  const kept = theirs.filter((pair) => !ofThese.has(pair[idColumn(survey)]));
  const change: Record<Survey, { stored: RankedPair[]; wanted: RankedPair[] }> = {
    ztf: { stored: [], wanted: [] },
    lsst: { stored: [], wanted: [] },
  };
  change[survey] = { stored: own, wanted: rankPairs(pairs, survey) };
  change[other] = { stored: theirs, wanted: rankPairs([...kept, ...pairs], other) };
  for (const side of ORDER) await writeChange(tx, side, change[side].stored, change[side].wanted);
}

/**
 * Forgets pairs of which one object is no longer there, or that only one of the databases has.
 *
 * @returns How many were found, at most `count`: call it again until none is.
 */
export async function deleteLostPairs(tx: Transaction, count: number): Promise<number> {
  const rows = await tx.arrays(sql.selectLostPairs, { count });
  const lost = rows.map(([objectId, diaObjectId]) => ({
    objectId: String(objectId),
    diaObjectId: String(diaObjectId),
  }));
  for (const survey of ORDER) await deletePairs(tx, survey, lost);
  // What is left of their objects is put into order anew.
  for (const survey of ORDER) {
    const ids = [...new Set(lost.map((pair) => pair[idColumn(survey)]))];
    if (ids.length > 0) await replacePairs(tx, survey, ids, await selectPairs(tx, survey, ids));
  }
  return lost.length;
}

/** The pairs of these objects, as their own survey's database has them. */
async function selectPairs(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<RankedPair[]> {
  const rows =
    survey === 'ztf'
      ? await db.arrays(sql.selectPairsOfZtf, { ids: [...ids] })
      : await db.arrays(sql.selectPairsOfLsst, { ids: ids.map((id) => BigInt(id)) });
  return rows.map(([objectId, diaObjectId, arcsec, rank, candidates]) => ({
    objectId: String(objectId),
    diaObjectId: String(diaObjectId),
    arcsec: Number(arcsec),
    rank: Number(rank),
    candidates: Number(candidates),
  }));
}

/** Puts the pairs of each object of `survey` into order: the nearest first, then by number. */
function rankPairs(pairs: readonly SurveyPair[], survey: Survey): RankedPair[] {
  const groups = new Map<string, SurveyPair[]>();
  for (const pair of pairs) {
    const id = pair[idColumn(survey)];
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [pair]);
    else group.push(pair);
  }
  return [...groups.values()].flatMap((group) =>
    group
      .sort((a, b) => a.arcsec - b.arcsec || compareKeys(a, b))
      .map((pair, i) => ({ ...pair, rank: i + 1, candidates: group.length })),
  );
}

async function writeChange(
  tx: Transaction,
  side: Survey,
  stored: readonly RankedPair[],
  wanted: readonly RankedPair[],
): Promise<void> {
  const before = new Map(stored.map((pair) => [keyOf(pair), pair]));
  const after = new Set(wanted.map(keyOf));
  await deletePairs(
    tx,
    side,
    stored.filter((pair) => !after.has(keyOf(pair))),
  );
  const changed = wanted.filter((pair) => {
    const old = before.get(keyOf(pair));
    return (
      old === undefined ||
      old.arcsec !== pair.arcsec ||
      old.rank !== pair.rank ||
      old.candidates !== pair.candidates
    );
  });
  const rows = changed
    .sort(compareKeys)
    .map((pair) => [
      pair.objectId,
      BigInt(pair.diaObjectId),
      pair.arcsec,
      pair.rank,
      pair.candidates,
    ]);
  await bulkUpsert(tx, TARGETS[side], rows);
}

async function deletePairs(
  tx: Transaction,
  side: Survey,
  pairs: readonly PairKey[],
): Promise<void> {
  if (pairs.length === 0) return;
  const sorted = [...pairs].sort(compareKeys);
  await tx.execute(side === 'ztf' ? sql.deletePairsOfZtf : sql.deletePairsOfLsst, {
    objectIds: [...new Set(sorted.map((pair) => pair.objectId))],
    diaObjectIds: [...new Set(sorted.map((pair) => pair.diaObjectId))].map((id) => BigInt(id)),
    pairs: sorted.map((pair) => [pair.objectId, BigInt(pair.diaObjectId)]),
  });
}

function idColumn(survey: Survey): 'objectId' | 'diaObjectId' {
  return survey === 'ztf' ? 'objectId' : 'diaObjectId';
}

function keyOf({ objectId, diaObjectId }: PairKey): string {
  return `${objectId} ${diaObjectId}`;
}

function compareKeys(a: PairKey, b: PairKey): number {
  if (a.objectId !== b.objectId) return a.objectId < b.objectId ? -1 : 1;
  // Numbers of different length compare by it.
  const difference = a.diaObjectId.length - b.diaObjectId.length;
  if (difference !== 0 || a.diaObjectId === b.diaObjectId) return difference;
  return a.diaObjectId < b.diaObjectId ? -1 : 1;
}
