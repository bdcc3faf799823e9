import { Readable } from 'node:stream';

import type mysql from 'mysql2/promise';

import { UpstreamError } from '../errors.ts';
import { quoteName } from '../schema/ddl.ts';
import type { ServerKind, Transaction } from './database.ts';
import { upstream } from './database.ts';
import { BACKSLASH, floatText, NEWLINE, PLAIN_ASCII, TAB } from './row-buffer.ts';
import type { RowBuffer } from './row-buffer.ts';

const CHUNK_BYTES = 1 << 20;
const INSERT_BYTES = 4 << 20;
export interface BulkTarget {
  /** Quoted name, from `tableName`. */
  table: string;
  columns: readonly string[];
  /** Those of single precision, where they are to be written in as few digits as that needs. */
  floats?: ReadonlySet<string>;
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
  const isFloat = target.columns.map((column) => target.floats?.has(column) ?? false);
  const literal = (value: SqlValue, i: number) =>
    isFloat[i] ? floatLiteral(value) : literalOf(value);
  let values: string[] = [];
  let length = 0;
  for (const [i, row] of rows.entries()) {
    const group = `(${row.map(literal).join(',')})`;
    values.push(group);
    length += group.length;
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

/** The number as the column will round it; one that is too large for it is left to the server to refuse. */
function floatLiteral(value: SqlValue): string {
  if (typeof value !== 'number') return literalOf(value);
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) ? floatText(rounded) : literalOf(value);
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
