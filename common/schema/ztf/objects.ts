import { ZTF_FEATURES } from '../../features/ztf/groups.ts';
import { describeColumns } from '../describe.ts';
import type { Table } from '../types.ts';
import { OBJECT_ID } from './exposure.ts';

/** Objects of ZTF: what all that is stored of each says together. */
export const ZTF_OBJECTS: Table = {
  database: 'ztf',
  name: 'objects',
  description:
    'Objects, with features of all their stored detections, both those with alerts of their own and those known from histories.',
  isPublic: true,
  primaryKey: ['objectId'],
  indexes: [
    { columns: ['hpx29', 'ramean', 'decmean'] },
    // What is new and seen well is told before the rows are read.
    { columns: ['jdmax', 'jdmin', 'ncandgp'] },
    // Costs little: it hardly ever changes after an object's first alert.
    { columns: ['jdmin'] },
  ],
  columns: [...describeColumns(OBJECT_ID), ...ZTF_FEATURES.flatMap((group) => group.columns)],
};
