import type { Survey } from '../config.ts';

/** The column that names the objects of each survey. */
export const OBJECT_KEYS: Record<Survey, 'objectId' | 'diaObjectId'> = {
  ztf: 'objectId',
  lsst: 'diaObjectId',
};

/**
 * A statement written once for both surveys, for one of them: `DB.` in it stands for the database,
 * `KEY` for the column that names objects.
 */
export function forSurvey(statement: string, survey: Survey): string {
  return statement.replaceAll('DB.', `${survey}.`).replaceAll('KEY', OBJECT_KEYS[survey]);
}

/** Ids of objects as values of that column; Rubin's are given in decimal digits. */
export function keyValues(survey: Survey, ids: readonly string[]): (string | bigint)[] {
  return survey === 'ztf' ? [...ids] : ids.map((id) => BigInt(id));
}
