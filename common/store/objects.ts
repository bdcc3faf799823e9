import { z } from 'zod';

import { separationArcsec } from '../astro/coordinates.ts';
import { coneRanges } from '../astro/healpix.ts';
import type { Survey } from '../config.ts';
import { InvalidInputError } from '../errors.ts';
import { tableOf } from '../schema/tables.ts';
import type { Parameters, Queries } from './database.ts';
import { LISTED_COLUMNS, lsstObject, ztfObject } from './object-rows.ts';
import type { SurveyObject } from './object-rows.ts';
import { readWholeRows } from './row-reader.ts';
import type { RowReader, Scalar } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('objects.sql', [
  'selectZtfObjects',
  'selectLsstObjects',
  'selectNewestZtf',
  'selectNewestLsst',
  'selectZtfInRanges',
  'selectLsstInRanges',
  'selectObjectOfCandidate',
  'selectObjectOfSource',
]);

/** Rows of each survey's `objects`, whole. */
export const OBJECT_ROWS: Record<Survey, RowReader<Record<string, Scalar>>> = {
  ztf: readWholeRows(tableOf('ztf', 'objects')),
  lsst: readWholeRows(tableOf('lsst', 'objects')),
};
/** Rows of lists: reading all columns of many objects would take most of the time of a search. */
const LISTED_ROWS: Record<Survey, RowReader<Record<string, Scalar>>> = {
  ztf: readWholeRows(tableOf('ztf', 'objects'), LISTED_COLUMNS.ztf),
  lsst: readWholeRows(tableOf('lsst', 'objects'), LISTED_COLUMNS.lsst),
};
const IdRow = z.object({ id: z.coerce.string().nullable() });

/** A cone is looked up as at most so many index ranges; finer cutting costs more than it saves. */
const MAX_CONE_RANGES = 64;
export const MAX_CONE_RADIUS_ARCSEC = 3_600;
/** Rows a cone may touch before the exact cut: beyond it the answer is marked incomplete. */
const MAX_CONE_ROWS = 20_000;
const MAX_BIGINT = 2n ** 63n - 1n;

const ZTF_NAME = /^ZTF\d{2}[a-z]{7}$/;

/** What an id looks like, for messages. */
export const ID_HINT =
  'ZTF objects are called like ZTF18acruwxq; Rubin objects have numbers of up to 19 digits like 313637921267122191.';

/** Survey and exact spelling of an object id, or undefined if no survey names objects so. */
export function parseObjectId(text: string): { survey: Survey; id: string } | undefined {
  const trimmed = text.trim();
  if (/^ztf\d\d[a-z]{7}$/i.test(trimmed)) {
    return { survey: 'ztf', id: `ZTF${trimmed.slice(3).toLowerCase()}` };
  }
  if (/^\d{1,19}$/.test(trimmed) && BigInt(trimmed) > 0n && BigInt(trimmed) <= MAX_BIGINT) {
    return { survey: 'lsst', id: BigInt(trimmed).toString() };
  }
  return undefined;
}

/** The object of this id with its whole row, if there is one. */
export async function selectOptionalObject(
  db: Queries,
  survey: Survey,
  id: string,
): Promise<SurveyObject | undefined> {
  return (await selectByIds(db, survey, [id], OBJECT_ROWS[survey]))[0];
}

/** Those that exist, for a list, in no particular order. Ids of another form are left out. */
export async function selectObjects(
  db: Queries,
  survey: Survey,
  ids: string[],
): Promise<SurveyObject[]> {
  return selectByIds(db, survey, ids, LISTED_ROWS[survey]);
}

async function selectByIds(
  db: Queries,
  survey: Survey,
  ids: string[],
  reader: RowReader<Record<string, Scalar>>,
): Promise<SurveyObject[]> {
  const valid = ids.filter((id) => (survey === 'ztf' ? ZTF_NAME.test(id) : /^\d+$/.test(id)));
  if (valid.length === 0) return [];
  const statement = survey === 'ztf' ? sql.selectZtfObjects : sql.selectLsstObjects;
  const keys = survey === 'ztf' ? valid : valid.map((id) => BigInt(id));
  return readObjects(db, survey, reader, statement, { ids: keys });
}

/** The objects seen last. */
export async function selectNewestObjects(
  db: Queries,
  survey: Survey,
  count: number,
): Promise<SurveyObject[]> {
  const statement = survey === 'ztf' ? sql.selectNewestZtf : sql.selectNewestLsst;
  return readObjects(db, survey, LISTED_ROWS[survey], statement, { count });
}

export interface ConeHit {
  object: SurveyObject;
  separationArcsec: number;
}

/**
 * Objects whose mean position lies within a circle on the sky, nearest first.
 *
 * @param centre - Degrees, ICRS.
 * @returns `isComplete` false if the circle holds more objects than a search looks at.
 */
export async function selectObjectsInCone(
  db: Queries,
  survey: Survey,
  centre: { ra: number; dec: number },
  radiusArcsec: number,
): Promise<{ hits: ConeHit[]; isComplete: boolean }> {
  if (!(radiusArcsec > 0 && radiusArcsec <= MAX_CONE_RADIUS_ARCSEC)) {
    throw new InvalidInputError(
      `the radius must lie between 0 and ${MAX_CONE_RADIUS_ARCSEC} arcsec`,
    );
  }
  const radiusDeg = radiusArcsec / 3_600;
  const ranges = coneRanges(centre.ra, centre.dec, radiusDeg, MAX_CONE_RANGES);
  const parameters: Parameters = {
    decLow: centre.dec - radiusDeg - 1e-9,
    decHigh: centre.dec + radiusDeg + 1e-9,
    count: MAX_CONE_ROWS,
  };
  const conditions = ranges.map(({ low, high }, i) => {
    parameters[`low${i}`] = low;
    parameters[`high${i}`] = high;
    return `hpx29 BETWEEN :low${i} AND :high${i}`;
  });
  const statement = (survey === 'ztf' ? sql.selectZtfInRanges : sql.selectLsstInRanges).replace(
    'RANGES',
    `(${conditions.join(' OR ')})`,
  );
  const objects = await readObjects(db, survey, LISTED_ROWS[survey], statement, parameters);
  const hits = objects
    .map((object) => ({
      object,
      separationArcsec: separationArcsec(centre.ra, centre.dec, object.ra, object.dec),
    }))
    .filter((hit) => hit.separationArcsec <= radiusArcsec)
    .sort((a, b) => a.separationArcsec - b.separationArcsec);
  return { hits, isComplete: objects.length < MAX_CONE_ROWS };
}

/** The object that a detection belongs to: ZTF's `candid` or Rubin's `diaSourceId`. */
export async function selectObjectOfDetection(
  db: Queries,
  candid: bigint,
): Promise<{ survey: Survey; id: string } | undefined> {
  if (candid <= 0n || candid > MAX_BIGINT) return undefined;
  const [ztf] = await db.rows(IdRow, sql.selectObjectOfCandidate, { candid });
  if (ztf?.id) return { survey: 'ztf', id: ztf.id };
  const [lsst] = await db.rows(IdRow, sql.selectObjectOfSource, { candid });
  if (lsst?.id) return { survey: 'lsst', id: lsst.id };
  return undefined;
}

async function readObjects(
  db: Queries,
  survey: Survey,
  reader: RowReader<Record<string, Scalar>>,
  statement: string,
  parameters: Parameters,
): Promise<SurveyObject[]> {
  const rows = await db.rows(reader.row, statement.replace('COLUMNS', reader.columns), parameters);
  return rows.map(survey === 'ztf' ? ztfObject : lsstObject);
}
