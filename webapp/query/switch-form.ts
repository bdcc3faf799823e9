import type { Survey } from '../../common/config.ts';
import type { Expression, FromItem, Query, Select } from '../../common/sql/ast.ts';
import type { QuerySource } from '../../common/sql/compile.ts';
import { parseQuery } from '../../common/sql/parse-query.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import { expandFromTokens } from '../../common/sql/sugar/from-tokens.ts';
import { isSameName, OBJECT_ID, tablesIn } from '../../common/sql/sugar/tables-in-from.ts';
import { printFrom } from './print-from.ts';
import type { Lists } from './print-from.ts';

type Boxes = Extract<QuerySource, { kind: 'boxes' }>;

/**
 * The statement that the three boxes are: what is selected and asked is left as it was written, the
 * tables are joined in words.
 *
 * @throws {QueryError} if the boxes are no query.
 */
export function statementOfBoxes(boxes: Boxes, survey: Survey, now: Date): string {
  const { query, references } = parseQuery(boxes);
  if (query.body.kind !== 'select') throw new Error('the boxes are always one SELECT');
  let aliases = 0;
  const { select } = expandFromTokens(query.body, query.orderBy, {
    survey,
    now,
    // Whether the reader may use them is seen when the query runs: they are written as they were.
    lists: references.map((reference) => ({ ...reference, key: '0' })),
    fields: {},
    isBoxes: true,
    isOutermost: true,
    isForBatches: false,
    freshAlias: () => `t${++aliases}`,
    refuse: (problem, place, advice) => {
      throw new QueryError(problem, place, advice);
    },
  });
  const conditions = boxes.conditions.trim();
  const hasWord = query.body.where === undefined || /^where\b/i.test(conditions);
  return [
    `SELECT ${boxes.selected.trim()}`,
    `FROM ${printFrom(select.from, listsOf(query.body, boxes.tables), survey)}`,
    ...(conditions === '' ? [] : [hasWord ? conditions : `WHERE ${conditions}`]),
  ].join('\n');
}

/**
 * The three boxes that are the same query as a statement; undefined where boxes cannot say it: they
 * have no UNION, and all their tables are joined to objects.
 *
 * @throws {QueryError} if the statement is no query.
 */
export function boxesOfStatement(text: string, survey: Survey): Boxes | undefined {
  const { query } = parseQuery({ kind: 'statement', text });
  const { body } = query;
  if (body.kind !== 'select' || body.from.length === 0) return undefined;
  const tables = boxTables(body, survey);
  const rest = textAfterFrom(text, query, body);
  if (tables === undefined || rest === undefined) return undefined;
  const [first, last] = [body.items[0], body.items[body.items.length - 1]];
  const selected = text.slice(first.place.start, last.place.end);
  const boxes: Boxes = {
    kind: 'boxes',
    selected: body.isDistinct ? `DISTINCT ${selected}` : selected,
    tables: tables
      .map(({ place }) => text.slice(place.start, place.end).replace(/\s+/g, ' '))
      .join(', '),
    conditions: rest,
  };
  return isQuery(boxes) ? boxes : undefined;
}

/** Tables and lists of a FROM that the boxes would join in the same way. */
function boxTables(select: Select, survey: Survey): FromItem[] | undefined {
  const tables: FromItem[] = [];
  const links: Expression[] = select.where === undefined ? [] : conjuncts(select.where);
  const needLink: string[] = [];
  const key = OBJECT_ID[survey];
  for (const item of select.from) {
    const parts = chain(item);
    if (parts === undefined) return undefined;
    for (const { table, on, using } of parts) {
      tables.push(table);
      if (on !== undefined) links.push(...conjuncts(on));
      const isLinked = using?.length === 1 && isSameName(using[0], key);
      if (table.kind === 'table' && !isLinked) needLink.push(aliasOf(table));
    }
  }
  const named = tables.flatMap((item) => tablesIn(item, survey));
  const objects = named.find(({ table }) => table?.database === survey && table.name === 'objects');
  if (objects === undefined) return undefined;
  const isLinked = (alias: string) => links.some((link) => joinsObjects(link, alias, key));
  const others = needLink.filter((alias) => alias !== objects.alias);
  return others.every(isLinked) && !hasOtherLinks(select.from, key) ? tables : undefined;
}

/** The lists that the boxes name, each by itself, as they are written there. */
function listsOf({ from }: Select, text: string): Lists {
  return new Map(
    from.flatMap((item) =>
      item.kind !== 'token'
        ? []
        : item.names.map(({ place }): [number, string] => {
            const name = text.slice(place.start, place.end);
            const alias = item.alias === undefined ? '' : ` AS ${item.alias.text}`;
            return [place.start, `${item.token}:${name}${alias}`];
          }),
    ),
  );
}

interface ChainPart {
  table: FromItem;
  on?: Expression;
  using?: string[];
}

/** A chain of inner joins as the tables in it; undefined for anything else. */
function chain(item: FromItem): ChainPart[] | undefined {
  if (item.kind === 'derived') return undefined;
  if (item.kind !== 'join') return [{ table: item }];
  if (item.join !== 'inner' || item.right.kind === 'join' || item.right.kind === 'derived') {
    return undefined;
  }
  const left = chain(item.left);
  const using = item.using?.map(({ text }) => text);
  return left && [...left, { table: item.right, on: item.on, using }];
}

/** Whether a join says more than that both sides are the same object. */
function hasOtherLinks(from: readonly FromItem[], key: string): boolean {
  return from.some((item) => {
    if (item.kind !== 'join') return false;
    const isMore =
      item.on !== undefined && !conjuncts(item.on).every((each) => isObjectLink(each, key));
    return isMore || hasOtherLinks([item.left], key);
  });
}

function conjuncts(expression: Expression): Expression[] {
  return expression.kind === 'binary' && expression.operator === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];
}

function joinsObjects(expression: Expression, alias: string, key: string): boolean {
  if (!isObjectLink(expression, key) || expression.kind !== 'binary') return false;
  return [expression.left, expression.right].some(
    (side) => side.kind === 'column' && isSameName(side.names.at(-2)?.text ?? '', alias),
  );
}

function isObjectLink(expression: Expression, key: string): boolean {
  if (expression.kind !== 'binary' || expression.operator !== '=') return false;
  return [expression.left, expression.right].every(
    (side) => side.kind === 'column' && isSameName(side.names.at(-1)?.text ?? '', key),
  );
}

function aliasOf(item: FromItem & { kind: 'table' }): string {
  return (item.alias ?? item.name).text;
}

/** What the box of conditions holds: everything behind FROM, without the word WHERE. */
function textAfterFrom(text: string, query: Query, select: Select): string | undefined {
  const end = Math.max(...select.from.map((item) => endOf(item)));
  const rest = text.slice(end).trim().replace(/;$/, '').trim();
  if (select.where !== undefined) {
    return /^where\b/i.test(rest) ? rest.replace(/^where\s*/i, '') : undefined;
  }
  const isFitting = rest === '' || /^(group|having|order|limit)\b/i.test(rest);
  return isFitting && query.body === select ? rest : undefined;
}

function endOf(item: FromItem): number {
  return item.kind === 'join' ? Math.max(item.place.end, endOf(item.right)) : item.place.end;
}

function isQuery(boxes: Boxes): boolean {
  try {
    parseQuery(boxes);
    return true;
  } catch (err) {
    if (err instanceof QueryError) return false;
    throw err;
  }
}
