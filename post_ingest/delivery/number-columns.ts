import type { Context } from '../../common/context.ts';
import { numberNames } from '../../common/delivery/number-names.ts';
import { describeError } from '../../common/errors.ts';
import type { Match } from '../../common/filters/filter.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import { ALL_TABLES } from '../../common/schema/tables.ts';
import type { Sandbox } from '../../common/store/sandbox/sandbox.ts';

const MOST_REMEMBERED = 10_000;

/** Which columns of a record are numbers that are kept as strings, for they have 64 bits. */
export interface NumberColumns {
  of(match: Pick<Match, 'queryId' | 'version'>, userId: number): Promise<ReadonlySet<string>>;
}

/** Columns of that kind by their own names, for a query that can no longer be read. */
const KNOWN: ReadonlySet<string> = new Set(
  ALL_TABLES.filter(({ isPublic }) => isPublic).flatMap(({ columns }) =>
    columns.filter(({ type }) => type === 'id').map(({ name }) => name),
  ),
);

/** Reads each version of a query once. */
export function openNumberColumns({ db, log, now }: Context, sandbox: Sandbox): NumberColumns {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  const read = async (queryId: number, version: number, userId: number) => {
    try {
      const query = await openFilterQuery({ db, sandbox, now }, { queryId, version, userId });
      return numberNames(query.columns);
    } catch (err) {
      // It ran when it matched: a list may be gone since. What it passed is sent all the same.
      log.debug(`columns of filter ${queryId} by their names: ${describeError(err)}`);
      return KNOWN;
    }
  };
  return {
    of({ queryId, version }, userId) {
      const key = `${queryId}/${version}`;
      let columns = known.get(key);
      if (columns === undefined) {
        if (known.size >= MOST_REMEMBERED) known.clear();
        columns = read(queryId, version, userId);
        known.set(key, columns);
      }
      return columns;
    },
  };
}
