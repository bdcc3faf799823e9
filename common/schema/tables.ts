import { ACCOUNT_TABLES } from './account-tables.ts';
import { CATALOGUE_TABLES } from './catalogue-tables.ts';
import { DATABASE_ACCOUNT_TABLES } from './database-account-tables.ts';
import { ENRICHMENT_TABLES } from './enrichment-tables.ts';
import { FILTER_TABLES } from './filter-tables.ts';
import { GLINT_TABLES } from './glint.ts';
import { JOB_PROGRESS } from './job-progress-table.ts';
import { LIST_DRAFT_TABLES } from './list-draft-tables.ts';
import { LIST_TABLES } from './list-tables.ts';
import { LSST_TABLES } from './lsst.ts';
import { PERIOD_TABLES } from './period-tables.ts';
import { REQUEST_LIMIT_TABLES } from './request-limit-tables.ts';
import { SAVED_QUERY_TABLES } from './saved-query-tables.ts';
import type { DatabaseName, Table } from './types.ts';
import { ZTF_TABLES } from './ztf.ts';

/** Every table of the three databases. */
export const ALL_TABLES: Table[] = [
  ...ZTF_TABLES,
  ...LSST_TABLES,
  ...GLINT_TABLES,
  ...ENRICHMENT_TABLES,
  JOB_PROGRESS,
  ...CATALOGUE_TABLES,
  ...PERIOD_TABLES,
  ...ACCOUNT_TABLES,
  ...DATABASE_ACCOUNT_TABLES,
  ...FILTER_TABLES,
  ...LIST_TABLES,
  ...LIST_DRAFT_TABLES,
  ...REQUEST_LIMIT_TABLES,
  ...SAVED_QUERY_TABLES,
];

/** @throws if the description has no such table: a mistake in the program. */
export function tableOf(database: DatabaseName, name: string): Table {
  const found = ALL_TABLES.find((table) => table.database === database && table.name === name);
  if (found === undefined) {
    throw new Error(`the schema description has no table ${database}.${name}`);
  }
  return found;
}
