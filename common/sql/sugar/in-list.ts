import type { Call, Expression, FromItem, ListToken, Select } from '../ast.ts';
import type { CallContext } from '../resolve/scope.ts';
import { columnAt, nameAt, queryOf, selectAt, tableAt } from './build.ts';
import { listName } from './list-name.ts';
import { ofList } from './list-joins.ts';
import { objectTable, tableArgument } from './object-table.ts';
import { OBJECT_ID } from './tables-in-from.ts';

/** Where the hits are; near several sources of a watchlist an object is more than once. */
const HITS = {
  watchlist: { table: 'watchlist_hits', isOnce: false },
  area: { table: 'area_hits', isOnce: true },
} as const;
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
  const hits = selectAt(
    columnAt(place, alias, id),
    tableAt(object.survey, HITS[token].table, alias, place),
    ofList(token, name, alias, context, list.place),
    place,
  );
  // IN, not EXISTS: the server begins with the hits, which are few, and looks the objects up.
  return {
    kind: 'in',
    isNot: false,
    operand: columnAt(place, object.alias, id),
    values: queryOf(HITS[token].isOnce ? hits : onceEach(hits, id, context.freshAlias())),
    place,
  };
}

/**
 * The same objects, each once: where they may repeat, MariaDB would rather look for hits of every
 * object that the other conditions leave, however many these are.
 */
function onceEach(hits: Select, id: string, alias: string): Select {
  const { place } = hits;
  const query = queryOf({ ...hits, isDistinct: true });
  const from: FromItem = { kind: 'derived', query, alias: nameAt(alias, place), place };
  return selectAt(columnAt(place, alias, id), from, undefined, place);
}
