import type { Survey } from '../../config.ts';
import { InvalidInputError } from '../../errors.ts';

/** How each survey names its objects. */
const FORMS: Readonly<Record<Survey, RegExp>> = {
  ztf: /^ZTF\d\d[a-z]{7}$/,
  lsst: /^(0|[1-9]\d{0,18})$/,
};

/** All filters are asked about the same list: it is written once for all of them. */
const written = new WeakMap<readonly string[], { survey: Survey; length: number; sql: string }>();

/**
 * Ids of objects as SQL, with commas between. Nothing but what has the survey's own form gets there, so
 * that nothing needs a parameter: servers read a thousand of these a good deal slower.
 *
 * @throws {InvalidInputError} if one has not that form.
 */
export function writeIds(survey: Survey, ids: readonly string[]): string {
  const known = written.get(ids);
  if (known !== undefined && known.survey === survey && known.length === ids.length) {
    return known.sql;
  }
  if (ids.length === 0) throw new InvalidInputError('a filter is asked about one object at least');
  const form = FORMS[survey];
  const wrong = ids.find((id) => !form.test(id));
  if (wrong !== undefined) {
    throw new InvalidInputError(`${JSON.stringify(wrong)} is not the id of an object of ${survey}`);
  }
  const sql = survey === 'ztf' ? `'${ids.join("','")}'` : ids.join(',');
  written.set(ids, { survey, length: ids.length, sql });
  return sql;
}
