import { GLINT_TABLES } from './glint.ts';
import type { Table } from './types.ts';

/** Every table of the three databases. */
export const ALL_TABLES: Table[] = [...GLINT_TABLES];
