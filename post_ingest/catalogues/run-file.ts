import { closeSync, openSync, readSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';

import { SetupError } from '../../common/errors.ts';

/** What stands before each row of a run: reach, hpx29 in two halves, place and length of the id, length of the row. */
const HEAD_BYTES = 15;
const WRITE_BYTES = 1 << 20;
const READ_BYTES = 1 << 18;

/** A row of a catalogue's table: the key it is ordered by, and the line for the bulk loader. */
export interface KeyedRow {
  reach: number;
  high: number;
  low: number;
  /** Where the id begins in the line, and its bytes. */
  idStart: number;
  idLength: number;
  /** Holds the line, from `start` to `end`. */
  bytes: Buffer;
  start: number;
  end: number;
}

/** Order of two rows by the table's primary key. */
export function compareKeys(a: KeyedRow, b: KeyedRow): number {
  return (
    a.reach - b.reach ||
    a.high - b.high ||
    a.low - b.low ||
    a.bytes.compare(
      b.bytes,
      b.start + b.idStart,
      b.start + b.idStart + b.idLength,
      a.start + a.idStart,
      a.start + a.idStart + a.idLength,
    )
  );
}

/**
 * Writes rows that are in order to a file, which is whole and on the disk when this returns, or not
 * there under its name.
 *
 * @param rows - Each is used before the next is asked for.
 * @returns Its size, bytes.
 * @throws {SetupError} if the disk does not take it.
 */
export async function writeRun(path: string, rows: Iterable<KeyedRow>): Promise<number> {
  const unfinished = `${path}.part`;
  let size = 0;
  try {
    const file = await open(unfinished, 'w');
    try {
      let out = Buffer.allocUnsafe(2 * WRITE_BYTES);
      let end = 0;
      for (const row of rows) {
        const length = row.end - row.start;
        if (end + HEAD_BYTES + length > out.length) {
          await file.writeFile(out.subarray(0, end));
          size += end;
          end = 0;
          if (HEAD_BYTES + length > out.length) out = Buffer.allocUnsafe(2 * (HEAD_BYTES + length));
        }
        out[end] = row.reach;
        out.writeUInt32LE(row.high, end + 1);
        out.writeUInt32LE(row.low, end + 5);
        out[end + 9] = row.idStart;
        out[end + 10] = row.idLength;
        out.writeUInt32LE(length, end + 11);
        row.bytes.copy(out, end + HEAD_BYTES, row.start, row.end);
        end += HEAD_BYTES + length;
      }
      await file.writeFile(out.subarray(0, end));
      size += end;
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (err) {
    throw new SetupError(`the sorted rows cannot be written to ${path}`, { cause: err });
  }
  return size;
}

/** Reads a run in order. */
export interface RunReader {
  /** The row it stands at; undefined at the end. Valid until `advance`. */
  current(): KeyedRow | undefined;
  advance(): void;
  /** Where in the file the row it stands at begins. */
  offset(): number;
  close(): void;
}

/** @param from - Where to begin: an `offset` of before. */
export function openRun(path: string, from = 0): RunReader {
  const file = openSync(path, 'r');
  let buffer = Buffer.allocUnsafe(READ_BYTES);
  let filled = 0;
  let at = 0;
  let offset = from;
  const row: KeyedRow = {
    reach: 0,
    high: 0,
    low: 0,
    idStart: 0,
    idLength: 0,
    bytes: buffer,
    start: 0,
    end: 0,
  };
  let isThere = false;
  /** Has so many bytes at hand, if the file has them. */
  const fill = (count: number): boolean => {
    if (filled - at >= count) return true;
    const larger = count > buffer.length ? Buffer.allocUnsafe(2 * count) : buffer;
    buffer.copy(larger, 0, at, filled);
    filled -= at;
    at = 0;
    buffer = larger;
    while (filled < count) {
      const read = readSync(file, buffer, filled, buffer.length - filled, offset + filled);
      if (read === 0) return false;
      filled += read;
    }
    return true;
  };
  const load = () => {
    isThere = fill(HEAD_BYTES);
    if (!isThere) return;
    const length = buffer.readUInt32LE(at + 11);
    isThere = fill(HEAD_BYTES + length);
    row.reach = buffer[at];
    row.high = buffer.readUInt32LE(at + 1);
    row.low = buffer.readUInt32LE(at + 5);
    row.idStart = buffer[at + 9];
    row.idLength = buffer[at + 10];
    row.bytes = buffer;
    row.start = at + HEAD_BYTES;
    row.end = row.start + length;
  };
  load();
  return {
    current: () => (isThere ? row : undefined),
    advance() {
      const length = row.end - at;
      at += length;
      offset += length;
      load();
    },
    offset: () => offset,
    close: () => closeSync(file),
  };
}
