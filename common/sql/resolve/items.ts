import type { Expression, SelectItem } from '../ast.ts';
import { columnAt } from './columns.ts';
import type { FromColumn, Resolved, ResolvedItem } from './resolved.ts';
import { itemName, uniqueNames } from './result-names.ts';
import { tablesNamed } from './scope-of-select.ts';
import type { Reference, Scope } from './scope-of-select.ts';
import { nextColumnName, refuse } from './statement.ts';
import type { Statement } from './statement.ts';
import { isAsciiText, isWideText } from './wide-texts.ts';

/** Columns that a result may have: more than any table here, as many as servers can sort. */
const MOST_COLUMNS = 2_000;

/** An item before its name is made different from the others. */
interface Found {
  expression: Resolved;
  name: string;
  /** As FROM calls the table that it is a column of, where it has no alias. */
  table: string | undefined;
  called: string | undefined;
}

/** The items of SELECT with stars as columns, types and the names of the result. */
export function resolveItems(
  nodes: readonly SelectItem[],
  scope: Scope,
  resolve: (expression: Expression) => Resolved,
): ResolvedItem[] {
  const found: Found[] = [];
  for (const node of nodes) {
    if (node.kind === 'star') {
      for (const one of starColumns(node, scope)) {
        const { name } = one.column;
        const expression = columnAt(one, node.place);
        found.push({ expression, name, table: one.table.alias, called: name });
      }
    } else {
      const expression = resolve(node.expression);
      const isPlain = node.alias === undefined && expression.kind === 'column';
      const { name, called } = itemName(node.expression, node.alias, scope.statement);
      const table = isPlain ? expression.table.alias : undefined;
      found.push({ expression, name, table, called });
    }
    if (found.length > MOST_COLUMNS) {
      refuse(`more than ${MOST_COLUMNS} columns`, node.place, 'name those that you want');
    }
  }
  const names = uniqueNames(found);
  return found.map(({ expression, called }, i) => ({
    expression,
    column: itemColumn(names[i], expression, scope.statement),
    called,
  }));
}

/** What a result says of an item: all that the description says, where it is a plain column. */
function itemColumn(name: string, expression: Resolved, statement: Statement): FromColumn {
  const sqlName = nextColumnName(statement);
  const isAscii = isAsciiText(expression);
  const column: FromColumn = { name, sqlName, isAscii, type: expression.type };
  if (statement.hasWideText && isWideText(expression)) column.isWide = true;
  if (expression.kind !== 'column') return column;
  const { unit, ucd, description, source } = expression.column;
  if (unit !== undefined) column.unit = unit;
  if (ucd !== undefined) column.ucd = ucd;
  if (description !== undefined) column.description = description;
  if (source !== undefined) column.source = source;
  return column;
}

function starColumns(node: Extract<SelectItem, { kind: 'star' }>, scope: Scope): Reference[] {
  const { namespace } = scope;
  if (namespace.tables.length === 0) {
    refuse('* has no table to stand for', node.place, 'write FROM objects behind it');
  }
  if (node.table === undefined) return namespace.star();
  const tables = tablesNamed(namespace, [node.table]);
  if (tables.length === 0) {
    const names = namespace.tables.map(({ alias }) => alias).join(', ');
    refuse(`no table ${node.table.text} in FROM`, node.table.place, `there are ${names}`);
  }
  if (tables.length > 1) {
    refuse(
      `${tables.length} tables are called ${node.table.text}`,
      node.place,
      'give them aliases',
    );
  }
  return tables[0].columns.map((column) => ({ table: tables[0], column }));
}
