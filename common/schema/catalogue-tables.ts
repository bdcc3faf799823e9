import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** Which catalogues are loaded; the catalogues themselves are tables of the database `catalogues`. */
export const CATALOGUE_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'catalogues',
    description:
      'Reference catalogues: what is loaded, from which files, and how far a load under way has come. A new version of a catalogue is loaded beside the old one, as a row of its own, until it takes its place.',
    isPublic: false,
    primaryKey: ['name', 'load_number'],
    indexes: [],
    columns: describeColumns(`
      name! name(40) - meta.id;meta.main Name of the catalogue and of its table in the database catalogues.
      load_number! int - meta.version Which load: counted up with every version that is loaded.
      kind! name(10) - src.class What it is a list of: star, galaxy, agn, cv, variable, mixed.
      state! name(8) - meta.code ready, or loading: rows under way or left by a load that was broken off.
      row_count! id - meta.number Rows in the table.
      rows_by_reach! json - - Rows by class of the largest distance at which a source still counts, as a list.
      rejected! id - meta.number Rows of the files that could not be used.
      repeated! id - meta.number Rows left out because one of the same name and place was there.
      rejects! json - - The first rows that could not be used: file, place in it, and why.
      columns! json - - Columns of the table: standard fields, other columns with types, and what all rows share.
      coverage text(4096) - pos Sky that has sources: one bit per HEALPix cell of order 5, nested, in base64.
      source! json - - Files, format and column map: what a load must have in common with the one it goes on from.
      progress json - - How far a load under way has come; NULL when it is done.
      bytes_done! id byte - Bytes of the files read.
      bytes_total! id byte - Size of the files.
      started_at! timestamp - time When the load began, UTC.
      updated_at! timestamp - time When its progress was last noted, UTC.
      loaded_at timestamp - time When it was made ready, UTC.`),
  },
];
