import type { Survey } from '../../config.ts';
import { InvalidInputError } from '../../errors.ts';

/** How each survey names its objects. */
const FORMS: Readonly<Record<Survey, RegExp>> = {
  ztf: /^ZTF\d\d[a-z]{7}$/,
  lsst: /^(0|[1-9]\d{0,18})$/,
};

/** From a thousand values on MariaDB makes a table of them, and begins its plan elsewhere. */
const MOST_IN_LIST = 999;

/** All filters are asked about the same list: it is written once for all of them. */
const written = new WeakMap<
  readonly string[],
  { survey: Survey; length: number; lists: string[] }
>();

/**
 * Ids of objects as SQL, with commas between, in lists that IN may have. Nothing but what has the survey's own form gets there, so
 * that nothing needs a parameter: servers read a thousand of these a good deal slower.
 *
 * @throws {InvalidInputError} if one has not that form.
 */
export function writeIds(survey: Survey, ids: readonly string[]): string[] {
  const known = written.get(ids);
  if (known !== undefined && known.survey === survey && known.length === ids.length) {
    return known.lists;
  }
  if (ids.length === 0) throw new InvalidInputError('a filter is asked about one object at least');
  const form = FORMS[survey];
  const wrong = ids.find((id) => !form.test(id));
  if (wrong !== undefined) {
    throw new InvalidInputError(`${JSON.stringify(wrong)} is not the id of an object of ${survey}`);
  }
  const literals = survey === 'ztf' ? ids.map((id) => `'${id}'`) : ids;
  const lists: string[] = [];
  for (let from = 0; from < ids.length; from += MOST_IN_LIST) {
    lists.push(literals.slice(from, from + MOST_IN_LIST).join(','));
  }
  written.set(ids, { survey, length: ids.length, lists });
  return lists;
}
