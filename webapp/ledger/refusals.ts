import { BrokerError } from '../../common/errors.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import { queryServices } from '../filters/filter-actions.ts';
import type { Services } from '../services.ts';
import type { NamedVerdict } from './ledger.ts';

/** Filters whose refusal is explained on one page. */
const MOST_EXPLAINED = 20;

/**
 * Why filters refused an alert: of each the conditions that did not hold, from the values that it went
 * by. Nothing for those that went by other tables than `objects`, can be read no more, or name lists that
 * the reader may not see.
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
      const failed = query
        .explainValues(then, at)
        .filter(({ depth, held }) => depth === 0 && (held === false || held === null));
      reasons.set(
        queryId,
        failed.map((condition) => {
          const found = condition.values.map(({ name, value }) => `${name} = ${value ?? 'NULL'}`);
          return found.length === 0 ? condition.text : `${condition.text} (${found.join(', ')})`;
        }),
      );
    } catch (err) {
      // A version that can be read no more: its page says so.
      if (!(err instanceof BrokerError) || err.retryable) throw err;
    }
  }
  return reasons;
}
