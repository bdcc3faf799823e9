import type { Table } from './types.ts';

/** Where ZTF looked: by night, field and band. */
export const ZTF_COVERAGE_TABLES: Table[] = [];

/** Where Rubin looked: by night, sky cell and band. */
export const LSST_COVERAGE_TABLES: Table[] = [];
