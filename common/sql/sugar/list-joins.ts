import type { Expression, FromItem, Join, ListToken, Name, Place } from '../ast.ts';
import type { ExpansionContext } from '../resolve/scope.ts';
import { allOf, binaryAt, columnAt, numberAt, stringAt, tableAt } from './build.ts';
import { findList } from './find-list.ts';
import { isSameName, sameObject } from './tables-in-from.ts';
import type { Anchor } from './tables-in-from.ts';

/** Where the hits of each kind of list are, and what Lasair's users call them in a query. */
const HITS = {
  watchlist: { table: 'watchlist_hits', key: 'wl_id', numbered: 'wl' },
  area: { table: 'area_hits', key: 'ar_id', numbered: 'ar' },
  annotator: { table: 'annotations', key: 'topic', numbered: undefined },
} as const;

/** One list of FROM: a join to come. */
export interface ListJoin {
  token: ListToken;
  name: Name;
  alias: string;
}

/**
 * What the lists of a FROM are called: `watchlist_hits` and `area_hits` where there is one of the
 * kind, `wl0`, `wl1` ... and `ar0`, `ar1` ... where there are several, annotators by their names.
 *
 * @param taken - Names that other tables of FROM have.
 * @throws {QueryError} if two would be called the same.
 */
export function listJoins(
  tokens: readonly ListToken[],
  taken: readonly string[],
  context: ExpansionContext,
): ListJoin[] {
  const counts = { watchlist: 0, area: 0, annotator: 0 };
  for (const { token, names } of tokens) counts[token] += names.length;
  const seen = { watchlist: 0, area: 0, annotator: 0 };
  const aliases = [...taken];
  const joins: ListJoin[] = [];
  for (const token of tokens) {
    if (token.alias !== undefined && token.names.length > 1) {
      context.refuse(
        `${token.names.length} lists cannot all be called ${token.alias.text}`,
        token.alias.place,
        'write each list by itself to give it a name',
      );
    }
    for (const name of token.names) {
      const { table, numbered } = HITS[token.token];
      const number = seen[token.token]++;
      const usual =
        numbered === undefined
          ? plainName(name.text)
          : counts[token.token] === 1
            ? table
            : `${numbered}${number}`;
      const alias = token.alias?.text ?? usual;
      if (aliases.some((other) => isSameName(other, alias))) {
        context.refuse(
          `two tables of this query would be called ${alias}`,
          name.place,
          `give one another name: ${token.token}:${name.text} AS x`,
        );
      }
      aliases.push(alias);
      joins.push({ token, name, alias });
    }
  }
  return joins;
}

/** The item of FROM joined to the hits of the list, by the objects of the table called `anchor`. */
export function joinList(
  left: FromItem,
  { token, name, alias }: ListJoin,
  anchor: Anchor,
  context: ExpansionContext,
  { join, on }: Pick<Join, 'join' | 'on'> = { join: 'inner' },
): Join {
  const { place } = name;
  const { table } = HITS[token.token];
  const conditions: Expression[] = [ofList(token.token, name.text, alias, context, place)];
  if (on !== undefined) conditions.push(on);
  return {
    kind: 'join',
    join: join === 'left' ? 'left' : 'inner',
    left,
    right: tableAt(anchor.survey, table, alias, place),
    on: allOf(place, sameObject(anchor.survey, anchor.alias, alias, place), ...conditions),
    place,
  };
}

/** That a row of hits is of the list: `wl_id = 12`. */
export function ofList(
  token: ListToken['token'],
  name: string,
  alias: string,
  context: ExpansionContext,
  place: Place,
): Expression {
  const { key } = findList(context, token, name, place);
  const value = token === 'annotator' ? stringAt(key, place) : numberAt(BigInt(key), place);
  return binaryAt('=', columnAt(place, alias, HITS[token].key), value, place);
}

/** An annotator's name as an alias: what is no letter, digit or underscore becomes an underscore. */
function plainName(topic: string): string {
  const plain = topic.replace(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(plain) ? `_${plain}` : plain;
}
