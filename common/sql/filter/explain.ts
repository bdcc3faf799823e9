import type { Scalar } from '../../store/row-reader.ts';
import { resultColumn, tablesRead, wordsAt } from '../compile-query.ts';
import type { ParsedQuery } from '../compile.ts';
import { withParts } from '../resolve/parts.ts';
import { conjuncts } from '../resolve/grouping.ts';
import type {
  FromColumn,
  Resolved,
  ResolvedItem,
  ResolvedOrder,
  ResolvedQuery,
  ResolvedSelect,
} from '../resolve/resolved.ts';
import { nextColumnName } from '../resolve/statement.ts';
import { putQuery } from '../write/query.ts';
import { columnOf } from './anchor.ts';
import { writeIds } from './batch-ids.ts';
import { linesOf, termsOf } from './explain-lines.ts';
import type { Line } from './explain-lines.ts';
import { nameOfTerm, textOfJoin } from './explain-words.ts';
import type { Explanation, FilterOptions, NamedValue } from './filter-query.ts';
import { allOf, leftJoined } from './left-joins.ts';
import type { Linked } from './left-joins.ts';
import { listKeyOf } from './lists.ts';
import { newOutput } from './output.ts';
import type { ResolvedFilter } from './resolve-filter.ts';
import { inBatchOf, restrictToBatch } from './restrict.ts';

/** An explanation that only wants the object. */
export type Explainer = (id: string, now: Date) => Explanation;

/** A line with where its values stand in the row. */
interface Shown {
  kind: 'condition' | 'join';
  text: string;
  depth: number;
  held: number;
  terms: { name: string; unit: string | undefined; at: number }[];
}

/**
 * What explains a filter: one statement for one object, whose row holds whether each condition held and
 * by which values. Of several rows that an object has through its joins the one that comes closest is
 * told of.
 *
 * @param filter - Resolved for this alone: its tree is changed.
 */
export function explainer(
  filter: ResolvedFilter,
  source: ParsedQuery['source'],
  options: FilterOptions,
): Explainer {
  const { anchor, statement } = filter;
  const original: ResolvedSelect = { ...filter.select };
  restrictToBatch(original, anchor);
  const { from, linked, rest } = leftJoined(filter.select, anchor);
  for (const { item, links } of linked) keepLinksOnly(item, links);
  const items: ResolvedItem[] = [];
  const byTerm = new Map<string, number>();
  const isAlone = from.kind !== 'join';
  const isGrouped = filter.select.isGrouped;
  const having = conjuncts(filter.select.having).map(withoutItems);

  const joins = linked.map((one): Shown => {
    const held = addItem(isThere(one));
    const text = textOfJoin(one, options.lists);
    return { kind: 'join', text, depth: 0, held, terms: [] };
  });
  const lines = linesOf([...rest, ...(isGrouped ? [] : having)]);
  const asked = lines.map((line) => shown(line, line.expression, termsOf(line.expression)));
  const ofGroups = isGrouped
    ? having.map((one) =>
        shown({ expression: one, depth: 0, hasParts: false }, valueOf(original, one), []),
      )
    : [];
  const all = [...joins, ...asked, ...ofGroups];

  const body: ResolvedSelect = {
    kind: 'select',
    isDistinct: false,
    items,
    from: [from],
    where: inBatchOf(anchor),
    groupBy: [],
    having: undefined,
    isGrouped: false,
  };
  if (items.length === 0) addItem(columnOf(anchor, NOWHERE));
  const columns = items.map(({ column }) => column);
  const isOneRow = from.kind === 'table' && from.table.table?.name === 'objects';
  const orderBy = isOneRow ? [] : closestFirst([...joins, ...asked], items);
  const query: ResolvedQuery = { ...filter.query, body, orderBy, columns, outerColumns: [] };
  const tables = tablesRead(statement);
  return (id, now) => {
    const output = newOutput(options, now, writeIds(options.survey, [id]));
    putQuery(output, query, 'rows', { limit: 1n, offset: 0n });
    return {
      query: {
        sql: output.sql,
        parameters: output.parameters,
        columns: columns.map(resultColumn),
        tables,
        isOrdered: true,
        ownLimit: undefined,
      },
      read: (row) => all.map((line) => readLine(line, row)),
    };
  };

  function shown({ expression, depth, hasParts }: Line, value: Resolved, terms: Resolved[]): Shown {
    return {
      kind: 'condition',
      text: wordsAt(source, expression.place),
      depth,
      held: addItem(asTruth(value)),
      terms: hasParts ? [] : terms.map(addTerm),
    };
  }

  function addTerm(term: Resolved): Shown['terms'][number] {
    const name = nameOfTerm(term, isAlone, source);
    const at = byTerm.get(name) ?? addItem(term);
    byTerm.set(name, at);
    return { name, unit: term.kind === 'column' ? term.column.unit : undefined, at };
  }

  function addItem(expression: Resolved): number {
    const column: FromColumn = {
      name: `glint:${items.length}`,
      sqlName: nextColumnName(statement),
      type: expression.type,
      isAscii: false,
    };
    items.push({ expression, column, called: undefined });
    return items.length - 1;
  }
}

