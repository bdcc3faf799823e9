import { findTable } from '../../../common/sql/dictionary.ts';
import { createRandom, integer } from '../../../ingest/simulate/random.ts';
import type { Random } from '../../../ingest/simulate/random.ts';
import { chance, column, condition, expressionOf, pick } from './generate-expressions.ts';
import type { Kind, Place, Visible } from './generate-expressions.ts';
import { rareShape } from './generate-shapes.ts';

/** A query that MariaDB runs as it stands over the broker's own tables. */
export interface GeneratedQuery {
  text: string;
  /** Whether every order of the rows but one would be wrong. */
  isOrdered: boolean;
}

/** Columns that the nasty rows fill, by table. */
export const GENERATED_TABLES: Readonly<Record<string, { name: string; kind: Kind }[]>> = {
  objects: columns(
    'objectId:ascii ncand:number gmag:number rmag:number ramean:number hpx29:id sherlock_classification:ascii ssnamenr:text',
  ),
  candidates: columns('candid:id objectId:ascii jd:number fid:number magpsf:number'),
  crossmatch_tns: columns(
    'id:id tns_name:ascii disc_mag:number type:text host_name:text disc_date:time z:number',
  ),
  sherlock_classifications: columns(
    'objectId:ascii classification:ascii summary:text z:number separationArcsec:number',
  ),
};

function columns(notation: string): { name: string; kind: Kind }[] {
  return notation.split(' ').map((word) => {
    const [name, kind] = word.split(':');
    return { name, kind: kind as Kind };
  });
}

/** Queries without end, the same ones for the same seed. */
export function* generateQueries(seed: number): Generator<GeneratedQuery, never, void> {
  for (let n = 0; ; n++) yield generateQuery(createRandom(seed, n));
}

export interface Maker {
  random: Random;
  aliasCount: number;
}

function generateQuery(random: Random): GeneratedQuery {
  const maker = { random, aliasCount: 0 };
  if (chance(random, 15)) return rareShape(maker);
  if (chance(random, 12)) return union(maker);
  if (chance(random, 25)) return { text: grouped(maker), isOrdered: false };
  return plain(maker);
}

const TOP: Pick<Place, 'outer'> = { outer: [] };

export function placeIn(maker: Maker, tables: Visible[], outer: Visible[], depth: number): Place {
  return { random: maker.random, tables, outer, depth, subquery: subqueryMaker(maker) };
}

