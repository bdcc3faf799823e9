import { integer } from '../../../ingest/simulate/random.ts';
import { chance, column, condition, expressionOf, pick } from './generate-expressions.ts';
import type { Place } from './generate-expressions.ts';
import { from, placeIn } from './generate-queries.ts';
import type { GeneratedQuery, Maker } from './generate-queries.ts';

/** Queries of shapes that are rare, and that servers have rules of their own for. */
export function rareShape(maker: Maker): GeneratedQuery {
  const { random } = maker;
  return pick(random, [
    usingChain,
    nestedUnion,
    framed,
    havingAlone,
    distinctAggregates,
    orderedByOthers,
    correlatedDerived,
  ])(maker);
}

function unordered(text: string): GeneratedQuery {
  return { text, isOrdered: false };
}

/** Three tables by USING, with the column that became one in every clause. */
function usingChain({ random }: Maker): GeneratedQuery {
  const join = () => pick(random, ['JOIN', 'LEFT JOIN', 'RIGHT JOIN']);
  const tables = pick(random, [
    `ztf.objects AS a ${join()} ztf.candidates AS b USING (objectId) ${join()} ztf.sherlock_classifications AS c USING (objectId)`,
    `ztf.candidates AS a ${join()} (ztf.objects AS b ${join()} ztf.sherlock_classifications AS c USING (objectId)) USING (objectId)`,
    `ztf.objects AS a ${join()} ztf.sherlock_classifications AS c USING (OBJECTID)`,
  ]);
  const items = pick(random, [
    '*',
    'objectId, a.objectId, c.objectId',
    'c.*, objectId',
    'COUNT(*), objectId',
  ]);
  const where = pick(random, ['', " WHERE objectId LIKE 'ZTF%'", ' WHERE objectId IS NULL']);
  const by = items.startsWith('COUNT') ? ' GROUP BY objectId' : '';
  return unordered(`SELECT ${items} FROM ${tables}${where}${by}`);
}

/** UNIONs in one another with orders and limits of their own. */
function nestedUnion(maker: Maker): GeneratedQuery {
  const { random } = maker;
  const one = (): string => {
    const { text, tables } = from(maker, 0);
    const place = placeIn(maker, tables, [], 1);
    const item = expressionOf('number', place);
    const order = chance(random, 50) ? ` ORDER BY 1 LIMIT ${integer(random, 5)}` : '';
    return `(SELECT ${item} AS n FROM ${text} WHERE ${condition(place)}${order})`;
  };
  const union = () => pick(random, ['UNION', 'UNION ALL', 'UNION DISTINCT']);
  const inner = `(${one()} ${union()} ${one()} ORDER BY 1 DESC LIMIT ${1 + integer(random, 4)})`;
  const text = pick(random, [
    `${one()} ${union()} ${inner}`,
    `SELECT n, COUNT(*) FROM (${one()} ${union()} ${one()} ${union()} ${one()}) AS u GROUP BY n`,
    `SELECT objectId FROM ztf.objects WHERE ncand IN (SELECT n FROM (${one()} ${union()} ${one()}) AS u)`,
  ]);
  return unordered(text);
}

/** A window with ROWS or RANGE whose order leaves nothing open. */
function framed(maker: Maker): GeneratedQuery {
  const { random } = maker;
  const low = pick(random, ['UNBOUNDED PRECEDING', '2 PRECEDING', 'CURRENT ROW', '1 FOLLOWING']);
  const high = pick(random, ['UNBOUNDED FOLLOWING', '3 FOLLOWING', '1 FOLLOWING']);
  const isRows = chance(random, 60);
  const order = isRows ? 'candid' : 'jd';
  const frame = `${isRows ? 'ROWS' : 'RANGE'} BETWEEN ${low} AND ${high}`;
  const partition = chance(random, 50) ? 'PARTITION BY objectId ' : '';
  const called = pick(random, ['SUM(fid)', 'COUNT(*)', 'MIN(magpsf)', 'MAX(fid + jd)', 'AVG(fid)']);
  const direction = chance(random, 30) ? ' DESC' : '';
  return unordered(
    `SELECT candid, ${called} OVER (${partition}ORDER BY ${order}${direction} ${frame}) AS w, NTILE(2) OVER (ORDER BY candid) FROM ztf.candidates`,
  );
}

