import { LSST_FEATURES } from '../../features/lsst/groups.ts';
import { describeColumns } from '../describe.ts';
import type { Table } from '../types.ts';

const KEY = `
  diaObjectId! id - meta.id;meta.main Number of the object.`;

const WRITTEN = `
  timestamp timestamp - time.processing When the row was last changed, UTC.`;

/** Objects of Rubin: what all that is stored of each says together. */
export const LSST_OBJECTS: Table = {
  database: 'lsst',
  name: 'objects',
  description: 'Objects, with features of all their stored detections.',
  isPublic: true,
  primaryKey: ['diaObjectId'],
  indexes: [
    { columns: ['hpx29', 'ra', 'decl'] },
    // What is new and seen well is told before the rows are read.
    { columns: ['lastDiaSourceMjdTai', 'firstDiaSourceMjdTai', 'nSourcesGood'] },
    // Costs little: it hardly ever changes after an object's first alert.
    { columns: ['firstDiaSourceMjdTai'] },
  ],
  columns: [
    ...describeColumns(KEY),
    ...LSST_FEATURES.flatMap((group) => group.columns),
    ...describeColumns(WRITTEN).map((column) => ({
      ...column,
      // The server's own clock: no writer can forget it.
      default: 'CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)',
    })),
  ],
};
