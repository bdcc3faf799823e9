import { compileTogether } from '../sql/filter/compile-together.ts';
import type { FilterQuery } from '../sql/filter/filter-query.ts';
import { mostRows } from '../sql/filter/read-filter.ts';
import { QueryError } from '../sql/query-error.ts';
import type { RunOptions } from '../store/sandbox/sandbox.ts';
import type { EvaluateServices, FilterRow } from './evaluate.ts';

/** What a statement said of one filter among several. */
export interface Screened {
  /** Objects that it may pass. It passes no other. */
  ids: Set<string>;
  /** The rows of its result; undefined for a filter that is to be asked for them itself. */
  rows: FilterRow[] | undefined;
}

/**
 * Which of these objects several filters may pass, and their rows where that is all there is to it, as
 * the database says in one statement.
 *
 * @param filters - All of the same `pieces.shape`; at most `MOST_TOGETHER`.
 * @returns An answer for each filter, in order.
 * @throws as `Sandbox.run` does, and {QueryError} for more rows than they may give, for all of them: any one
 *   of them may be at fault.
 */
export async function screenTogether(
  services: EvaluateServices,
  filters: readonly FilterQuery[],
  ids: readonly string[],
  options: RunOptions,
): Promise<Screened[]> {
  const { query, places, mostRows: mostOfAll } = compileTogether(filters, ids, services.now());
  const names = filters.map(({ columns }) => columns.map(({ name }) => name));
  const answers = places.map((of): Screened => ({ ids: new Set(), rows: of && [] }));
  const most = mostRows(ids.length);
  let read = 0;
  for await (const group of await services.sandbox.run(query, options)) {
    for (const row of group) {
      if (++read > mostOfAll) throw new QueryError('together they give too many rows');
      const objectId = String(row[0]);
      // Numbers of fifty bits are too long for the operators of bits.
      let rest = Number(row[1]);
      for (let i = 0; rest > 0; i++, rest = Math.floor(rest / 2)) {
        if (rest % 2 === 0) continue;
        const answer = answers[i];
        answer.ids.add(objectId);
        const values = places[i];
        if (values === undefined || answer.rows === undefined) continue;
        const record = Object.fromEntries(names[i].map((name, n) => [name, row[values[n]]]));
        // Asked by itself, a filter with too many says so.
        if (answer.rows.push({ objectId, record }) > most) answer.rows = undefined;
      }
    }
  }
  return answers;
}
