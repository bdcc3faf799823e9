import type { FromItem, Query, Select } from './ast.ts';
import type { ListReference, ParsedQuery, QuerySource } from './compile.ts';
import { checkDepth } from './depth.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import {
  accept,
  createCursor,
  expectEnd,
  isAt,
  parseList,
  peek,
  placeOf,
  refuse,
} from './parser/cursor.ts';
import type { Cursor, Tally } from './parser/cursor.ts';
import { parseExpression } from './parser/expressions.ts';
import { parseTable } from './parser/from-items.ts';
import {
  parseDistinct,
  parseGroups,
  parseItems,
  parseLimit,
  parseOrderBy,
  parseQuery as parseWhole,
} from './parser/queries.ts';
import { QueryError } from './query-error.ts';

/**
 * The tree of a query, from its text alone: nothing is looked up, so names may still be wrong. Takes
 * time in proportion to the length of the text.
 *
 * From the three boxes it makes SELECT selected FROM tables WHERE conditions: `selected` is what
 * stands after SELECT, `tables` names of tables and lists with commas between (blank: objects), and
 * `conditions` anything that follows WHERE, or only an ORDER BY. The tables that Lasair joins by
 * itself are not joined here.
 *
 * @throws {QueryError} at the first word, from the left, that cannot stand where it does.
 */
export function parseQuery(source: QuerySource): ParsedQuery {
  checkLength(source);
  const tally: Tally = { tables: 0, selects: 0, references: [] };
  const query =
    source.kind === 'statement' ? parseStatement(source.text, tally) : parseBoxes(source, tally);
  checkDepth(query);
  return { query, source, references: distinct(tally.references) };
}

function parseStatement(text: string, tally: Tally): Query {
  const cursor = createCursor(text, 'statement', tally);
  const query = parseWhole(cursor);
  expectEnd(cursor, expectedAtEnd(query));
  return query;
}

function expectedAtEnd({ body, orderBy, limit }: Query): string {
  if (limit !== undefined) return 'the end after LIMIT';
  if (orderBy.length > 0) return 'a comma, ASC, DESC, LIMIT or the end';
  if (body.kind !== 'select') return 'UNION, ORDER BY, LIMIT or the end';
  if (body.having !== undefined) return 'AND, OR, ORDER BY, LIMIT or the end';
  if (body.groupBy.length > 0) return 'a comma, HAVING, ORDER BY, LIMIT or the end';
  if (body.where !== undefined) return 'AND, OR, GROUP BY, ORDER BY, LIMIT or the end';
  if (body.from.length > 0) return 'a comma, JOIN, WHERE, GROUP BY, ORDER BY, LIMIT or the end';
  return 'a comma, FROM or the end';
}

/** What the conditions may begin with where nothing is asked of the rows. */
const AFTER_WHERE = ['GROUP', 'HAVING', 'ORDER', 'LIMIT'];

type Boxes = Extract<QuerySource, { kind: 'boxes' }>;

function parseBoxes(source: Boxes, tally: Tally): Query {
  const place = { part: 'selected' as const, start: 0, end: source.selected.length };
  const selected = parseSelected(source.selected, tally);
  const select: Select = {
    kind: 'select',
    ...selected,
    from: parseTables(source.tables, tally),
    groupBy: [],
    place,
  };
  const cursor = createCursor(source.conditions, 'conditions', tally);
  const isWhere = accept(cursor, 'WHERE') !== undefined;
  const first = peek(cursor);
  if (isWhere || !(first.kind === 'end' || AFTER_WHERE.includes(first.word)))
    select.where = parseExpression(cursor);
  parseGroups(cursor, select);
  const orderBy = parseOrderBy(cursor);
  const { limit, offset } = parseLimit(cursor);
  if (isAt(cursor, 'UNION'))
    throw refuse(
      cursor,
      peek(cursor),
      'UNION cannot stand in the conditions',
      'write the query as a whole statement',
    );
  expectEnd(
    cursor,
    orderBy.length > 0 ? 'a comma, ASC, DESC, LIMIT or the end' : 'AND, OR, ORDER BY or the end',
  );
  return { kind: 'query', body: select, orderBy, limit, offset, place };
}

function parseSelected(text: string, tally: Tally): Pick<Select, 'isDistinct' | 'items'> {
  const cursor = createCursor(text, 'selected', tally);
  const first = peek(cursor);
  if (first.kind === 'end')
    throw new QueryError('nothing is selected', placeOf(cursor, first), 'write * for all columns');
  if (first.word === 'SELECT')
    throw refuse(cursor, first, 'SELECT is there already', 'write only what is selected');
  const isDistinct = parseDistinct(cursor);
  const items = parseItems(cursor);
  if (isAt(cursor, 'FROM'))
    throw refuse(cursor, peek(cursor), 'FROM has a field of its own', 'write the tables there');
  expectEnd(cursor, 'a comma or the end');
  return { isDistinct, items };
}

function parseTables(text: string, tally: Tally): FromItem[] {
  const cursor = createCursor(text, 'tables', tally);
  if (peek(cursor).kind === 'end') {
    const place = placeOf(cursor, peek(cursor));
    return [{ kind: 'table', name: { text: 'objects', place }, place }];
  }
  accept(cursor, 'FROM');
  const items = parseList(cursor, parseBoxTable);
  if (['JOIN', 'INNER', 'LEFT', 'RIGHT', 'CROSS'].includes(peek(cursor).word))
    throw refuse(
      cursor,
      peek(cursor),
      'joins cannot stand among the tables',
      'write commas: they are joined by the object; or write the query as a whole statement',
    );
  expectEnd(cursor, 'a comma or the end');
  return items;
}

function parseBoxTable(cursor: Cursor): FromItem {
  if (isAt(cursor, '('))
    throw refuse(
      cursor,
      peek(cursor),
      'brackets cannot stand among the tables',
      'write the query as a whole statement',
    );
  return parseTable(cursor);
}

function checkLength(source: QuerySource): void {
  const texts =
    source.kind === 'statement'
      ? [source.text]
      : [source.selected, source.tables, source.conditions];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_TEXT_BYTES)
    throw new QueryError(
      `the query has ${bytes} bytes`,
      undefined,
      `at most ${MAX_TEXT_BYTES} are allowed`,
    );
}

function distinct(references: ListReference[]): ListReference[] {
  return [...new Map(references.map((each) => [`${each.token}:${each.name}`, each])).values()];
}