function havingAlone(maker: Maker): GeneratedQuery {
  const { random } = maker;
  const { text, tables } = from(maker, 0);
  const flat: Place = { ...placeIn(maker, tables, [], 1), subquery: undefined };
  const number = column('number', flat) ?? '1';
  return unordered(
    pick(random, [
      `SELECT COUNT(*) AS n FROM ${text} HAVING n > ${integer(random, 9)}`,
      `SELECT MAX(${number}) FROM ${text} HAVING COUNT(*) > 1 AND MIN(${number}) IS NOT NULL`,
      `SELECT ${expressionOf('number', flat)} AS n FROM ${text} HAVING n > 1 OR n IS NULL`,
      `SELECT 1 FROM ${text} HAVING SUM(${number}) <> 0`,
    ]),
  );
}

function distinctAggregates(maker: Maker): GeneratedQuery {
  const { random } = maker;
  const { text, tables } = from(maker, 0);
  const flat: Place = { ...placeIn(maker, tables, [], 1), subquery: undefined };
  const n = () => expressionOf('number', flat);
  const key = column('ascii', flat);
  const by = key === undefined ? '' : ` GROUP BY ${key}`;
  return unordered(
    `SELECT COUNT(DISTINCT ${n()}, ${n()}), SUM(DISTINCT ${column('number', flat) ?? '2'}), BIT_OR(${pick(random, ['1', '6', '2'])}), GROUP_CONCAT(DISTINCT ${key ?? "'x'"}), STDDEV_SAMP(${column('number', flat) ?? '1'} / 7) FROM ${text}${by}`,
  );
}

/** Ordered by what is not selected, which is one order only if the key is among it. */
function orderedByOthers({ random }: Maker): GeneratedQuery {
  const order = pick(random, [
    'jd DESC, candid',
    'magpsf + fid, candid DESC',
    'objectId, candid',
    '- jd, candid',
    'fid > 1, candid',
    'CASE fid WHEN 1 THEN 9 ELSE 0 END, candid',
    'NULL, candid',
    '(SELECT MAX(ncand) FROM ztf.objects AS o WHERE o.objectId = c.objectId), candid',
  ]);
  const items = pick(random, ['fid', 'objectId AS fid', 'fid AS candid2, magpsf', 'jd + 1 AS x']);
  const limit = chance(random, 50) ? ` LIMIT ${1 + integer(random, 4)}` : '';
  const skipped = limit !== '' && chance(random, 50) ? ` OFFSET ${integer(random, 3)}` : '';
  return {
    text: `SELECT ${items} FROM ztf.candidates AS c ORDER BY ${order}${limit}${skipped}`,
    isOrdered: true,
  };
}

/** A derived table that groups, beside sub-queries that name it. */
function correlatedDerived({ random }: Maker): GeneratedQuery {
  const called = pick(random, ['MAX(jd)', 'COUNT(*)', 'MIN(magpsf)', 'SUM(fid)']);
  const test = pick(random, [
    'EXISTS (SELECT 1 FROM ztf.objects AS o WHERE o.objectId = d.objectId AND o.ncand > d.n)',
    'd.n IN (SELECT ncand FROM ztf.objects AS o WHERE o.objectId <> d.objectId)',
    'd.n NOT IN (SELECT gmag FROM ztf.objects AS o)',
    '(SELECT COUNT(*) FROM ztf.objects AS o WHERE o.objectId = d.objectId) = 1',
    'd.objectId = (SELECT MIN(objectId) FROM ztf.sherlock_classifications AS s WHERE s.z > d.n)',
  ]);
  const not = chance(random, 30) ? 'NOT ' : '';
  return unordered(
    `SELECT d.objectId, d.n FROM (SELECT objectId, ${called} AS n FROM ztf.candidates GROUP BY objectId) AS d WHERE ${not}${test}`,
  );
}
