import { mjdUtcFromDate } from '../../astro/time.ts';
import type { Survey } from '../../config.ts';
import type { Scalar } from '../../store/row-reader.ts';
import { partsOf } from '../resolve/parts.ts';
import type { FromColumn, FromTable, Resolved, ResolvedColumn } from '../resolve/resolved.ts';
import { firmConditions, firmTables } from './anchor.ts';
import type { Filterable } from './check-filter.ts';
import type { Screen, ScreenTest } from './filter-query.ts';
import { requiredLists } from './lists.ts';
import { testOf } from './screen-conditions.ts';
import type { Layout } from './screen-numbers.ts';
import { TRUE } from './truth.ts';
import type { Test } from './truth.ts';

/** A screen, and the means to ask single conditions. */
export interface MadeScreen {
  screen: Screen;
  /** One condition over values in the order of the screen's columns; undefined if it knows nothing of it. */
  testOf(condition: Resolved): Test | undefined;
  /** Whether a column is one of the object's own, and where its value stands. */
  indexOf(column: ResolvedColumn): number | undefined;
  /** Whether a table is that of the object itself. */
  isOwn(table: FromTable): boolean;
}

/**
 * The necessary condition in a query over the columns of `objects` alone: of all that must hold, what can
 * be said of a row in memory. Where the server might say otherwise, by its rounding, its collations or
 * functions that are not known here, the row passes.
 */
export function makeScreen({ select, anchor, keys }: Filterable, survey: Survey): MadeScreen {
  const own = new Set(
    firmTables(select.from).filter(
      (table) =>
        table.table?.name === 'objects' &&
        table.table.database === survey &&
        keys.has({ table, column: keyOf(table, anchor.column) }),
    ),
  );
  const conditions = firmConditions(select);
  const columns: string[] = [];
  const note = (expression: Resolved) => {
    if (expression.kind === 'column' && own.has(expression.table)) {
      if (!columns.includes(expression.column.name)) columns.push(expression.column.name);
    }
    partsOf(expression).forEach(note);
  };
  const everyLayout = layoutOf(own, (name) => Math.max(0, columns.indexOf(name)));
  const understood = conditions.filter((one) => testOf(one, everyLayout) !== undefined);
  understood.forEach(note);
  // What is quickly asked is asked first.
  understood.sort((a, b) => sizeOf(a) - sizeOf(b));
  const over = (layout: readonly string[]) => testOver(understood, own, layout);
  const ownLayout = layoutOf(own, (name) => {
    const at = columns.indexOf(name);
    return at < 0 ? undefined : at;
  });
  return {
    screen: { columns, lists: requiredLists(select, anchor, survey), mayPass: over(columns), over },
    testOf: (condition) => testOf(condition, ownLayout),
    indexOf: (column) => ownLayout.indexOf(column),
    isOwn: (table) => own.has(table),
  };
}

function sizeOf(expression: Resolved): number {
  return partsOf(expression).reduce((sum, part) => sum + sizeOf(part), 1);
}

function keyOf(table: FromTable, { name }: FromColumn): FromColumn {
  const column = table.byName.get(name.toLowerCase());
  if (column === undefined) throw new Error(`objects have no column ${name}`);
  return column;
}

function layoutOf(
  own: ReadonlySet<FromTable>,
  indexOf: (name: string) => number | undefined,
): Layout {
  return {
    indexOf: ({ table, column }) => (own.has(table) ? indexOf(column.name) : undefined),
    testOf,
  };
}

function indexIn(columns: readonly string[], name: string): number {
  const at = columns.indexOf(name);
  if (at < 0) throw new Error(`the rows that are screened have no column ${name}`);
  return at;
}

function testOver(
  conditions: readonly Resolved[],
  own: ReadonlySet<FromTable>,
  columns: readonly string[],
): ScreenTest {
  const layout = layoutOf(own, (name) => indexIn(columns, name));
  const tests = conditions.flatMap((one) => testOf(one, layout) ?? []);
  let lastNow: Date | undefined;
  let mjdUtc = 0;
  return (values: readonly Scalar[], now: Date) => {
    if (now !== lastNow) {
      lastNow = now;
      mjdUtc = mjdUtcFromDate(now);
    }
    for (let i = 0; i < tests.length; i++)
      if ((tests[i](values, mjdUtc) & TRUE) === 0) return false;
    return true;
  };
}
