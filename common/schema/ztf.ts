import { cutoutsTable, historiesTable } from './broker-tables.ts';
import { contextTables } from './context-tables.ts';
import { ZTF_COVERAGE_TABLES } from './coverage-tables.ts';
import { crossSurveyTables } from './cross-survey-tables.ts';
import { arrivalsTable } from './filter-tables.ts';
import { listHitTables } from './list-tables.ts';
import { tnsTables } from './tns-tables.ts';
import type { Table } from './types.ts';
import { ZTF_CANDIDATES } from './ztf/candidates.ts';
import { OBJECT_ID } from './ztf/exposure.ts';
import { ZTF_FORCEDPHOT, ZTF_NONCANDIDATES } from './ztf/limits-and-forced.ts';
import { ZTF_OBJECTS } from './ztf/objects.ts';

/** Every table of the database `ztf`. */
export const ZTF_TABLES: Table[] = [
  ZTF_OBJECTS,
  ZTF_CANDIDATES,
  ZTF_NONCANDIDATES,
  ZTF_FORCEDPHOT,
  ...contextTables('ztf', OBJECT_ID),
  ...tnsTables('ztf', OBJECT_ID),
  ...crossSurveyTables('ztf', OBJECT_ID),
  ...listHitTables('ztf', OBJECT_ID),
  ...ZTF_COVERAGE_TABLES,
  historiesTable('ztf', OBJECT_ID),
  cutoutsTable('ztf', 'candid'),
  arrivalsTable('ztf', 'candid'),
];
