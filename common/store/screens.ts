import type { Survey } from '../config.ts';
import { quoteName } from '../schema/ddl.ts';
import { tableOf } from '../schema/tables.ts';
import type { Column } from '../schema/types.ts';
import type { ListToken } from '../sql/ast.ts';
import type { Queries } from './database.ts';
import { shortestFloat32 } from './row-reader.ts';
import type { Scalar } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';
import { forSurvey, keyValues } from './survey-keys.ts';

const sql = loadSql('screens.sql', [
  'selectValues',
  'selectWatchlistHits',
  'selectAreaHits',
  'selectAnnotated',
  'selectStamp',
  'selectListStamp',
]);

/** Lists that screens ask for, by what names them: numbers in digits, or topics. */
export type AskedLists = Record<ListToken['token'], ReadonlySet<string>>;

const HITS: Record<ListToken['token'], string> = {
  watchlist: sql.selectWatchlistHits,
  area: sql.selectAreaHits,
  annotator: sql.selectAnnotated,
};

/** Reads columns of `objects` for these objects, by id, as the sandbox would give them. */
export async function selectScreenValues(
  db: Queries,
  survey: Survey,
  columns: readonly string[],
  ids: readonly string[],
): Promise<Map<string, Scalar[]>> {
  const described = columns.map((name) => columnOf(survey, name));
  const list = columns.length === 0 ? '1' : described.map(selected).join(', ');
  const statement = forSurvey(sql.selectValues, survey).replace('COLUMNS', list);
  const rows = await db.arrays(statement, { ids: keyValues(survey, ids) });
  return new Map(
    rows.map(([id, ...values]) => [
      String(id),
      described.map((column, i) => scalarOf(column, values[i])),
    ]),
  );
}

/** Which of these objects are in which of these lists: ids by list, as `listKey` names it. */
export async function selectListHits(
  db: Queries,
  survey: Survey,
  lists: AskedLists,
  ids: readonly string[],
): Promise<Map<string, Set<string>>> {
  const hits = new Map<string, Set<string>>();
  for (const token of ['watchlist', 'area', 'annotator'] as const) {
    const asked = [...lists[token]];
    if (asked.length === 0 || ids.length === 0) continue;
    const rows = await db.arrays(forSurvey(HITS[token], survey), {
      ids: keyValues(survey, ids),
      lists: token === 'annotator' ? asked : asked.map(Number),
    });
    for (const [list, id] of rows) {
      const key = listKey(token, String(list));
      const found = hits.get(key) ?? new Set();
      hits.set(key, found.add(String(id)));
    }
  }
  return hits;
}

export function listKey(token: ListToken['token'], list: string): string {
  return `${token}:${list}`;
}

/** Differs from before when the survey's filters have changed. */
export async function selectFilterStamp(db: Queries, survey: Survey): Promise<string> {
  const [row] = await db.arrays(sql.selectStamp, { survey });
  return row.map(String).join('/');
}

/** Differs from before when a list is there or gone, called differently, or shown to others. */
export async function selectListStamp(db: Queries): Promise<string> {
  const [row] = await db.arrays(sql.selectListStamp);
  return row.map(String).join('/');
}

function columnOf(survey: Survey, name: string): Column {
  const column = tableOf(survey, 'objects').columns.find((known) => known.name === name);
  if (column === undefined) throw new Error(`${survey}.objects has no column ${name}`);
  return column;
}

/** The server prints a FLOAT with six digits and keeps more. */
function selected(column: Column): string {
  const name = quoteName(column.name);
  return column.type === 'float' ? `CAST(${name} AS DOUBLE)` : name;
}

/** As the sandbox gives it: ids are text, times ISO 8601, floats their shortest decimals. */
function scalarOf({ type }: Column, value: unknown): Scalar {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  switch (type) {
    case 'float':
      return shortestFloat32(Number(value));
    case 'double':
    case 'int':
    case 'smallint':
    case 'tinyint':
      return Number(value);
    case 'bool':
      return Number(value) !== 0;
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
