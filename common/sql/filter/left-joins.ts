import { partsOf, queryOf } from '../resolve/parts.ts';
import type { FromTable, Resolved, ResolvedFrom, ResolvedSelect } from '../resolve/resolved.ts';
import { equalColumns, firmConditions } from './anchor.ts';
import type { KeyColumn } from './anchor.ts';
import { listKeyOf } from './lists.ts';

type Leaf = Exclude<ResolvedFrom, { kind: 'join' }>;

/** A table that an object must have a row in, and what chooses the row. */
export interface Linked {
  item: Leaf;
  links: Resolved[];
}

/** FROM with every table joined in such a way that the object stays. */
export interface LeftJoined {
  from: ResolvedFrom;
  /** Tables that were joined so that rows without them were left out. */
  linked: Linked[];
  /** What else must hold. */
  rest: Resolved[];
}

interface Step {
  item: ResolvedFrom;
  /** Of the optional side of an outer join; undefined where a row must be there. */
  on?: Resolved;
}

/**
 * The joins of a query as LEFT JOINs that begin with the object, so that a row that is missing hides
 * nothing else: equalities with the tables before a table, and the number of a list, choose its rows; all
 * other conditions are asked about them.
 */
export function leftJoined(select: ResolvedSelect, anchor: KeyColumn): LeftJoined {
  const conditions = firmConditions(select);
  const steps = select.from.flatMap(stepsOf);
  const first = steps.find(({ item }) => item.kind !== 'join' && item.table === anchor.table);
  if (first === undefined) throw new Error('the table of the object is not in FROM');
  const placed = new Set([anchor.table]);
  const used = new Set<Resolved>();
  const linked: Linked[] = [];
  let from = first.item;
  const waiting = steps.filter((step) => step !== first);
  while (waiting.length > 0) {
    const step = takeNext(waiting, conditions, placed);
    const { item } = step;
    if (step.on !== undefined || item.kind === 'join') {
      from = { kind: 'join', join: 'left', left: from, right: item, on: step.on ?? ALWAYS };
    } else {
      const links = linksOf(item, conditions, placed, used);
      links.forEach((one) => used.add(one));
      linked.push({ item, links });
      from = { kind: 'join', join: 'left', left: from, right: item, on: allOf(links) ?? ALWAYS };
    }
    for (const table of tablesOf(item)) placed.add(table);
  }
  return { from, linked, rest: conditions.filter((one) => !used.has(one)) };
}

/** All of the conditions together; undefined of none. */
export function allOf(conditions: readonly Resolved[]): Resolved | undefined {
  if (conditions.length === 0) return undefined;
  return conditions.reduce((left, right) => ({
    kind: 'binary',
    operator: 'and',
    left,
    right,
    type: 'bool',
    place: left.place,
  }));
}

const ALWAYS: Resolved = {
  kind: 'boolean',
  value: true,
  type: 'bool',
  place: { part: 'statement', start: 0, end: 0 },
};

function stepsOf(from: ResolvedFrom): Step[] {
  if (from.kind !== 'join') return [{ item: from }];
  const { left, right, on = ALWAYS } = from;
  if (from.join === 'left') return [...stepsOf(left), { item: right, on }];
  if (from.join === 'right') return [...stepsOf(right), { item: left, on }];
  return [...stepsOf(left), ...stepsOf(right)];
}

/** The next that can be joined to what is there by an equality; else the first. */
function takeNext(waiting: Step[], conditions: readonly Resolved[], placed: Set<FromTable>): Step {
  const at = waiting.findIndex(({ item, on }) => {
    const own = tablesOf(item);
    if (on !== undefined) {
      return tablesNamed(on).every((table) => placed.has(table) || own.has(table));
    }
    return conditions.some((one) => isLink(one, own, placed));
  });
  return waiting.splice(Math.max(0, at), 1)[0];
}

function linksOf(
  item: Leaf,
  conditions: readonly Resolved[],
  placed: ReadonlySet<FromTable>,
  used: ReadonlySet<Resolved>,
): Resolved[] {
  const own = new Set([item.table]);
  const free = conditions.filter((one) => !used.has(one));
  const links = free.filter((one) => isLink(one, own, placed));
  const ofList = free.filter((one) => listKeyOf(item.table, [one]) !== undefined);
  if (links.length > 0) return [...links, ...ofList];
  // Nothing equals anything: whatever says something of both tables chooses the rows.
  const others = free.filter((one) => {
    const named = tablesNamed(one);
    return (
      named.length > 1 &&
      named.includes(item.table) &&
      named.every((table) => own.has(table) || placed.has(table))
    );
  });
  return [...others, ...ofList];
}

function isLink(
  condition: Resolved,
  own: ReadonlySet<FromTable>,
  placed: ReadonlySet<FromTable>,
): boolean {
  const [left, right] = equalColumns(condition) ?? [];
  if (left === undefined || right === undefined) return false;
  return (
    (own.has(left.table) && placed.has(right.table)) ||
    (own.has(right.table) && placed.has(left.table))
  );
}

function tablesOf(from: ResolvedFrom): Set<FromTable> {
  if (from.kind !== 'join') return new Set([from.table]);
  return new Set([...tablesOf(from.left), ...tablesOf(from.right)]);
}

/** The tables of this SELECT that an expression names, also from within its sub-queries. */
function tablesNamed(expression: Resolved): FromTable[] {
  const own = expression.kind === 'column' ? [expression.table] : [];
  const outer = queryOf(expression)?.outerColumns.map(({ table }) => table) ?? [];
  return [...new Set([...own, ...outer, ...partsOf(expression).flatMap(tablesNamed)])];
}
