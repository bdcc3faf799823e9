import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ColumnSource, SchemaElement } from 'hyparquet-writer';
import { compressSync } from 'snappy';

import { InvalidInputError } from '../errors.ts';
import type { ResultColumn } from '../sql/ast.ts';
import type { Scalar } from '../store/row-reader.ts';
import type { ResultTable, ValueKind } from './result-table.ts';
import { valueKind } from './result-table.ts';
import { votableDescription } from './write-votable.ts';

/** Values of a row group: it is packed in one go, during which the site answers nobody. */
const GROUP_VALUES = 100_000;
/** Wide tables have more a group: each group adds to the index at the end, column by column. */
const MIN_GROUP_ROWS = 2_000;

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?Z?)?$/;

const ELEMENTS: Record<ValueKind, Pick<SchemaElement, 'type' | 'converted_type'>> = {
  double: { type: 'DOUBLE' },
  float: { type: 'FLOAT' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  bool: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
};

/**
 * A result as Parquet, written row group by row group. Units, UCDs and meanings are in its key-value
 * metadata, as a VOTable without rows (IVOA Note "Parquet in the VO" 1.0).
 *
 * @throws {InvalidInputError} for an integer that needs more than 64 bits, which Parquet cannot hold.
 */
export async function* writeParquet(result: ResultTable): AsyncGenerator<Uint8Array, void, void> {
  const { columns, groups, notes, isCut } = result;
  const bytes = new ByteWriter();
  const metadata = [
    { key: 'IVOA.VOTable-Parquet.version', value: '1.0' },
    { key: 'IVOA.VOTable-Parquet.content', value: votableDescription(columns, notes) },
  ];
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    compressors: { SNAPPY: (input) => compressSync(input) },
    kvMetadata: metadata,
    createdBy: 'Glint',
  });
  const groupRows = Math.max(MIN_GROUP_ROWS, Math.floor(GROUP_VALUES / columns.length));
  let waiting = columns.map((): Value[] => []);
  const converters = columns.map(converterOf);

  const pack = (): Uint8Array => {
    const columnData = columns.map(({ name }, at): ColumnSource => ({ name, data: waiting[at] }));
    void writer.write({ columnData, rowGroupSize: groupRows });
    waiting = columns.map(() => []);
    return take(bytes);
  };
  for await (const rows of groups) {
    for (const row of rows) {
      for (let at = 0; at < columns.length; at++) {
        const value = row[at];
        waiting[at].push(value === null ? null : converters[at](value));
      }
      if (waiting[0].length === groupRows) yield pack();
    }
  }
  if (waiting[0].length > 0) yield pack();
  metadata.push({ key: 'overflow', value: String(isCut()) });
  void writer.finish();
  yield take(bytes);
}

type Value = number | bigint | string | boolean | null;

function schemaOf(columns: ResultColumn[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map((column) => ({
      name: column.name,
      repetition_type: 'OPTIONAL' as const,
      ...ELEMENTS[valueKind(column)],
    })),
  ];
}

function converterOf(column: ResultColumn): (value: Exclude<Scalar, null>) => Value {
  switch (valueKind(column)) {
    case 'double':
    case 'float':
    case 'int32':
      return (value) => finite(Number(value));
    case 'int64':
      return (value) => int64(value, column.name);
    case 'bool':
      return (value) => Number(value) !== 0;
    case 'timestamp':
      return (value) => microseconds(String(value));
    case 'text':
    case 'json':
      return String;
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function int64(value: Exclude<Scalar, null>, name: string): bigint {
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) === whole) return whole;
  throw new InvalidInputError(
    `${name} has the value ${whole}, which Parquet cannot hold; CSV and JSON can`,
  );
}

/** Microseconds since 1970, UTC, a date being its midnight; null for what is on no calendar. */
function microseconds(text: string): bigint | null {
  const [, date, time = '00:00:00', decimals = ''] = TIME.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms)) return null;
  return BigInt(ms) * 1_000n + BigInt(decimals.padEnd(6, '0').slice(0, 6));
}

/** What was written since the last time; the writer goes on counting from the beginning. */
function take(bytes: ByteWriter): Uint8Array {
  const taken = bytes.getBytes().slice();
  bytes.index = 0;
  return taken;
}
