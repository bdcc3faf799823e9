import type { Survey } from '../../config.ts';
import { OBJECT_KEYS } from '../../store/survey-keys.ts';
import type { Place } from '../ast.ts';
import { conjuncts } from '../resolve/grouping.ts';
import type {
  Resolved,
  ResolvedColumn,
  ResolvedFrom,
  ResolvedSelect,
} from '../resolve/resolved.ts';
import type { FromColumn, FromTable } from '../resolve/resolved.ts';

/** A column of a table of FROM. */
export interface KeyColumn {
  table: FromTable;
  column: FromColumn;
}

/** Which columns of a SELECT hold the same value in every row of its result. */
export interface SameColumns {
  has(one: Pick<ResolvedColumn, 'table' | 'column'>): boolean;
}

/** The tables of FROM that have a row of their own in every row of the result. */
export function firmTables(from: readonly ResolvedFrom[]): FromTable[] {
  return from.flatMap((one) => {
    if (one.kind !== 'join') return [one.table];
    const left = one.join === 'right' ? [] : firmTables([one.left]);
    const right = one.join === 'left' ? [] : firmTables([one.right]);
    return [...left, ...right];
  });
}

/** What holds in every row of the result: WHERE, and ON of joins that leave rows out. */
export function firmConditions({
  from,
  where,
}: Pick<ResolvedSelect, 'from' | 'where'>): Resolved[] {
  return [...conjuncts(where), ...from.flatMap(conditionsOf)];
}

function conditionsOf(from: ResolvedFrom): Resolved[] {
  if (from.kind !== 'join') return [];
  return [
    ...(from.join === 'inner' || from.join === 'cross' ? conjuncts(from.on) : []),
    ...(from.join === 'right' ? [] : conditionsOf(from.left)),
    ...(from.join === 'left' ? [] : conditionsOf(from.right)),
  ];
}

/**
 * The column that says what object a row of the result is about: of `objects` before other tables of
 * the survey, those before others.
 */
export function findAnchor(select: ResolvedSelect, survey: Survey): KeyColumn | undefined {
  const key = OBJECT_KEYS[survey];
  const found = firmTables(select.from).flatMap((table): KeyColumn[] => {
    const column = table.table && table.byName.get(key.toLowerCase());
    return column?.name === key ? [{ table, column }] : [];
  });
  const isOwn = ({ table }: KeyColumn) => table.table?.database === survey;
  return (
    found.find((one) => isOwn(one) && one.table.table?.name === 'objects') ??
    found.find(isOwn) ??
    found[0]
  );
}

/** Columns that equalities, which hold in every row, make the same as one of these. */
export function sameColumns(
  seeds: readonly KeyColumn[],
  conditions: readonly Resolved[],
): SameColumns {
  const known = new Map<FromTable, Set<FromColumn>>();
  const has: SameColumns['has'] = ({ table, column }) => known.get(table)?.has(column) === true;
  const add = ({ table, column }: KeyColumn) => {
    known.set(table, (known.get(table) ?? new Set()).add(column));
  };
  seeds.forEach(add);
  const equalities = conditions.map(equalColumns).filter((one) => one !== undefined);
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const [left, right] of equalities) {
      if (has(left) === has(right)) continue;
      add(has(left) ? right : left);
      isMore = true;
    }
  }
  return { has };
}

/** Both sides of an equality of columns that are kept and compared in the same way. */
export function equalColumns(condition: Resolved): [ResolvedColumn, ResolvedColumn] | undefined {
  if (condition.kind !== 'binary' || condition.operator !== '=') return undefined;
  const { left, right } = condition;
  if (left.kind !== 'column' || right.kind !== 'column') return undefined;
  if (left.type !== right.type || left.column.isAscii !== right.column.isAscii) return undefined;
  return left.type === 'text' && !left.column.isAscii ? undefined : [left, right];
}

/** A column as an expression. */
export function columnOf({ table, column }: KeyColumn, place: Place): ResolvedColumn {
  table.used.add(column);
  return { kind: 'column', table, column, type: column.type, place };
}
