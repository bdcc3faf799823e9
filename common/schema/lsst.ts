import { cutoutsTable, historiesTable } from './broker-tables.ts';
import { contextTables } from './context-tables.ts';
import { LSST_COVERAGE_TABLES } from './coverage-tables.ts';
import { crossSurveyTables } from './cross-survey-tables.ts';
import { LSST_DIA_OBJECTS } from './lsst/dia-objects.ts';
import { LSST_DIA_SOURCES } from './lsst/dia-sources.ts';
import { LSST_DIA_FORCED_SOURCES, LSST_DIA_NONDETECTION_LIMITS } from './lsst/limits-and-forced.ts';
import { LSST_MPC_ORBITS } from './lsst/mpc-orbits.ts';
import { LSST_OBJECTS } from './lsst/objects.ts';
import { LSST_SS_OBJECTS, LSST_SS_SOURCES } from './lsst/solar-system.ts';
import { arrivalsTable } from './filter-tables.ts';
import { listHitTables } from './list-tables.ts';
import { tnsTables } from './tns-tables.ts';
import type { Table } from './types.ts';

const OBJECT_ID = 'diaObjectId! id - meta.id;meta.main Number of the object.';

/** Every table of the database `lsst`. */
export const LSST_TABLES: Table[] = [
  LSST_OBJECTS,
  LSST_DIA_SOURCES,
  LSST_DIA_FORCED_SOURCES,
  LSST_DIA_OBJECTS,
  LSST_DIA_NONDETECTION_LIMITS,
  LSST_SS_OBJECTS,
  LSST_SS_SOURCES,
  LSST_MPC_ORBITS,
  ...contextTables('lsst', OBJECT_ID),
  ...tnsTables('lsst', OBJECT_ID),
  ...listHitTables('lsst', OBJECT_ID),
  ...crossSurveyTables('lsst', OBJECT_ID),
  ...LSST_COVERAGE_TABLES,
  historiesTable(
    'lsst',
    `ownerKind! tinyint - meta.code What the sources belong to: 0 a diaObject, 1 a solar-system object, 2 nothing.
     ownerId! id - meta.id;meta.main diaObjectId, ssObjectId, or the diaSourceId of a source that belongs to nothing.`,
  ),
  cutoutsTable('lsst', 'diaSourceId'),
  arrivalsTable('lsst', 'diaSourceId'),
];
