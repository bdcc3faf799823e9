/** A column of a table file. */
export interface TableColumn {
  name: string;
  /** As the file gives it; empty if it does not. */
  unit: string;
  /** What it means by the vocabulary of the Virtual Observatory, where the file says so. */
  ucd?: string;
  /** `any` in text files, which do not say. */
  type: 'number' | 'text' | 'any';
}

/** Where reading is to go on in a file. */
export interface ReadPosition {
  /** Rows before it; in text files lines, whatever they hold. */
  count: number;
  /** Bytes of the unpacked file before it; 0 in formats that only count rows. */
  byte: number;
}

export const BEGINNING: ReadPosition = { count: 0, byte: 0 };

/** Some rows of a table. Columns are numbered as they were asked for. Valid until the next batch. */
export interface TableBatch {
  count: number;
  /** The value as a number; null where there is none, NaN where there is something else. */
  number(row: number, column: number): number | null;
  /** The value as text, without blanks at its ends; null where there is none. */
  text(row: number, column: number): string | null;
  /** Where in the file the row is: `line 12`, `row 12`, counted from 1. */
  place(row: number): string;
  /** Why the row as a whole cannot be read; null if it can. */
  fault(row: number): string | null;
  /** Where to go on once all rows of the batch are dealt with. */
  next: ReadPosition;
}

/** One table of one file, read in order and in bounded memory. */
export interface TableReader {
  columns: readonly TableColumn[];
  /**
   * The rows from a position on.
   *
   * @param wanted - Numbers of the columns that will be asked for.
   * @throws {InvalidInputError} if the file is damaged or cut short.
   */
  batches(wanted: readonly number[], from: ReadPosition): AsyncIterable<TableBatch>;
  /** Bytes of the file, as it lies on the disk, that were read so far: for progress. */
  bytesRead(): number;
  close(): Promise<void>;
}
