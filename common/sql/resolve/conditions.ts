import { conjuncts } from './grouping.ts';
import type { Resolved, ResolvedFrom, ResolvedSelect } from './resolved.ts';

const COMPARISONS: readonly string[] = ['=', '<=>', '<>', '<', '<=', '>', '>='];

/**
 * Notes, for each table of a SELECT, the columns that conditions of WHERE and ON compare with
 * something: what an index could serve. For the words about a query that takes too long.
 */
export function noteConditions({ from, where }: Pick<ResolvedSelect, 'from' | 'where'>): void {
  const all = [...conjuncts(where), ...from.flatMap(conditionsOfJoins)];
  for (const condition of all) operandsOf(condition).forEach(noteColumns);
}

function conditionsOfJoins(from: ResolvedFrom): Resolved[] {
  if (from.kind !== 'join') return [];
  return [...conjuncts(from.on), ...conditionsOfJoins(from.left), ...conditionsOfJoins(from.right)];
}

function operandsOf(condition: Resolved): Resolved[] {
  switch (condition.kind) {
    case 'binary':
      return COMPARISONS.includes(condition.operator) ? [condition.left, condition.right] : [];
    case 'between':
      return [condition.operand, condition.low, condition.high];
    case 'in':
      return [condition.operand, ...condition.values];
    case 'in-query':
    case 'like':
    case 'is':
      return [condition.operand];
    default:
      return [];
  }
}

/** The columns that stand in an operand, also within sums and calls. */
function noteColumns(operand: Resolved): void {
  switch (operand.kind) {
    case 'column':
      operand.table.compared.add(operand.column.name);
      break;
    case 'binary':
      noteColumns(operand.left);
      noteColumns(operand.right);
      break;
    case 'unary':
    case 'cast':
    case 'wide':
      noteColumns(operand.operand);
      break;
    case 'call':
      operand.arguments.forEach(noteColumns);
      break;
    default:
  }
}
