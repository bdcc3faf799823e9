import type { Survey } from '../config.ts';
import { tableName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import { bulkUpsert } from './bulk.ts';
import type { Queries, Transaction } from './database.ts';
import { selectNear } from './near.ts';
import type { NearPair, Position } from './near.ts';
import { shortestFloat32 } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey, keyValues, OBJECT_KEYS } from './survey-keys.ts';

const sql = loadSql('tns-matches.sql', [
  'selectEntriesWhere',
  'selectEntriesNamed',
  'selectMatchesOfObjects',
  'selectMatchesOfNames',
  'selectLostNames',
  'deleteMatches',
  'nameObjects',
  'selectEntriesOfObject',
]);

/** Objects nearer to an entry of the Transient Name Server than this are taken to be it. */
export const TNS_RADIUS_ARCSEC = 3;

/** What an object's page and its comment tell of an entry. */
export interface TnsSummary extends Position {
  name: string;
  prefix: string | null;
  /** Of the spectrum: `SN Ia`; null without one. */
  type: string | null;
  z: number | null;
  discoveredAt: Date | null;
  discoveryMag: number | null;
  discoveryFilter: string | null;
  /** Who reported it, and the survey that its images are of. */
  reportingGroup: string | null;
  sourceGroup: string | null;
  internalNames: string | null;
  hostName: string | null;
}

/** An object and a name it has. */
export interface TnsMatch {
  objectId: string;
  name: string;
  /** As the column keeps it: in single precision. */
  arcsec: number;
}

/** All entries within 3 arcsec of each of these places. */
export function selectTnsNear<Place extends Position>(
  db: Queries,
  survey: Survey,
  places: readonly Place[],
): Promise<NearPair<Place, TnsSummary>[]> {
  return selectNear(places, TNS_RADIUS_ARCSEC, async (condition) =>
    (
      await db.arrays(forSurvey(sql.selectEntriesWhere, survey).replace('CONDITION', condition))
    ).map(summaryOf),
  );
}

/** The entries of these names, as far as there are any. */
export async function selectTnsNamed(
  db: Queries,
  survey: Survey,
  names: readonly string[],
): Promise<TnsSummary[]> {
  if (names.length === 0) return [];
  const rows = await db.arrays(forSurvey(sql.selectEntriesNamed, survey), { names: [...names] });
  return rows.map(summaryOf);
}

/** The entries that an object is, the nearest first. */
export async function selectTnsOfObject(
  db: Queries,
  survey: Survey,
  objectId: string,
): Promise<(TnsSummary & { arcsec: number })[]> {
  const [id] = keyValues(survey, [objectId]);
  const rows = await db.arrays(forSurvey(sql.selectEntriesOfObject, survey), { id });
  return rows.map(([arcsec, ...row]) => ({ ...summaryOf(row), arcsec: Number(arcsec) }));
}

/** Names that are stored for these objects. */
export async function selectMatchesOfObjects(
  db: Queries,
  survey: Survey,
  objectIds: readonly string[],
): Promise<TnsMatch[]> {
  if (objectIds.length === 0) return [];
  const ids = keyValues(survey, objectIds);
  return (await db.arrays(forSurvey(sql.selectMatchesOfObjects, survey), { ids })).map(matchOf);
}

/** Objects that are stored for these names. */
export async function selectMatchesOfNames(
  db: Queries,
  survey: Survey,
  names: readonly string[],
): Promise<TnsMatch[]> {
  if (names.length === 0) return [];
  const rows = await db.arrays(forSurvey(sql.selectMatchesOfNames, survey), { names: [...names] });
  return rows.map(matchOf);
}

/** Names that objects have and no entry: at most `count`. */
export async function selectLostNames(
  db: Queries,
  survey: Survey,
  count: number,
): Promise<string[]> {
  const rows = await db.arrays(forSurvey(sql.selectLostNames, survey), { count });
  return rows.map(([name]) => String(name));
}

export async function deleteMatches(
  tx: Transaction,
  survey: Survey,
  matches: readonly TnsMatch[],
): Promise<void> {
  if (matches.length === 0) return;
  await tx.execute(forSurvey(sql.deleteMatches, survey), {
    ids: keyValues(survey, [...new Set(matches.map((match) => match.objectId))]),
    pairs: matches.map((match) => [...keyValues(survey, [match.objectId]), match.name]),
  });
}

export async function upsertMatches(
  tx: Transaction,
  survey: Survey,
  matches: readonly TnsMatch[],
): Promise<void> {
  const target = {
    table: tableName(tableOf(survey, 'tns_matches')),
    columns: [OBJECT_KEYS[survey], 'tns_name', 'arcsec'],
  };
  const rows = matches.map((match) => [
    ...keyValues(survey, [match.objectId]),
    match.name,
    match.arcsec,
  ]);
  await bulkUpsert(tx, target, rows);
}

/** Puts name and type of the nearest entry into the rows of these objects, or takes them out. */
export async function nameObjects(
  tx: Transaction,
  survey: Survey,
  objectIds: readonly string[],
): Promise<void> {
  if (objectIds.length === 0) return;
  await tx.execute(forSurvey(sql.nameObjects, survey), {
    ids: keyValues(survey, [...objectIds].sort()),
  });
}

/** Which of an object's names is the one in its row: the nearest, then the first. */
export function compareMatches(
  a: Pick<TnsMatch, 'arcsec' | 'name'>,
  b: Pick<TnsMatch, 'arcsec' | 'name'>,
): number {
  return a.arcsec - b.arcsec || (a.name < b.name ? -1 : Number(a.name > b.name));
}

function matchOf([objectId, name, arcsec]: unknown[]): TnsMatch {
  return { objectId: String(objectId), name: String(name), arcsec: Number(arcsec) };
}

function summaryOf(row: unknown[]): TnsSummary {
  const text = (i: number) => (typeof row[i] === 'string' ? row[i] : null);
  const float = (i: number) => (typeof row[i] === 'number' ? shortestFloat32(row[i]) : null);
  return {
    name: String(row[0]),
    ra: Number(row[1]),
    decl: Number(row[2]),
    prefix: text(3),
    type: text(4),
    z: float(5),
    discoveredAt: row[6] instanceof Date ? row[6] : null,
    discoveryMag: float(7),
    discoveryFilter: text(8),
    reportingGroup: text(9),
    sourceGroup: text(10),
    internalNames: text(11),
    hostName: text(12),
  };
}
