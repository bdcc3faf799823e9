import type { Table } from './types.ts';

/** Queries that users keep, with all their versions. */
export const SAVED_QUERY_TABLES: Table[] = [];
