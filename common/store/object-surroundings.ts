import type { Survey } from '../config.ts';
import { tableOf } from '../schema/tables.ts';
import { selectComments } from './comments.ts';
import type { Comment } from './comments.ts';
import type { Queries } from './database.ts';
import { selectOtherObjects } from './other-survey.ts';
import type { OtherObject } from './other-survey.ts';
import { readWholeRows } from './row-reader.ts';
import type { Scalar } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey, keyValues } from './survey-keys.ts';
import { selectTnsOfObject } from './tns-matches.ts';
import type { TnsSummary } from './tns-matches.ts';

const sql = loadSql('object-surroundings.sql', ['selectContext', 'selectCrossmatches']);

/** Rows of each survey's `sherlock_classifications` and `sherlock_crossmatches`, whole. */
export const CONTEXT_ROWS = readersOf('sherlock_classifications');
export const CROSSMATCH_ROWS = readersOf('sherlock_crossmatches');

/** What is known of an object besides its own brightness. */
export interface ObjectSurroundings {
  /** What the sky around it makes it; null until that is worked out. */
  context: Record<string, Scalar> | null;
  /** Sources it may belong to, the best first. */
  crossmatches: Record<string, Scalar>[];
  /** Entries of the Transient Name Server, the nearest first. */
  tns: (TnsSummary & { arcsec: number })[];
  /** The oldest first. */
  comments: Comment[];
  /** Objects of the other survey at its place, the nearest first. */
  otherSurvey: OtherObject[];
}

/** Something without a row in `objects`: nothing is looked for around it. */
export const NO_SURROUNDINGS: ObjectSurroundings = {
  context: null,
  crossmatches: [],
  tns: [],
  comments: [],
  otherSurvey: [],
};

/** @param objectId - objectId, or diaObjectId in decimal digits. */
export async function selectSurroundings(
  db: Queries,
  survey: Survey,
  objectId: string,
): Promise<ObjectSurroundings> {
  const [id] = keyValues(survey, [objectId]);
  const select = ({ columns, row }: (typeof CONTEXT_ROWS)[Survey], statement: string) =>
    db.rows(row, forSurvey(statement, survey).replace('COLUMNS', columns), { id });
  const [[context = null], crossmatches, tns, comments, otherSurvey] = await Promise.all([
    select(CONTEXT_ROWS[survey], sql.selectContext),
    select(CROSSMATCH_ROWS[survey], sql.selectCrossmatches),
    selectTnsOfObject(db, survey, objectId),
    selectComments(db, survey, objectId),
    selectOtherObjects(db, survey, objectId),
  ]);
  return { context, crossmatches, tns, comments, otherSurvey };
}

function readersOf(table: string) {
  return { ztf: readWholeRows(tableOf('ztf', table)), lsst: readWholeRows(tableOf('lsst', table)) };
}
