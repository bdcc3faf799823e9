import type { Survey } from '../../common/config.ts';
import type { Expression, FromItem } from '../../common/sql/ast.ts';

/** Texts by offset. */
export type Lists = ReadonlyMap<number, string>;

/**
 * FROM as a text that reads back as the same: what the boxes' tables become when they are joined.
 *
 * @param lists - Where the boxes name lists, and how they are written: `watchlist:12 AS w`.
 */
export function printFrom(items: readonly FromItem[], lists: Lists, survey: Survey): string {
  return items.map((item) => printItem(item, lists, survey)).join(',\n  ');
}

function printItem(item: FromItem, lists: Lists, survey: Survey): string {
  switch (item.kind) {
    case 'table': {
      const database = item.database?.text;
      const isOther = database !== undefined && database.toLowerCase() !== survey;
      const name = `${isOther ? `${database}.` : ''}${item.name.text}`;
      const alias = item.alias?.text ?? item.name.text;
      return alias === item.name.text ? name : `${name} AS ${alias}`;
    }
    case 'join': {
      const left = printItem(item.left, lists, survey);
      // A table stands at the place of the list that it is there for.
      const list = lists.get(item.right.place.start);
      if (list !== undefined) return `${left}\n  JOIN ${list}`;
      const words = item.join === 'inner' ? 'JOIN' : `${item.join.toUpperCase()} JOIN`;
      const on = item.on === undefined ? '' : ` ON ${printCondition(item.on)}`;
      return `${left}\n  ${words} ${printItem(item.right, lists, survey)}${on}`;
    }
    default:
      throw new Error(`no ${item.kind} comes out of the boxes`);
  }
}

/** Comparisons of columns and constants with AND between: all that joins are made of. */
function printCondition(expression: Expression): string {
  switch (expression.kind) {
    case 'binary': {
      const { left, operator, right } = expression;
      return `${printCondition(left)} ${operator.toUpperCase()} ${printCondition(right)}`;
    }
    case 'column':
      return expression.names.map(({ text }) => text).join('.');
    case 'number':
      return expression.digits;
    case 'string':
      return `'${expression.value.replaceAll("'", "''")}'`;
    default:
      throw new Error(`no ${expression.kind} comes out of the boxes`);
  }
}