const NOWHERE = { part: 'statement', start: 0, end: 0 } as const;

function readLine(line: Shown, row: readonly Scalar[]) {
  const { kind, text, depth } = line;
  const values = line.terms.map(({ name, unit, at }): NamedValue => ({
    name,
    ...(unit !== undefined && { unit }),
    value: row[at],
  }));
  const held = row[line.held];
  return { kind, text, depth, held: held === null ? null : held === true, values };
}

/** Conditions that chose rows of a list beforehand are asked about instead; its number still chooses. */
function keepLinksOnly({ table }: Linked['item'], links: readonly Resolved[]): void {
  if (table.narrowing === undefined) return;
  const conditions = table.narrowing.conditions.filter(
    (one) => one.kind === 'in-batch' || listKeyOf(table, [one]) !== undefined,
  );
  const isVisible = table.narrowing.isVisible && listKeyOf(table, links) !== undefined;
  table.narrowing = { conditions, isVisible };
}

/** Whether the row is there at all. */
function isThere({ item: { table }, links }: Linked): Resolved {
  const linked = allOf(links);
  if (linked !== undefined) return isTrue(linked);
  return table.columns
    .map((column): Resolved => {
      const operand = columnOf({ table, column }, NOWHERE);
      return { kind: 'is', isNot: true, operand, what: 'null', type: 'bool', place: NOWHERE };
    })
    .reduce((left, right) => ({
      kind: 'binary',
      operator: 'or',
      left,
      right,
      type: 'bool',
      place: NOWHERE,
    }));
}

function isTrue(operand: Resolved): Resolved {
  return { kind: 'is', isNot: false, operand, what: 'true', type: 'bool', place: operand.place };
}

/** A number as a condition is true where it is not 0. */
function asTruth(condition: Resolved): Resolved {
  if (condition.type === 'bool') return condition;
  const not = (operand: Resolved): Resolved => ({
    kind: 'unary',
    operator: 'not',
    operand,
    type: 'bool',
    place: operand.place,
  });
  return not(not(condition));
}

/** What stands behind the names of SELECT, which are not there any more. */
function withoutItems(expression: Resolved): Resolved {
  if (expression.kind === 'item' && expression.expression !== undefined) {
    return withoutItems(expression.expression);
  }
  return withParts(expression, withoutItems);
}

/** A condition on the groups of a query, for the one group that the object is. */
function valueOf(select: ResolvedSelect, condition: Resolved): Resolved {
  const column: FromColumn = { name: 'held', sqlName: 'held', type: 'bool', isAscii: false };
  const body: ResolvedSelect = {
    ...select,
    isDistinct: false,
    items: [{ expression: asTruth(condition), column, called: undefined }],
    having: undefined,
  };
  const query: ResolvedQuery = {
    kind: 'query',
    body,
    orderBy: [],
    limit: 1n,
    offset: undefined,
    columns: [column],
    outerColumns: [],
  };
  return { kind: 'subquery', query, type: 'bool', place: condition.place };
}

/** The row in which most of what must hold does. */
function closestFirst(lines: readonly Shown[], items: readonly ResolvedItem[]): ResolvedOrder[] {
  const held = lines
    .filter(({ depth }) => depth === 0)
    .map(({ held: at }): Resolved => {
      const { column } = items[at];
      return isTrue({ kind: 'item', column, expression: undefined, type: 'bool', place: NOWHERE });
    });
  if (held.length === 0) return [];
  const expression = held.reduce((left, right) => ({
    kind: 'binary',
    operator: '+',
    left,
    right,
    type: 'int',
    place: NOWHERE,
  }));
  return [{ expression, isDescending: true }];
}
