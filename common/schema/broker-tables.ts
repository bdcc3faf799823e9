import { columns } from './describe.ts';
import type { ColumnRow } from './describe.ts';
import type { DatabaseName, Table } from './types.ts';

/** All that is stored of an object in compact form, for the ingest alone. */
export function historiesTable(database: DatabaseName, objectId: ColumnRow): Table {
  return {
    database,
    name: 'histories',
    description:
      'What is stored of each object in compact form: tells known history from new without reading the rows, and is what features are worked out of.',
    isPublic: false,
    primaryKey: [objectId[0]],
    indexes: [],
    columns: columns([
      objectId,
      [
        'points',
        'blob',
        '',
        '',
        'Keys, times and fluxes of all points, packed.',
        { required: true },
      ],
    ]),
  };
}

/** Where the stamps of a candidate are in the pack files. */
export function cutoutsTable(database: DatabaseName, candidateId: string): Table {
  return {
    database,
    name: 'cutouts',
    description: 'Where the three stamps of a detection are: side by side in a pack file.',
    isPublic: false,
    primaryKey: [candidateId],
    indexes: [],
    columns: columns([
      [candidateId, 'id', '', 'meta.id;meta.main', 'Number of the detection.', { required: true }],
      ['pack', { name: 96 }, '', 'meta.id;meta.file', 'Pack file.', { required: true }],
      [
        'position',
        'id',
        'byte',
        '',
        'Where in the pack the first stamp begins.',
        { required: true },
      ],
      ...['science', 'template', 'difference'].map((stamp): ColumnRow => [
        stamp,
        'int',
        'byte',
        '',
        `Length of the ${stamp} stamp; 0 if the alert had none.`,
        { required: true },
      ]),
    ]),
  };
}
