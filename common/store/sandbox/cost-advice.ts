import { QueryError } from '../../sql/query-error.ts';
import { ALL_TABLES } from '../../schema/tables.ts';
import type { CompiledQuery } from '../../sql/compile.ts';
import type { Plan, TableRead } from './plan.ts';

type QueryTables = CompiledQuery['tables'];

/** Below this nobody has to be told that a whole table is read. */
const MANY_ROWS = 100_000;

/** The refusal of a query that would look at too many rows: says which table is to blame, and why. */
export function costRefusal(plan: Plan, tables: QueryTables, maxRows: number): QueryError {
  const problem = `this query would look at ${roundNumber(plan.estimatedRows)} rows, and ${roundNumber(maxRows)} is the most that one may: ${describeRead(costliest(plan), tables)}`;
  return new QueryError(problem, undefined, speedAdvice(plan, tables));
}

/** Why a query took its time, for after a limit; undefined where the plan does not tell. */
export function slownessReason(plan: Plan, tables: QueryTables): string | undefined {
  const read = costliest(plan);
  if (read.rows * read.times < MANY_ROWS) return undefined;
  return `${describeRead(read, tables)}; ${speedAdvice(plan, tables)}`;
}

function costliest(plan: Plan): TableRead {
  return plan.reads.reduce((most, read) =>
    read.rows * read.times > most.rows * most.times ? read : most,
  );
}

function describeRead(read: TableRead, tables: QueryTables): string {
  const name = tableWords(read.table, tables);
  const rows = `${roundNumber(read.rows)} rows`;
  const often = read.times > 1 ? `, ${roundNumber(read.times)} times` : '';
  if (!read.isWhole) return `${rows} of ${name} are looked up${often}`;
  const whole = `${name} is read wholly, ${rows}${often}`;
  if (read.before.length === 0 || read.times <= 1) return whole;
  const others = [...new Set(read.before.map((table) => tableWords(table, tables)))]
    .map((words) => (words === name ? 'the others' : words))
    .join(' and ');
  const link = read.isUnlinked ? 'no condition' : 'no condition that an index serves';
  return `${whole}, since ${link} links it to ${others}`;
}

function speedAdvice(plan: Plan, tables: QueryTables): string {
  const wholly = plan.reads.filter((read) => read.isWhole && read.rows > 1);
  const worst = wholly.sort((a, b) => b.rows * b.times - a.rows * a.times)[0];
  const columns = worst === undefined ? [] : indexedColumns(worst.table, tables);
  if (worst === undefined || columns.length === 0) {
    return 'fewer rows would be looked at with narrower conditions or fewer tables';
  }
  const serve = `indexes of ${tableWords(worst.table, tables)} serve conditions on ${listed(columns.map(asCondition))}`;
  const compared = new Set(
    tables.filter((each) => each.table === worst.table).flatMap((each) => each.compared),
  );
  const unserved = [...compared].filter((column) => !columns.includes(column));
  return unserved.length === 0
    ? serve
    : `no index serves the condition on ${listed(unserved)}; ${serve}`;
}

/** What a table is called in the user's text. */
function tableWords(table: string, tables: QueryTables): string {
  if (table.startsWith('<')) return 'the result of a sub-query';
  const aliases = [...new Set(tables.filter((each) => each.table === table).map(aliasOf))];
  if (aliases.length === 0 || (aliases.length === 1 && aliases[0] === table)) return table;
  // The server tells tables by their own names: which one of several is meant, nobody knows.
  return aliases.length > 1
    ? `${table} (one of ${aliases.join(', ')})`
    : `${aliases[0]} (${table})`;
}

function aliasOf({ alias }: QueryTables[number]): string {
  return alias;
}

/** First columns of the table's indexes. */
function indexedColumns(table: string, tables: QueryTables): string[] {
  const used = tables.find((each) => each.table === table);
  const described = ALL_TABLES.find(
    ({ database, name }) => name === table && (database === used?.database || database === 'glint'),
  );
  if (described === undefined || used === undefined) return [];
  const keys = [described.primaryKey, ...described.indexes.map(({ columns }) => columns)];
  return [...new Set(keys.map(([column]) => column))];
}

/** As a user can write it. */
function asCondition(column: string): string {
  return column === 'hpx29' ? 'the position, as cone(ra, dec, arcsec)' : column;
}

function listed(words: string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** Two digits: these are estimates. */
function roundNumber(value: number): string {
  if (value >= 1e12) return `about 10^${Math.round(Math.log10(value))}`;
  const rounded = value < 100 ? Math.round(value) : Number(value.toPrecision(2));
  return `${value < 100 ? '' : 'about '}${rounded.toLocaleString('en-US')}`;
}
