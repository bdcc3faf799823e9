import type { Call, Expression, ListToken } from '../ast.ts';
import type { CallContext } from '../resolve/scope.ts';
import { columnAt, queryAt, tableAt } from './build.ts';
import { listName } from './list-name.ts';
import { ofList } from './list-joins.ts';
import { objectTable, tableArgument } from './object-table.ts';
import { OBJECT_ID } from './tables-in-from.ts';

const TABLES = { watchlist: 'watchlist_hits', area: 'area_hits' } as const;
const USAGE = {
  watchlist: "in_watchlist(12) or in_watchlist('my galaxies')",
  area: "in_watchmap(3) or in_watchmap('my field')",
} as const;

/**
 * in_watchlist('name or number') and in_watchmap(...), with a table before it where FROM has several:
 * whether the object is among the hits of the list. However many hits there are, the row counts once.
 *
 * @throws {QueryError} if there is no such list for the reader.
 */
export function expandInList(
  token: Exclude<ListToken['token'], 'annotator'>,
  call: Call,
  context: CallContext,
): Expression {
  const { place } = call;
  const list = call.arguments.at(-1);
  const name = list === undefined ? undefined : listName(list);
  const table = call.arguments.length === 2 ? tableArgument(call.arguments[0]) : undefined;
  const isUsual = call.arguments.length === (table === undefined ? 1 : 2);
  if (list === undefined || name === undefined || !isUsual) {
    context.refuse(
      `${call.name.text}() takes the number or the name of one list`,
      list?.place ?? place,
      USAGE[token],
    );
  }
  const object = objectTable(`${call.name.text}()`, table, context, place);
  const alias = context.freshAlias();
  const id = OBJECT_ID[object.survey];
  // IN, not EXISTS: the server begins with the hits, which are few, and looks the objects up.
  return {
    kind: 'in',
    isNot: false,
    operand: columnAt(place, object.alias, id),
    values: queryAt(
      columnAt(place, alias, id),
      tableAt(object.survey, TABLES[token], alias, place),
      ofList(token, name, alias, context, list.place),
      place,
    ),
    place,
  };
}
