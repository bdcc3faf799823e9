import type { Join, Name } from '../ast.ts';
import { columnAt } from './columns.ts';
import type { Resolved } from './resolved.ts';
import { columnsNamed } from './scope-of-select.ts';
import type { MergedColumn, Namespace, Reference } from './scope-of-select.ts';
import { refuse } from './statement.ts';

/** Two columns that USING makes one: `kept` is not NULL where the other side has no row. */
interface Pair {
  name: Name;
  kept: Reference;
  other: Reference;
}

/**
 * USING (a, b) as ON l.a = r.a AND l.b = r.b, and the columns that are one from here on.
 *
 * @throws {QueryError} if a side has no such column, or several.
 */
export function resolveUsing(
  item: Join,
  using: readonly Name[],
  left: Namespace,
  right: Namespace,
): { on: Resolved; namespace: Namespace } {
  // Of a right join the right side is whole, and comes first in a star as well.
  const [first, second] = item.join === 'right' ? [right, left] : [left, right];
  const pairs = using.map((name): Pair => {
    return { name, kept: commonColumn(name, first), other: commonColumn(name, second) };
  });
  const lowerNames = new Set(using.map((name) => name.text.toLowerCase()));
  const before = [...left.merged, ...right.merged];
  return {
    on: pairs.map(equality).reduce(both),
    namespace: {
      tables: [...left.tables, ...right.tables],
      merged: [
        ...before.filter((one) => !lowerNames.has(one.lowerName)),
        ...pairs.map((pair) => mergedColumn(pair, before)),
      ],
      star() {
        const isIn = (references: Reference[]) => (one: Reference) =>
          references.some(({ table, column }) => table === one.table && column === one.column);
        const isKept = isIn(pairs.map(({ kept }) => kept));
        const isOther = isIn(pairs.map(({ other }) => other));
        const columns = first.star();
        return [
          ...columns.filter(isKept),
          ...columns.filter((one) => !isKept(one)),
          ...second.star().filter((one) => !isOther(one)),
        ];
      },
    },
  };
}

function commonColumn({ text, place }: Name, namespace: Namespace): Reference {
  const found = columnsNamed(namespace, text.toLowerCase());
  if (found.length === 1) return found[0];
  const aliases = namespace.tables.map(({ alias }) => alias).join(', ');
  return found.length === 0
    ? refuse(`no column ${text} in ${aliases}`, place, 'USING names columns that both sides have')
    : refuse(`${text} is in ${found.length} tables before the join`, place, 'write ON a = b');
}

function mergedColumn({ name, kept, other }: Pair, before: MergedColumn[]): MergedColumn {
  const lowerName = name.text.toLowerCase();
  const earlier = before.filter((one) => one.lowerName === lowerName);
  const tables = [kept.table, other.table, ...earlier.flatMap((one) => [...one.tables])];
  return { lowerName, chosen: kept, tables: new Set(tables) };
}

function equality({ name: { place }, kept, other }: Pair): Resolved {
  const [left, right] = [columnAt(kept, place), columnAt(other, place)];
  return { kind: 'binary', operator: '=', left, right, type: 'bool', place };
}

function both(left: Resolved, right: Resolved): Resolved {
  return { kind: 'binary', operator: 'and', left, right, type: 'bool', place: left.place };
}
