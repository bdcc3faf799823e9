import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { quoteName, tableName } from './ddl.ts';
import type { OwnedBy, Table } from './types.ts';

/** The account that runs the queries of the site. */
export const SANDBOX_USER = 'glint_sandbox';
/** The account that asks the server how it would run them, and never runs one. */
export const PLANNER_USER = 'glint_planner';
/** Accounts of notebooks are called so and by the number of the user. */
export const NOTEBOOK_PREFIX = 'glint_nb_';

/** Columns that views of rows with owners have besides the table's own. */
export const OWNER_COLUMN = 'glint_owner';
export const PUBLIC_COLUMN = 'glint_public';

/** What users' SQL reads, in databases of their own: accounts are let into these and no other. */
export interface View {
  database: ViewDatabase;
  name: string;
  /** The whole CREATE OR REPLACE VIEW statement. */
  sql: string;
}
export type ViewDatabase = `${Survey}_views` | `${Survey}_owned_views`;

/** Makes a query a result of its own, which no condition from outside gets into: see `createView`. */
export const BARRIER = ' LIMIT 18446744073709551615';

/** Where the views are that a query about a survey reads, and that accounts of users are let into. */
export function viewDatabase(survey: Survey): ViewDatabase {
  return `${survey}_views`;
}

/** Where the sandbox reads what has owners: all rows of all of them, to which it adds the rule itself. */
export function ownedViewDatabase(survey: Survey): ViewDatabase {
  return `${survey}_owned_views`;
}

/**
 * One view for each public table, and a second one where rows have owners; tables of `glint` are seen
 * from both surveys.
 */
export function viewsOf(tables: Table[]): View[] {
  return tables
    .filter((table) => table.isPublic)
    .flatMap((table) => {
      const surveys = table.database === 'glint' ? SURVEYS : [table.database];
      return surveys.flatMap((survey) => [
        createView(table, viewDatabase(survey), true),
        ...(table.ownedBy ? [createView(table, ownedViewDatabase(survey), false)] : []),
      ]);
    });
}

/**
 * Views are merged into the query, so that a plan is that of the table itself; but where a rule hides
 * rows they are not: the server would try conditions of the query on hidden rows first, and an error or
 * the time that these take would tell what is in them.
 */
function createView(table: Table, database: ViewDatabase, hasRule: boolean): View {
  const name = quoteName(table.name);
  const columns = table.columns.map((column) => `${name}.${quoteName(column.name)}`);
  const owner = table.ownedBy === undefined ? undefined : ownerOf(table, table.ownedBy);
  const rule = owner !== undefined && hasRule ? ` WHERE ${owner.rule}${BARRIER}` : '';
  const algorithm = rule === '' ? 'MERGE' : 'TEMPTABLE';
  const sql = `CREATE OR REPLACE ALGORITHM = ${algorithm} SQL SECURITY DEFINER VIEW ${quoteName(database)}.${name} AS
SELECT ${[...columns, ...(owner?.columns ?? [])].join(', ')}
FROM ${tableName(table)}${owner?.join ?? ''}${rule}`;
  return { database, name: table.name, sql };
}

/** The owner of each row, and who may see it: decided by the account that is logged in. */
function ownerOf(table: Table, { list, key }: OwnedBy) {
  const lists = quoteName(list);
  const isList = table.database === 'glint' && table.name === list;
  const join = isList
    ? ''
    : ` JOIN ${tableName({ database: 'glint', name: list })} ON ${lists}.${quoteName(key)} = ${quoteName(table.name)}.${quoteName(key)}`;
  const account = "SUBSTRING_INDEX(USER(), '@', 1)";
  const isOwn = `${account} = CONCAT('${NOTEBOOK_PREFIX}', ${lists}.user_id)`;
  return {
    columns: [`${lists}.user_id AS ${OWNER_COLUMN}`, `${lists}.public AS ${PUBLIC_COLUMN}`],
    join,
    rule: `(${lists}.public = 1 OR ${isOwn})`,
  };
}
