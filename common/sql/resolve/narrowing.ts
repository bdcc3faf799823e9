import type { ListToken } from '../ast.ts';
import type { DictionaryTable } from '../dictionary.ts';
import { conjuncts } from './grouping.ts';
import type {
  FromTable,
  Resolved,
  ResolvedColumn,
  ResolvedFrom,
  ResolvedSelect,
} from './resolved.ts';
import type { Statement } from './statement.ts';

const COMPARISONS: readonly string[] = ['=', '<', '<=', '>', '>='];
/** How FROM names the lists that own the rows of a table. */
const TOKENS: Readonly<Record<string, ListToken['token']>> = {
  watchlists: 'watchlist',
  areas: 'area',
  annotators: 'annotator',
};

/**
 * Finds, for the tables of a SELECT whose rows have owners, the conditions that may choose rows before
 * the reader's right to them is looked at: comparisons of their columns with what is written out, which
 * can neither fail nor take long, whatever is in a row. All others have to wait.
 */
export function narrowOwned(
  { from, where }: Pick<ResolvedSelect, 'from' | 'where'>,
  { options: { lists } }: Statement,
): void {
  for (const item of from) narrow(item, conjuncts(where));

  function narrow(item: ResolvedFrom, conditions: readonly Resolved[]): void {
    if (item.kind === 'join') {
      const both = [...conditions, ...conjuncts(item.on)];
      // Of an outer join ON chooses rows of the side that may be missing.
      narrow(item.left, item.join === 'left' ? conditions : both);
      narrow(item.right, item.join === 'right' ? conditions : both);
    } else if (item.table.table?.ownedBy !== undefined) {
      item.table.narrowing = narrowing(item.table, item.table.table, conditions);
    }
  }

  function narrowing(
    table: FromTable,
    described: DictionaryTable,
    conditions: readonly Resolved[],
  ) {
    const chosen = [...conditions, ...implied(table, conditions)].filter((one) =>
      isHarmless(one, table),
    );
    return { conditions: chosen, isVisible: chosen.some((one) => isOfVisible(one, described)) };
  }

  /** Whether it leaves rows of one list only, of which it is known that the reader may see it. */
  function isOfVisible(condition: Resolved, { ownedBy, indexes, primaryKey }: DictionaryTable) {
    if (ownedBy === undefined || condition.kind !== 'binary' || condition.operator !== '=') {
      return false;
    }
    const { left, right } = condition;
    if (left.kind !== 'column' || left.column.name !== ownedBy.key) return false;
    // Servers try equalities first, but what an index alone can answer before they read the row.
    const isIndexed = indexes.every(({ columns }) =>
      [...columns, ...primaryKey].includes(ownedBy.key),
    );
    const key =
      right.kind === 'number' ? right.digits : right.kind === 'string' ? right.value : undefined;
    const token = TOKENS[ownedBy.list];
    return isIndexed && lists.some((list) => list.token === token && list.key === key);
  }
}

/** Column = literal for each column = other column where the other one equals a literal. */
function implied(table: FromTable, conditions: readonly Resolved[]): Resolved[] {
  const equalities = conditions.filter(isEquality);
  return equalities.flatMap((equality) => {
    const [own, other] =
      equality.left.kind === 'column' && equality.left.table === table
        ? [equality.left, equality.right]
        : [equality.right, equality.left];
    if (own.kind !== 'column' || own.table !== table || other.kind !== 'column') return [];
    if (own.type !== other.type || own.column.isAscii !== other.column.isAscii) return [];
    if (own.type === 'text' && !own.column.isAscii) return [];
    return equalities
      .filter(({ left, right }) => isColumn(left, other) && isLiteral(right))
      .map((one) => ({ ...one, left: own }));
  });
}

type Equality = Extract<Resolved, { kind: 'binary' }>;

function isEquality(condition: Resolved): condition is Equality {
  return condition.kind === 'binary' && condition.operator === '=';
}

function isColumn(expression: Resolved, { table, column }: ResolvedColumn): boolean {
  return expression.kind === 'column' && expression.table === table && expression.column === column;
}

function isHarmless(condition: Resolved, table: FromTable): boolean {
  const isOwn = (one: Resolved) => one.kind === 'column' && one.table === table;
  switch (condition.kind) {
    case 'binary':
      if (condition.operator === 'or') {
        return isHarmless(condition.left, table) && isHarmless(condition.right, table);
      }
      return (
        COMPARISONS.includes(condition.operator) &&
        isOwn(condition.left) &&
        isLiteral(condition.right)
      );
    case 'between':
      return isOwn(condition.operand) && isLiteral(condition.low) && isLiteral(condition.high);
    case 'in':
      return isOwn(condition.operand) && condition.values.every(isLiteral);
    default:
      return false;
  }
}

function isLiteral(expression: Resolved): boolean {
  if (expression.kind === 'unary') {
    return expression.operator === '-' && expression.operand.kind === 'number';
  }
  return expression.kind === 'number' || expression.kind === 'string';
}
