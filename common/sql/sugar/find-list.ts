import type { ListToken, Place } from '../ast.ts';
import type { VisibleList } from '../compile.ts';
import type { ExpansionContext } from '../resolve/scope.ts';

/** What users call the lists. */
const WORDS: Readonly<Record<ListToken['token'], { one: string; many: string }>> = {
  watchlist: { one: 'watchlist', many: 'watchlists' },
  area: { one: 'watchmap', many: 'watchmaps' },
  annotator: { one: 'annotator', many: 'annotators' },
};

/**
 * The list that a number or a name in the text means. One that does not exist and one that is
 * somebody else's are the same to the reader.
 *
 * @throws {QueryError} if there is none, or the name alone does not say which.
 */
export function findList(
  context: ExpansionContext,
  token: ListToken['token'],
  name: string,
  place: Place,
): VisibleList {
  const { one, many } = WORDS[token];
  const found = context.lists.filter((list) => list.token === token && list.name === name);
  if (found.length === 0) {
    const written = /^\d+$/.test(name) ? name : `"${name}"`;
    context.refuse(
      `there is no ${one} ${written} that you may use`,
      place,
      `the list of ${many} has those that are public, and yours when you are logged in`,
    );
  }
  if (found.length > 1) {
    context.refuse(
      `several ${many} are called "${name}"`,
      place,
      `name one by its number: ${found.map((list) => list.key).join(', ')}`,
    );
  }
  return found[0];
}
