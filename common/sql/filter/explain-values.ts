import { mjdUtcFromDate } from '../../astro/time.ts';
import type { Scalar } from '../../store/row-reader.ts';
import { wordsAt } from '../compile-query.ts';
import type { ParsedQuery, VisibleList } from '../compile.ts';
import { conjuncts } from '../resolve/grouping.ts';
import type { Resolved } from '../resolve/resolved.ts';
import { equalColumns, firmConditions, firmTables } from './anchor.ts';
import { linesOf, termsOf } from './explain-lines.ts';
import { nameOfTerm, textOfTable } from './explain-words.ts';
import type { ExplainedCondition, NamedValue } from './filter-query.ts';
import { listKeyOf } from './lists.ts';
import type { ResolvedFilter } from './resolve-filter.ts';
import type { MadeScreen } from './screen.ts';
import { FALSE, NULL, TRUE } from './truth.ts';

/**
 * The conditions of a filter, for values that were kept: those that a screen knows something of hold or
 * do not; of lists, other tables and what the server alone can reckon it is not said.
 */
export function valueExplainer(
  filter: ResolvedFilter,
  made: MadeScreen,
  source: ParsedQuery['source'],
  lists: readonly VisibleList[],
): (values: readonly Scalar[], now: Date) => ExplainedCondition[] {
  const conditions = firmConditions(filter.select);
  const isAlone = firmTables(filter.select.from).length === 1;
  const joins = joinLines(filter, made, conditions, lists);
  const lines = linesOf(conditions.filter((one) => !isLink(filter, made, one))).map(
    ({ expression, depth, hasParts }) => {
      const test = made.testOf(expression);
      const terms = hasParts ? [] : termsOf(expression);
      const columns = terms.flatMap((term) => {
        const at = term.kind === 'column' ? made.indexOf(term) : undefined;
        if (term.kind !== 'column' || at === undefined) return [];
        return [{ name: nameOfTerm(term, isAlone, source), unit: term.column.unit, at }];
      });
      return { test, columns, depth, text: wordsAt(source, expression.place) };
    },
  );
  const ofGroups = conjuncts(filter.select.having).map((one): ExplainedCondition => ({
    kind: 'condition',
    text: wordsAt(source, one.place),
    depth: 0,
    held: undefined,
    values: [],
  }));
  return (values, now) => {
    const mjdUtc = mjdUtcFromDate(now);
    const asked = lines.map(({ test, columns, depth, text }): ExplainedCondition => ({
      kind: 'condition',
      text,
      depth,
      held: test && heldOf(test(values, mjdUtc)),
      values: columns.map(({ name, unit, at }): NamedValue => ({
        name,
        ...(unit !== undefined && { unit }),
        value: values[at],
      })),
    }));
    return [...joins, ...asked, ...ofGroups];
  };
}

/** The tables and lists that an object must be in, beside its own. */
function joinLines(
  { select }: ResolvedFilter,
  made: MadeScreen,
  conditions: readonly Resolved[],
  lists: readonly VisibleList[],
): ExplainedCondition[] {
  return firmTables(select.from).flatMap((table) =>
    made.isOwn(table)
      ? []
      : [
          {
            kind: 'join',
            text: textOfTable(table, listKeyOf(table, conditions), lists),
            depth: 0,
            held: undefined,
            values: [],
          },
        ],
  );
}

/** Whether a condition only says how tables belong together, or which list is meant. */
function isLink({ select }: ResolvedFilter, made: MadeScreen, condition: Resolved): boolean {
  if (made.testOf(condition) !== undefined) return false;
  return conjuncts(condition).every(
    (one) =>
      equalColumns(one) !== undefined ||
      firmTables(select.from).some((table) => listKeyOf(table, [one]) !== undefined),
  );
}

function heldOf(possible: number): boolean | null | undefined {
  if (possible === TRUE) return true;
  if (possible === FALSE) return false;
  return possible === NULL ? null : undefined;
}