/** FROM with one to three tables. */
export function from(maker: Maker, depth: number): { text: string; tables: Visible[] } {
  const { random } = maker;
  const first = item(maker, depth);
  let { text } = first;
  const tables = [...first.tables];
  const more = chance(random, 45) ? 1 + integer(random, 2) : 0;
  for (let i = 0; i < more; i++) {
    const next = item(maker, depth);
    const together = placeIn(maker, [...tables, ...next.tables], TOP.outer, 1);
    const on = chance(random, 70) ? equality(tables, next.tables[0]) : undefined;
    const words = on ?? condition({ ...together, subquery: undefined });
    const join = pick(random, ['JOIN', 'INNER JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'LEFT OUTER JOIN']);
    if (on !== undefined && tables.length === 1 && chance(random, 30)) {
      text = `${text} ${join} ${next.text} USING (objectId)`;
    } else if (chance(random, 15)) text = `${text} CROSS JOIN ${next.text}`;
    else text = `${text} ${join} ${next.text} ON ${words}`;
    tables.push(...next.tables);
  }
  if (!chance(random, 15)) return { text, tables };
  const last = item(maker, depth);
  return { text: `${text}, ${last.text}`, tables: [...tables, ...last.tables] };
}

function item(maker: Maker, depth: number): { text: string; tables: Visible[] } {
  const { random } = maker;
  maker.aliasCount += 1;
  const alias = `t${maker.aliasCount}`;
  if (depth > 0 && chance(random, 15)) {
    const kinds = [pick(random, ['number', 'ascii', 'text'] as const), 'number' as const];
    const inner = from(maker, 0);
    const place = placeIn(maker, inner.tables, [], 1);
    const items = kinds.map((kind, i) => `${expressionOf(kind, place)} AS d${i}`);
    const where = chance(random, 50) ? ` WHERE ${condition(place)}` : '';
    const text = `(SELECT ${items.join(', ')} FROM ${inner.text}${where}) AS ${alias}`;
    const named = kinds.map((kind, i) => ({ name: `d${i}`, kind }));
    return { text, tables: [{ alias, columns: named, names: new Set(['d0', 'd1']) }] };
  }
  const table = pick(random, Object.keys(GENERATED_TABLES));
  const text = `ztf.${table} ${chance(random, 50) ? 'AS ' : ''}${alias}`;
  return { text, tables: [visible(alias, table)] };
}

function visible(alias: string, table: string): Visible {
  const names = new Set(findTable('ztf', table)?.byName.keys());
  return { alias, columns: GENERATED_TABLES[table], names };
}

/** That the new table is of the same object as one before it. */
function equality(before: readonly Visible[], next: Visible): string | undefined {
  const hasObject = (table: Visible) => table.columns.some(({ name }) => name === 'objectId');
  const other = before.find(hasObject);
  if (other === undefined || !hasObject(next)) return undefined;
  return `${other.alias}.objectId = ${next.alias}.objectId`;
}

/** Sub-queries over one table of their own. */
function subqueryMaker(maker: Maker): Place['subquery'] {
  return (place, what, kind) => {
    const { random } = maker;
    maker.aliasCount += 1;
    const alias = `s${maker.aliasCount}`;
    const table = pick(random, Object.keys(GENERATED_TABLES));
    const tables = [visible(alias, table)];
    const outer = [...place.tables, ...place.outer];
    const inner: Place = { random, tables, outer, depth: place.depth - 1, subquery: undefined };
    const where = chance(random, 80) ? ` WHERE ${condition(inner)}` : '';
    const rest = `FROM ztf.${table} ${alias}${where}`;
    if (what === 'any') return `SELECT ${pick(random, ['1', '*', `${alias}.*`])} ${rest}`;
    if (what === 'set') return `SELECT ${expressionOf(kind, inner)} ${rest}`;
    const own = column('number', { ...inner, outer: [] }) ?? '1';
    return `(SELECT ${pick(random, ['MAX', 'MIN', 'COUNT', 'SUM', 'AVG'])}(${own}) ${rest})`;
  };
}

function plain(maker: Maker): GeneratedQuery {
  const { random } = maker;
  const { text: tables, tables: visible } = from(maker, 1);
  const place = placeIn(maker, visible, [], 3);
  const where = chance(random, 70) ? ` WHERE ${condition(place)}` : '';
  if (chance(random, 15)) {
    const star = chance(random, 50) ? '*' : `${pick(random, visible).alias}.*`;
    return { text: `SELECT ${star} FROM ${tables}${where}`, isOrdered: false };
  }
  const kinds = Array.from({ length: 1 + integer(random, 4) }, () =>
    pick(random, ['number', 'number', 'id', 'ascii', 'text', 'time'] as const),
  );
  const items = kinds.map((kind, i) => {
    const expression = expressionOf(kind, place);
    // Some names hide columns of FROM, in ORDER BY and HAVING.
    return chance(random, 60)
      ? `${expression} AS ${pick(random, [`a${i}`, i === 0 ? 'gmag' : `a${i}`])}`
      : expression;
  });
  // Rows of a sub-query have no key to order them by; and where they are missing MariaDB takes
  // constants in them for what they are.
  const hasKeys = visible.every(({ names }) => !names.has('d0'));
  if (hasKeys && chance(random, 12)) items.push(`${windowed(place, visible)} AS w`);
  const distinct = chance(random, 15) ? 'DISTINCT ' : '';
  const select = `SELECT ${distinct}${items.join(', ')} FROM ${tables}${where}`;
  const positions = items.map((_, i) => `${i + 1}${chance(random, 30) ? ' DESC' : ''}`).join(', ');
  // Texts that compare as equal may differ: only numbers make one order.
  const isNumeric = kinds.every((kind) => kind === 'number' || kind === 'id');
  if (isNumeric && items[0].endsWith(' AS gmag') && distinct === '') {
    const first = `${chance(random, 50) ? '- ' : ''}gmag`;
    return { text: `${select} ORDER BY ${first}, ${positions}`, isOrdered: true };
  }
  if (isNumeric && chance(random, 40)) {
    const limit = ` LIMIT ${integer(random, 6)}${chance(random, 50) ? ` OFFSET ${integer(random, 4)}` : ''}`;
    return {
      text: `${select} ORDER BY ${positions}${chance(random, 70) ? limit : ''}`,
      isOrdered: true,
    };
  }
  if (distinct === '' && chance(random, 20)) {
    return { text: `${select} ORDER BY (${expressionOf('number', place)}) + 0`, isOrdered: false };
  }
  return { text: select, isOrdered: false };
}

/** A function over a window whose order leaves nothing open. */
function windowed(place: Place, visible: readonly Visible[]): string {
  const { random } = place;
  const flat: Place = { ...place, depth: 1, subquery: undefined };
  const order = visible.flatMap((table) =>
    table.columns.map(({ name }) => `${table.alias}.${name}${chance(random, 30) ? ' DESC' : ''}`),
  );
  const partition = chance(random, 50) ? `PARTITION BY ${expressionOf('number', flat)} ` : '';
  const called = pick(random, [
    'ROW_NUMBER()',
    'DENSE_RANK()',
    `LAG(${expressionOf('number', flat)})`,
    `SUM(${column('number', flat) ?? '1'})`,
    `COUNT(*)`,
    `FIRST_VALUE(${expressionOf('number', flat)})`,
    `MAX(${expressionOf('number', flat)})`,
  ]);
  return `${called} OVER (${partition}ORDER BY ${order.join(', ')})`;
}

function grouped(maker: Maker): string {
  const { random } = maker;
  const { text: tables, tables: visible } = from(maker, 1);
  const place = placeIn(maker, visible, [], 2);
  const flat: Place = { ...place, depth: 1, subquery: undefined };
  const where = chance(random, 60) ? ` WHERE ${condition(place)}` : '';
  const keys = Array.from({ length: integer(random, 3) }, () => groupKey(flat));
  const aggregates = Array.from({ length: 1 + integer(random, 3) }, () => aggregate(flat));
  const hiding = chance(random, 20) ? 'gmag' : 'k0';
  const names = keys.map((_, i) => (i === 0 ? hiding : `k${i}`));
  const items = [
    ...keys.map((key, i) => `${key} AS ${names[i]}`),
    ...aggregates.map((one, i) => `${one} AS a${i}`),
  ];
  const groupBy = keys.map((key, i) =>
    pick(random, [key, names[i] === 'gmag' ? key : names[i], String(i + 1)]),
  );
  const having = pick(random, [
    '',
    '',
    ` HAVING a0 > ${expressionOf('number', { ...flat, tables: [], depth: 0 })}`,
    ` HAVING ${aggregate(flat)} IS NOT NULL AND COUNT(*) > 1`,
    keys.length > 0 ? ` HAVING ${names[0]} IS NOT NULL` : '',
  ]);
  const order = chance(random, 40) ? ` ORDER BY ${pick(random, ['a0', 'COUNT(*) DESC', '1'])}` : '';
  const by = keys.length > 0 ? ` GROUP BY ${groupBy.join(', ')}` : '';
  return `SELECT ${items.join(', ')} FROM ${tables}${where}${by}${having}${order}`;
}

/** Texts that count as one may be shown as any of them: names and numbers only. */
function groupKey(place: Place): string {
  const { random } = place;
  const found = column(pick(random, ['ascii', 'number', 'id'] as const), place);
  if (found !== undefined && chance(random, 70)) return found;
  const number = column('number', place);
  return number === undefined ? 'NULL' : `FLOOR(${number} / 2)`;
}

function aggregate(place: Place): string {
  const { random } = place;
  const number = () => expressionOf('number', place);
  switch (integer(random, 7)) {
    case 0:
      return 'COUNT(*)';
    case 1:
      return `COUNT(DISTINCT ${number()})`;
    case 2:
      return `${pick(random, ['MIN', 'MAX'])}(${column('ascii', place) ?? number()})`;
    case 3:
      return `SUM(${column('number', place) ?? '1'})`;
    case 4:
      return `AVG(${column('number', place) ?? '1'})`;
    case 5:
      return `COUNT(${number()}) + MAX(${number()})`;
    default:
      return `${pick(random, ['MIN', 'MAX'])}(${number()})`;
  }
}

function union(maker: Maker): GeneratedQuery {
  const { random } = maker;
  const kinds = Array.from({ length: 1 + integer(random, 2) }, () =>
    pick(random, ['number', 'number', 'ascii'] as const),
  );
  const members = Array.from({ length: 2 + integer(random, 2) }, () => {
    const { text, tables } = from(maker, 0);
    const place = placeIn(maker, tables, [], 1);
    const items = kinds.map((kind, i) => `${expressionOf(kind, place)} AS u${i}`);
    return `(SELECT ${items.join(', ')} FROM ${text} WHERE ${condition(place)})`;
  });
  const text = members.reduce(
    (all, one) => `${all} ${pick(random, ['UNION', 'UNION ALL'])} ${one}`,
  );
  if (kinds.includes('ascii') || chance(random, 50)) return { text, isOrdered: false };
  const positions = kinds.map((_, i) => i + 1).join(', ');
  return { text: `${text} ORDER BY ${positions} LIMIT ${integer(random, 8)}`, isOrdered: true };
}
