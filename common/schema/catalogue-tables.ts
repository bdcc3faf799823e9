import type { Table } from './types.ts';

/** Which catalogues are loaded; the catalogues themselves are tables of the database `catalogues`. */
export const CATALOGUE_TABLES: Table[] = [];
