import { BrokerError } from '../../common/errors.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import type { ExplainedCondition, FilterQuery } from '../../common/sql/filter/filter-query.ts';
import { queryServices } from '../filters/filter-actions.ts';
import type { Services } from '../services.ts';
import type { NamedVerdict } from './named-verdict.ts';

/** Filters whose refusals are explained in one answer: reading each costs milliseconds. */
const MOST_EXPLAINED = 100;

/** Why a filter refused an object. */
export interface Refusal {
  /** Conditions that did not hold, each with the values that it went by. */
  failed: ExplainedCondition[];
  /**
   * Where no such one is known: what goes by lists and other tables, of which no values are kept. One of
   * these did not hold.
   */
  open: string[];
}

export const NO_REFUSAL: Refusal = { failed: [], open: [] };

/**
 * Why filters refused objects, from the values that they went by. Nothing for queries that can be read
 * no more, or that name lists which the reader may not see; the reader's own filters come first where
 * there are more than may be explained at once.
 */
export async function explainRefusals(
  services: Services,
  verdicts: readonly NamedVerdict[],
  readerId: number | undefined,
): Promise<Map<NamedVerdict, Refusal>> {
  const refused = verdicts
    .filter(({ outcome }) => outcome === 'screened' || outcome === 'refused')
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn));
  const queries = new Map<string, FilterQuery | undefined>();
  const refusals = new Map<NamedVerdict, Refusal>();
  for (const verdict of refused) {
    const key = `${verdict.queryId} ${verdict.version}`;
    if (!queries.has(key)) {
      if (queries.size >= MOST_EXPLAINED) continue;
      queries.set(key, await openOrNothing(services, verdict, readerId));
    }
    const query = queries.get(key);
    if (query !== undefined) refusals.set(verdict, refusalOf(query, verdict));
  }
  return refusals;
}

/** undefined for what can be read no more, or not by this reader: the filter's page says so. */
async function openOrNothing(
  services: Services,
  { queryId, version }: NamedVerdict,
  readerId: number | undefined,
): Promise<FilterQuery | undefined> {
  try {
    const reference = { queryId, version, userId: readerId };
    return await openFilterQuery(queryServices(services), reference);
  } catch (err) {
    if (!(err instanceof BrokerError) || err.retryable) throw err;
    return undefined;
  }
}

function refusalOf(query: FilterQuery, { values, at, outcome }: NamedVerdict): Refusal {
  const then = query.screen.columns.map((column) => values[column] ?? null);
  const lines = query.explainValues(then, at);
  const failed = lines.flatMap((line, i) =>
    line.depth === 0 && (line.held === false || line.held === null)
      ? [{ ...line, values: valuesFrom(lines, i) }]
      : [],
  );
  if (failed.length > 0) return { failed, open: [] };
  const unknown = lines.filter(({ depth, held }) => depth === 0 && held === undefined);
  if (outcome === 'refused') return { failed, open: unknown.map(({ text }) => text) };
  // Without a condition that failed it was in memory that it was not in a list.
  const lists = unknown.filter(({ kind }) => kind === 'join');
  if (lists.length === 1) return { failed: [{ ...lists[0], held: false }], open: [] };
  return { failed, open: lists.map(({ text }) => text) };
}

/** The values of a condition and of its parts, which stand beneath it; each once. */
function valuesFrom(lines: readonly ExplainedCondition[], at: number) {
  const end = lines.findIndex(({ depth }, i) => i > at && depth === 0);
  const own = lines.slice(at, end === -1 ? undefined : end).flatMap(({ values }) => values);
  return own.filter(({ name }, i) => own.findIndex((other) => other.name === name) === i);
}
