import { describeColumns } from './describe.ts';
import type { DatabaseName, Table } from './types.ts';

/**
 * All that is stored of an object in compact form, for the ingest alone.
 *
 * @param key - The columns that name the object, in the columns' notation.
 */
export function historiesTable(database: DatabaseName, key: string): Table {
  const keyColumns = describeColumns(key);
  const columns = [
    ...keyColumns,
    ...describeColumns(`
      version! int - meta.version How often the row was written: tells whether what was read of it before still holds.
      points! blob - - Keys, times and fluxes of all points, packed.`),
  ];
  return {
    database,
    name: 'histories',
    description:
      'What is stored of each object in compact form: tells known history from new without reading the rows, and is what features are worked out of.',
    isPublic: false,
    primaryKey: keyColumns.map((column) => column.name),
    indexes: [],
    columns,
  };
}

/** Where the stamps of a detection are in the pack files. */
export function cutoutsTable(database: DatabaseName, detectionId: string): Table {
  return {
    database,
    name: 'cutouts',
    description: 'Where the three stamps of a detection are: side by side in a pack file.',
    isPublic: false,
    primaryKey: [detectionId],
    indexes: [],
    columns: describeColumns(`
      ${detectionId}! id - meta.id;meta.main Number of the detection.
      pack! name(96) - meta.id;meta.file Pack file.
      position! id byte - Where in the pack the first stamp begins.
      science! int byte - Length of the science stamp; 0 if the alert had none.
      template! int byte - Length of the template stamp; 0 if the alert had none.
      difference! int byte - Length of the difference stamp; 0 if the alert had none.`),
  };
}
