import type { Survey } from '../../config.ts';
import type { Expression, FromItem, OrderItem, Place, Select, TableItem } from '../ast.ts';
import { findTable } from '../dictionary.ts';
import type { ExpansionContext } from '../resolve/scope.ts';
import { binaryAt, columnAt, nameAt } from './build.ts';
import { qualifiersIn } from './rewrite-columns.ts';
import { isSameName, OBJECT_ID, objectIdOf, sameObject, tablesIn } from './tables-in-from.ts';
import type { Anchor, TableInFrom } from './tables-in-from.ts';

/** The table of each survey that says which objects of the other survey its objects are. */
const OTHER_SURVEY: Readonly<Record<Survey, string>> = {
  ztf: 'crossmatch_lsst',
  lsst: 'crossmatch_ztf',
};
/** Which objects the entries of the Transient Name Server are. */
const TNS_MATCHES = 'tns_matches';
const TNS_NAME = 'tns_name';

/**
 * The tables of the boxes in one chain of joins that begins with `objects`: those of FROM, and those
 * that are only named in columns, such as sherlock_classifications.z.
 *
 * @param from - With the lists joined already.
 * @param aliases - What is called how in FROM.
 * @throws {QueryError} if a table cannot be joined to objects.
 */
export function joinBoxTables(
  from: readonly FromItem[],
  { select, orderBy }: { select: Select; orderBy: OrderItem[] },
  anchor: Anchor,
  aliases: readonly string[],
  context: ExpansionContext,
): FromItem[] {
  const { survey } = anchor;
  const isChain = (item: FromItem) =>
    tablesIn(item, survey).some(({ alias }) => isSameName(alias, anchor.alias));
  const chain = from.find(isChain);
  if (chain === undefined) return [...from];
  const others = from.filter((item) => item !== chain);
  const named = namedInColumns(select, orderBy, aliases, survey);
  // Derived tables stay between commas: what joins them stands in the conditions.
  const derived = others.filter((item) => item.kind === 'derived');
  let joined = chain;
  for (const item of [...others.filter((other) => other.kind !== 'derived'), ...named]) {
    joined = joinItem(joined, item, [...others, ...named], anchor, context);
  }
  return [joined, ...derived];
}

/** Tables that have a column in the query and are not in FROM. */
function namedInColumns(
  select: Select,
  orderBy: OrderItem[],
  aliases: readonly string[],
  survey: Survey,
): TableItem[] {
  const place = select.from[0]?.place ?? select.place;
  return qualifiersIn(select, orderBy)
    .filter((name) => !aliases.some((alias) => isSameName(alias, name)))
    .filter((name) => !isSameName(name, 'objects'))
    .filter((name) => findTable(survey, name) !== undefined)
    .map((name) => ({ kind: 'table', name: nameAt(name, place), place }));
}

function joinItem(
  left: FromItem,
  item: FromItem,
  others: readonly FromItem[],
  anchor: Anchor,
  context: ExpansionContext,
): FromItem {
  const { survey } = anchor;
  const tables = tablesIn(item, survey);
  const { place } = item;
  const own = tables.find(
    ({ table }) => table?.database === survey && objectIdOf(table) !== undefined,
  );
  if (own !== undefined) {
    return joinOn(left, item, sameObject(survey, anchor.alias, own.alias, place), place);
  }
  const tns = tables.find(({ table }) => table?.name === 'crossmatch_tns');
  if (tns !== undefined) {
    const { alias, chain } = through(left, TNS_MATCHES, others, anchor, place);
    return joinOn(chain, item, sameColumn(TNS_NAME, alias, tns.alias, place), place);
  }
  const foreign = tables.find(({ table }) => objectIdOf(table) !== undefined);
  if (foreign?.table !== undefined && foreign.table.database !== 'glint') {
    const { alias, chain } = through(left, OTHER_SURVEY[survey], others, anchor, place);
    const id = OBJECT_ID[foreign.table.database];
    return joinOn(chain, item, sameColumn(id, alias, foreign.alias, place), place);
  }
  const unlinked = tables.find(({ table }) => table !== undefined);
  if (unlinked !== undefined) refuseUnlinked(unlinked, survey, context);
  // A table that nobody knows: whoever resolves names says so.
  return joinOn(left, item, undefined, place);
}

/** The chain with a table between, unless the user has put it there, and what it is called. */
function through(
  left: FromItem,
  between: string,
  others: readonly FromItem[],
  anchor: Anchor,
  place: Place,
): { alias: string; chain: FromItem } {
  const present = [left, ...others]
    .flatMap((item) => tablesIn(item, anchor.survey))
    .find(({ table }) => table?.database === anchor.survey && table.name === between);
  const isJoined = tablesIn(left, anchor.survey).some(({ item }) => item === present?.item);
  if (present !== undefined && isJoined) return { alias: present.alias, chain: left };
  const item = present?.item ?? ({ kind: 'table', name: nameAt(between, place), place } as const);
  const alias = present?.alias ?? between;
  const on = sameObject(anchor.survey, anchor.alias, alias, place);
  return { alias, chain: joinOn(left, item, on, place) };
}

function joinOn(
  left: FromItem,
  right: FromItem,
  on: Expression | undefined,
  place: Place,
): FromItem {
  // It may have come into the chain before, as the table between.
  if (isIn(left, right)) return left;
  return on === undefined
    ? { kind: 'join', join: 'cross', left, right, place }
    : { kind: 'join', join: 'inner', left, right, on, place };
}

function isIn(chain: FromItem, item: FromItem): boolean {
  return (
    chain === item || (chain.kind === 'join' && (isIn(chain.left, item) || isIn(chain.right, item)))
  );
}

function sameColumn(name: string, left: string, right: string, place: Place): Expression {
  return binaryAt('=', columnAt(place, left, name), columnAt(place, right, name), place);
}

function refuseUnlinked({ item }: TableInFrom, survey: Survey, context: ExpansionContext): never {
  return context.refuse(
    `${item.name.text} has no ${OBJECT_ID[survey]} to join it to objects by`,
    item.name.place,
    'write a whole SELECT with JOIN and ON',
  );
}
