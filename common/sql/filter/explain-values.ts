import { mjdUtcFromDate } from '../../astro/time.ts';
import type { Scalar } from '../../store/row-reader.ts';
import { wordsAt } from '../compile-query.ts';
import type { ParsedQuery } from '../compile.ts';
import { firmConditions } from './anchor.ts';
import { linesOf, termsOf } from './explain-lines.ts';
import type { ExplainedCondition, NamedValue } from './filter-query.ts';
import type { ResolvedFilter } from './resolve-filter.ts';
import type { MadeScreen } from './screen.ts';
import { FALSE, NULL, TRUE } from './truth.ts';

/** The conditions that a screen knows something of, for values that were kept. */
export function valueExplainer(
  filter: ResolvedFilter,
  made: MadeScreen,
  source: ParsedQuery['source'],
): (values: readonly Scalar[], now: Date) => ExplainedCondition[] {
  const lines = linesOf(firmConditions(filter.select)).flatMap(
    ({ expression, depth, hasParts }) => {
      const test = made.testOf(expression);
      if (test === undefined) return [];
      const terms = hasParts ? [] : termsOf(expression);
      const columns = terms.flatMap((term) => {
        const at = term.kind === 'column' ? made.indexOf(term) : undefined;
        return term.kind === 'column' && at !== undefined ? [{ column: term.column, at }] : [];
      });
      return [{ test, columns, depth, text: wordsAt(source, expression.place) }];
    },
  );
  return (values, now) => {
    const mjdUtc = mjdUtcFromDate(now);
    return lines.map(({ test, columns, depth, text }) => ({
      kind: 'condition',
      text,
      depth,
      held: heldOf(test(values, mjdUtc)),
      values: columns.map(({ column: { name, unit }, at }): NamedValue => ({
        name,
        ...(unit !== undefined && { unit }),
        value: values[at],
      })),
    }));
  };
}

function heldOf(possible: number): boolean | null | undefined {
  if (possible === TRUE) return true;
  if (possible === FALSE) return false;
  return possible === NULL ? null : undefined;
}
