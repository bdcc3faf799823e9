import type { QueryContent } from '../../common/queries/saved-query-content.ts';
import type { ListReference } from '../../common/sql/compile.ts';
import { parseQuery } from '../../common/sql/parse-query.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import type { Queries } from '../../common/store/database.ts';
import { lookUpLists } from '../../common/store/lists/look-up-lists.ts';

const KINDS = { watchlist: 'watchlist', area: 'watchmap', annotator: 'annotator' } as const;

/**
 * Lists that a query names and that its owner sees where others do not, or see another one of the same
 * name: others cannot run it, or get something else. As they are written in the text, which is all that
 * is told: what a private list is called stays with its owner.
 */
export async function privateLists(
  db: Queries,
  { source, userId }: Pick<QueryContent, 'source'> & { userId: number },
): Promise<ListReference[]> {
  const references = referencesOf(source);
  if (references.length === 0) return [];
  const [own, open] = await Promise.all([
    lookUpLists(db, { userId }, references),
    lookUpLists(db, undefined, references),
  ]);
  return references.filter(({ token, name }) => {
    const keys = (lists: typeof own) =>
      lists
        .filter((list) => list.token === token && list.name === name)
        .map(({ key }) => key)
        .join();
    return keys(own) !== '' && keys(own) !== keys(open);
  });
}

/** Lists in words: `watchlist 12, annotator oracle`. */
export function listWords(references: readonly ListReference[]): string {
  return references.map(({ token, name }) => `${KINDS[token]} ${name}`).join(', ');
}

function referencesOf(source: QueryContent['source']): readonly ListReference[] {
  try {
    return parseQuery(source).references;
  } catch (err) {
    // A text of before, which cannot be read any more, runs for nobody.
    if (err instanceof QueryError) return [];
    throw err;
  }
}
