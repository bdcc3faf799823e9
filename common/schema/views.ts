import { SURVEYS } from '../config.ts';
import type { Survey } from '../config.ts';
import { quoteName, tableName } from './ddl.ts';
import type { OwnedBy, Table } from './types.ts';

/** The account that runs the queries of the site: the views show it every row. */
export const SANDBOX_USER = 'glint_sandbox';
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
export type ViewDatabase = `${Survey}_views`;

/** Where the views are that a query about a survey reads. */
export function viewDatabase(survey: Survey): ViewDatabase {
  return `${survey}_views`;
}

/** One view for each public table; tables of `glint` are seen from both surveys. */
export function viewsOf(tables: Table[]): View[] {
  return tables
    .filter((table) => table.isPublic)
    .flatMap((table) => {
      const surveys = table.database === 'glint' ? SURVEYS : [table.database];
      return surveys.map((survey) => createView(table, viewDatabase(survey)));
    });
}

function createView(table: Table, database: ViewDatabase): View {
  const name = quoteName(table.name);
  const columns = table.columns.map((column) => `${name}.${quoteName(column.name)}`);
  const owner = table.ownedBy === undefined ? undefined : ownerOf(table, table.ownedBy);
  // Merged, so that a plan is that of the table itself.
  const sql = `CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW ${quoteName(database)}.${name} AS
SELECT ${[...columns, ...(owner?.columns ?? [])].join(', ')}
FROM ${tableName(table)}${owner?.rest ?? ''}`;
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
  // CURRENT_USER() of a view is the account that made it, the broker's own.
  const mayAll = `${account} IN ('${SANDBOX_USER}', SUBSTRING_INDEX(CURRENT_USER(), '@', 1))`;
  const isOwn = `${account} = CONCAT('${NOTEBOOK_PREFIX}', ${lists}.user_id)`;
  return {
    columns: [`${lists}.user_id AS ${OWNER_COLUMN}`, `${lists}.public AS ${PUBLIC_COLUMN}`],
    rest: `${join} WHERE ${lists}.public = 1 OR ${mayAll} OR ${isOwn}`,
  };
}
