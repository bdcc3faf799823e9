import type { ResultWriter } from './result-table.ts';
import { writeCsv } from './write-csv.ts';
import { writeJson, writeNdjson } from './write-json.ts';
import { writeParquet } from './write-parquet.ts';
import { writeVotable } from './write-votable.ts';

/** A way to write a result into a file. */
export interface ResultFormat {
  mediaType: string;
  /** Of a file's name, without the dot. */
  extension: string;
  /** For people: what it is and how it says NULL. */
  description: string;
  write: ResultWriter;
}

export const RESULT_FORMAT_NAMES = ['json', 'ndjson', 'csv', 'votable', 'parquet'] as const;
export type ResultFormatName = (typeof RESULT_FORMAT_NAMES)[number];

export const RESULT_FORMATS: Record<ResultFormatName, ResultFormat> = {
  json: {
    mediaType: 'application/json; charset=utf-8',
    extension: 'json',
    description: 'One array of objects, by name of column; 64-bit ids are strings.',
    write: (result) => writeJson(result),
  },
  ndjson: {
    mediaType: 'application/x-ndjson; charset=utf-8',
    extension: 'ndjson',
    description: 'One object a line, which can be read while it arrives; 64-bit ids are strings.',
    write: writeNdjson,
  },
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    description:
      'RFC 4180 with a line of names; NULL is an empty cell, an empty text is "". A text that a spreadsheet would run as a formula has an apostrophe before it.',
    write: writeCsv,
  },
  votable: {
    mediaType: 'application/x-votable+xml; charset=utf-8',
    extension: 'vot',
    description: 'VOTable 1.4 with units, UCDs and meanings; NULL is an empty cell.',
    write: writeVotable,
  },
  parquet: {
    mediaType: 'application/vnd.apache.parquet',
    extension: 'parquet',
    description:
      'Row groups with Snappy; units, UCDs and meanings are in the metadata as a VOTable without rows.',
    write: writeParquet,
  },
};
