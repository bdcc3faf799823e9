import { Readable } from 'node:stream';

import type mysql from 'mysql2/promise';

import { UpstreamError } from '../errors.ts';
import { quoteName } from '../schema/ddl.ts';
import type { ServerKind, Transaction } from './database.ts';
import { upstream } from './database.ts';

const CHUNK_BYTES = 1 << 20;
const INSERT_BYTES = 4 << 20;
const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Significant digits that tell every number of single precision apart. */
const FLOAT_DIGITS = 9;
const SMALLEST_PLAIN = 1e-4;
const LARGEST_PLAIN = 1e9;
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** Printable, and nothing that the loader gives a meaning. */
const PLAIN_ASCII = /^[\x20-\x5b\x5d-\x7e]*$/;

export interface BulkTarget {
  /** Quoted name, from `tableName`. */
  table: string;
  columns: readonly string[];
}

/**
 * Rows as the server's bulk loader reads them: values between tabs, a row per line. Reused between
 * batches: `clear` keeps the memory.
 */
export interface RowBuffer {
  /** Number of whole rows written so far. */
  count(): number;
  clear(): void;
  /** The bytes written so far; valid until the next write. */
  view(): Buffer;
  /** Any value of a packet: NaN and the infinities become NULL. */
  value(value: unknown): void;
  /** NaN and the infinities become NULL. */
  number(value: number): void;
  /** A number of single precision, or null: nine digits say it exactly, and are quick to write and read. */
  float(value: number | null | undefined): void;
  text(value: string | null): void;
  /** Bytes, with what the loader would take for structure escaped. */
  binary(value: Uint8Array | null): void;
  endRow(): void;
}

export function createRowBuffer(initialBytes = 1 << 16): RowBuffer {
  let bytes = Buffer.allocUnsafe(initialBytes);
  let end = 0;
  let rows = 0;
  let isRowStart = true;

  const reserve = (length: number) => {
    if (end + length <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, end + length));
    bytes.copy(larger, 0, 0, end);
    bytes = larger;
  };
  const separate = () => {
    if (isRowStart) isRowStart = false;
    else bytes[end++] = TAB;
  };
  const ascii = (text: string) => {
    reserve(text.length + 1);
    separate();
    if (text.length > 24) end += bytes.write(text, end, 'latin1');
    else for (let i = 0; i < text.length; i++) bytes[end++] = text.charCodeAt(i);
  };
  const binary = (value: Uint8Array | null) => {
    if (value === null) return ascii('\\N');
    reserve(2 * value.length + 1);
    separate();
    for (let i = 0; i < value.length; i++) {
      const byte = value[i];
      if (byte === BACKSLASH || byte === TAB || byte === NEWLINE) bytes[end++] = BACKSLASH;
      bytes[end++] = byte;
    }
  };

  const float = (value: number | null | undefined) => {
    if (value === null || value === undefined) return ascii('\\N');
    const size = Math.abs(value);
    // Zero, NaN, and what is too large or small for plain digits.
    if (!(size >= SMALLEST_PLAIN && size < LARGEST_PLAIN)) {
      return ascii(Number.isFinite(value) ? String(value) : '\\N');
    }
    let decimals = FLOAT_DIGITS - 1;
    for (let power = 10; size >= power; power *= 10) decimals--;
    for (let power = 1; size < power; power /= 10) decimals++;
    let digits = Math.round(size * POWERS[decimals]);
    while (decimals > 0 && digits % 10 === 0) {
      digits /= 10;
      decimals--;
    }
    reserve(24);
    separate();
    if (value < 0) bytes[end++] = MINUS;
    let length = decimals + 1;
    for (let rest = digits; length <= 12 && rest >= POWERS[length];) length++;
    let at = end + length + (decimals > 0 ? 1 : 0);
    end = at;
    for (let place = 0; place < length; place++) {
      if (place === decimals && decimals > 0) bytes[--at] = POINT;
      const tenth = Math.floor(digits / 10);
      bytes[--at] = ZERO + (digits - 10 * tenth);
      digits = tenth;
    }
  };
  const text = (value: string | null) => {
    if (value === null) ascii('\\N');
    else if (PLAIN_ASCII.test(value)) ascii(value);
    else binary(Buffer.from(value, 'utf8'));
  };

  return {
    count: () => rows,
    clear() {
      rows = 0;
      end = 0;
      isRowStart = true;
    },
    view: () => bytes.subarray(0, end),
    value(value) {
      if (value === null || value === undefined) ascii('\\N');
      else if (typeof value === 'number') ascii(Number.isFinite(value) ? String(value) : '\\N');
      else if (typeof value === 'bigint') ascii(value.toString());
      else if (typeof value === 'string') text(value);
      else if (typeof value === 'boolean') ascii(value ? '1' : '0');
      else if (value instanceof Uint8Array) binary(value);
      else throw new TypeError('a column cannot hold a list or a record');
    },
    number: (value) => ascii(Number.isFinite(value) ? String(value) : '\\N'),
    float,
    text,
    binary,
    endRow() {
      reserve(1);
      bytes[end++] = NEWLINE;
      isRowStart = true;
      rows++;
    },
  };
}

/** Rows that must be new met rows that are there: another process was faster. Read again and repeat. */
export class RowConflictError extends UpstreamError {}

/**
 * Loads rows in one statement. `replace`: a row whose key is there already is replaced, so that every
 * row given is in the table afterwards. `insert`: the rows must be new.
 *
 * @throws {RowConflictError} if a row to be inserted is there already.
 * @throws if the server had to change any value to make it fit: nothing is clipped in silence.
 */
