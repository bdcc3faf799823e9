import { BrokerError } from '../../common/errors.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import type { ExplainedCondition } from '../../common/sql/filter/filter-query.ts';
import { queryServices } from '../filters/filter-actions.ts';
import type { Services } from '../services.ts';
import type { NamedVerdict } from './ledger.ts';

/** Filters whose refusal is explained on one page. */
const MOST_EXPLAINED = 20;

/**
 * Why filters refused an alert: of each the conditions that did not hold, from the values that it went
 * by. Where all those of the object's own columns held, it says so: of other tables no values are kept. Nothing for queries that can be read no more, or name lists that the reader may
 * not see.
 */
export async function explainRefusals(
  services: Services,
  verdicts: readonly NamedVerdict[],
  readerId: number | undefined,
): Promise<Map<number, string[]>> {
  const refused = verdicts.filter(({ outcome }) => outcome === 'screened' || outcome === 'refused');
  const reasons = new Map<number, string[]>();
  for (const { queryId, version, values, at } of refused.slice(0, MOST_EXPLAINED)) {
    try {
      const reference = { queryId, version, userId: readerId };
      const query = await openFilterQuery(queryServices(services), reference);
      const then = query.screen.columns.map((column) => values[column] ?? null);
      const conditions = query.explainValues(then, at).filter(({ depth }) => depth === 0);
      const failed = conditions.filter(({ held }) => held === false || held === null);
      reasons.set(queryId, failed.length > 0 ? failed.map(conditionWords) : elsewhere(conditions));
    } catch (err) {
      // A version that can be read no more: its page says so.
      if (!(err instanceof BrokerError) || err.retryable) throw err;
    }
  }
  return reasons;
}

function conditionWords({ text, values }: ExplainedCondition): string {
  const found = values.map(({ name, value }) => `${name} = ${value ?? 'NULL'}`);
  return found.length === 0 ? text : `${text} (${found.join(', ')})`;
}

/** What refused it stands in other tables. @param held - What held of the object's own columns. */
function elsewhere(held: readonly ExplainedCondition[]): string[] {
  return [...held.map((each) => `${conditionWords(each)}: held`), 'refused by other tables'];
}
