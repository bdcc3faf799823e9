import { defaultValues } from '../queries/query-fields.ts';
import type { QueryServices } from '../queries/query-request.ts';
import type { QueryContent } from '../queries/saved-query-content.ts';
import type { FilterQuery } from '../sql/filter/filter-query.ts';
import { readFilterQuery } from '../sql/filter/read-filter.ts';
import { parseQuery } from '../sql/parse-query.ts';
import { lookUpLists } from '../store/lists/look-up-lists.ts';
import { selectVersion } from '../store/saved-queries.ts';

/** Which version of which saved query runs for whom. */
export interface FilterReference {
  queryId: number;
  version: number;
  /**
   * Whose lists it sees: its owner's where it runs; the reader's where it is explained, or whoever may
   * read the filter would learn who is in its owner's private lists. Undefined for a visitor.
   */
  userId: number | undefined;
}

/**
 * A version of a saved query as a filter. Lists are looked up anew: one that is gone, or is no longer
 * public, is an error, and so is a column that was dropped.
 *
 * @throws {QueryError} saying at its place what cannot run on the stream, or no longer.
 * @throws {NotFoundError} if there is no such version.
 */
export async function openFilterQuery(
  services: QueryServices,
  { queryId, version, userId }: FilterReference,
): Promise<FilterQuery> {
  const { content } = await selectVersion(services.db, queryId, version);
  return openContent(services, content, userId);
}

/** The same for what is not saved yet: to check it before it is. */
export async function openContent(
  { db, sandbox, now }: QueryServices,
  content: Pick<QueryContent, 'survey' | 'source' | 'fields'>,
  userId: number | undefined,
): Promise<FilterQuery> {
  const parsed = parseQuery(content.source);
  const reader = userId === undefined ? undefined : { userId };
  const [lists, dialect] = await Promise.all([
    lookUpLists(db, reader, parsed.references),
    sandbox.dialect(),
  ]);
  return readFilterQuery(parsed, {
    survey: content.survey,
    reader,
    lists,
    fields: defaultValues(content.fields),
    dialect,
    now: now(),
  });
}