export async function bulkLoad(
  tx: Transaction,
  server: ServerKind,
  mode: 'insert' | 'replace',
  target: BulkTarget,
  rows: Pick<RowBuffer, 'count' | 'view'>,
): Promise<void> {
  if (rows.count() === 0) return;
  if (!server.allowsLocalInfile) return insertRows(tx, mode, target, rows);
  const columns = target.columns.map(quoteName).join(', ');
  const bytes = rows.view();
  // With LOCAL, a server that meets a known key skips the row unless told to replace it.
  const [result] = await upstream(
    tx.connection.query<mysql.ResultSetHeader>({
      sql: `LOAD DATA LOCAL INFILE 'rows' ${mode === 'replace' ? 'REPLACE' : 'IGNORE'} INTO TABLE ${target.table} CHARACTER SET utf8mb4 (${columns})`,
      infileStreamFactory: () => Readable.from(chunksOf(bytes)),
    }),
  );
  if (mode === 'insert' && result.affectedRows < rows.count())
    throw new RowConflictError(`${target.table}: a new row was there already`);
  if (result.warningStatus > 0) await refuseWarnings(tx, target);
  if (result.affectedRows < rows.count()) {
    throw new Error(
      `${target.table}: ${rows.count()} rows were sent and ${result.affectedRows} stored`,
    );
  }
}

export type SqlValue = number | bigint | string | null;

/**
 * Updates rows by key, or inserts them, in statements of a few megabytes; columns not named keep
 * their values.
 *
 * @param keepWhenNull - Columns in which NULL means: leave what is there.
 */
export async function bulkUpsert(
  tx: Transaction,
  target: BulkTarget,
  rows: SqlValue[][],
  keepWhenNull: readonly string[] = [],
): Promise<void> {
  const updates = target.columns.map((column) => {
    const name = quoteName(column);
    return keepWhenNull.includes(column)
      ? `${name} = COALESCE(VALUES(${name}), ${name})`
      : `${name} = VALUES(${name})`;
  });
  const head = `INSERT INTO ${target.table} (${target.columns.map(quoteName).join(', ')}) VALUES `;
  const tail = ` ON DUPLICATE KEY UPDATE ${updates.join(', ')}`;
  let values: string[] = [];
  let length = 0;
  for (const [i, row] of rows.entries()) {
    const literal = `(${row.map(literalOf).join(',')})`;
    values.push(literal);
    length += literal.length;
    if (length > INSERT_BYTES || i === rows.length - 1) {
      await tx.execute(head + values.join(',') + tail);
      values = [];
      length = 0;
    }
  }
}

function literalOf(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoteAscii(Buffer.from(value, 'utf8'));
  return Number.isNaN(value) || value === Infinity || value === -Infinity ? 'NULL' : String(value);
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    yield bytes.subarray(start, start + CHUNK_BYTES);
}

async function refuseWarnings(tx: Transaction, target: BulkTarget): Promise<void> {
  const warnings = await tx.arrays('SHOW WARNINGS LIMIT 5');
  const serious = warnings.filter(([level]) => level !== 'Note');
  if (serious.length === 0) return;
  throw new Error(
    `${target.table}: the server would change values: ${serious.map((warning) => String(warning[2])).join('; ')}`,
  );
}

/** The same without LOAD DATA, for servers that refuse it: slower, same result. */
async function insertRows(
  tx: Transaction,
  mode: 'insert' | 'replace',
  target: BulkTarget,
  rows: Pick<RowBuffer, 'count' | 'view'>,
): Promise<void> {
  const verb = mode === 'replace' ? 'REPLACE' : 'INSERT IGNORE';
  const head = `${verb} INTO ${target.table} (${target.columns.map(quoteName).join(', ')}) VALUES `;
  let values: string[] = [];
  let length = 0;
  let stored = 0;
  const flush = async () => {
    if (values.length === 0) return;
    stored += (await tx.execute(head + values.join(','))).affectedRows;
    const warnings = await tx.arrays('SHOW WARNINGS LIMIT 1');
    if (warnings.length > 0 && mode === 'replace') await refuseWarnings(tx, target);
    values = [];
    length = 0;
  };
  for (const row of parseRows(rows.view())) {
    const literal = `(${row.map((value) => (value === null ? 'NULL' : quoteAscii(value))).join(',')})`;
    values.push(literal);
    length += literal.length;
    if (length > INSERT_BYTES) await flush();
  }
  await flush();
  if (stored < rows.count())
    throw new RowConflictError(`${target.table}: a new row was there already`);
}

/** A quoted literal: numbers must come as text, since a hexadecimal literal would be read as binary. */
function quoteAscii(value: Buffer): string {
  const ascii = value.toString('latin1');
  if (PLAIN_ASCII.test(ascii)) return `'${ascii.replaceAll("'", "''")}'`;
  return `X'${value.toString('hex')}'`;
}

/** Reads the loader's own format back: rows of raw values. */
function* parseRows(bytes: Buffer): Generator<(Buffer | null)[]> {
  let row: (Buffer | null)[] = [];
  let value: number[] = [];
  let isNull = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === BACKSLASH) {
      const next = bytes[++i];
      if (next === 0x4e && value.length === 0) isNull = true;
      else value.push(next);
    } else if (byte === TAB || byte === NEWLINE) {
      row.push(isNull ? null : Buffer.from(value));
      value = [];
      isNull = false;
      if (byte === NEWLINE) {
        yield row;
        row = [];
      }
    } else value.push(byte);
  }
}
