import type { AvroRecordValue } from '../../common/avro/compile.ts';
import { withoutNull } from '../../common/avro/schema.ts';
import type { AvroNode, RecordNode } from '../../common/avro/schema.ts';
import { tableName } from '../../common/schema/ddl.ts';
import type { Table } from '../../common/schema/types.ts';
import { bulkLoad } from '../../common/store/bulk.ts';
import { createRowBuffer } from '../../common/store/row-buffer.ts';
import type { BulkTarget } from '../../common/store/bulk.ts';
import type { RowBuffer } from '../../common/store/row-buffer.ts';
import type { ServerKind, Transaction } from '../../common/store/database.ts';
import { checkColumnsFit } from './record-fields.ts';

/** Writes records of one schema into the columns of one table. */
export interface RowWriter {
  target: BulkTarget;
  /** Values of the extra columns come last, in the order they were named. */
  write(rows: RowBuffer, record: AvroRecordValue, ...extras: unknown[]): void;
}

/**
 * Matches a packet's attributes with a table's columns by name; attributes without a column and
 * columns without an attribute are left out.
 *
 * @param extras - Columns whose values do not come from the record.
 * @throws {PacketError} `unknown_schema` if an attribute is of a type that its column cannot hold.
 */
export function createRowWriter(
  table: Table,
  record: RecordNode,
  extras: readonly string[] = [],
): RowWriter {
  const columnOf = new Map(
    table.columns.flatMap((column) =>
      [column.name, column.attribute ?? column.name].map((name) => [name, column.name]),
    ),
  );
  for (const [attribute, column] of columnOf)
    if (extras.includes(column)) columnOf.delete(attribute);
  checkColumnsFit(table, record, columnOf);
  const names = new Set(record.fields.map((field) => field.name));
  const attributes = [...names].filter((name) => columnOf.has(name));
  // Only where the column has the same precision: a DOUBLE would keep the digits and not the float.
  const floatColumns = new Set(
    table.columns.filter(({ type }) => type === 'float').map(({ name }) => name),
  );
  const floats = new Set(
    record.fields
      .filter(
        ({ name, type }) =>
          withoutNull(type).kind === 'float' && floatColumns.has(columnOf.get(name) ?? ''),
      )
      .map((field) => field.name),
  );
  const columns = [...attributes.map((name) => columnOf.get(name) ?? name), ...extras];
  const kinds = new Map(record.fields.map(({ name, type }) => [name, withoutNull(type).kind]));
  const writeRecord = compileWriter(
    attributes.map((name) => ({
      name,
      method: floats.has(name) ? 'float' : (METHODS[kinds.get(name) ?? 'null'] ?? 'value'),
    })),
  );
  return {
    target: { table: tableName(table), columns },
    write(rows, value, ...extraValues) {
      writeRecord(rows, value);
      for (let i = 0; i < extraValues.length; i++) rows.value(extraValues[i]);
      rows.endRow();
    },
  };
}

/** How values of a type are written where no more than that is known of them. */
const METHODS: Partial<Record<AvroNode['kind'], keyof RowBuffer>> = {
  int: 'number',
  long: 'long',
  double: 'number',
};

/**
 * Generates straight-line code that writes each attribute by the method of its type: a loop over names
 * would look each of them up in every record.
 */
function compileWriter(
  attributes: readonly { name: string; method: keyof RowBuffer }[],
): (rows: RowBuffer, record: AvroRecordValue) => void {
  const body = attributes.map(
    ({ name, method }) => `rows.${method}(record[${JSON.stringify(name)}]);`,
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names go through JSON.stringify only
  return new Function('rows', 'record', `"use strict";\n${body.join('\n')}`) as ReturnType<
    typeof compileWriter
  >;
}

/** The rows of a batch, by the columns they fill; their memory is used again for the next batch. */
export interface BatchRows {
  clear(): void;
  of(target: BulkTarget): RowBuffer;
  /** Loads the rows of these targets, in this order. */
  load(
    tx: Transaction,
    server: ServerKind,
    mode: 'insert' | 'replace',
    targets: Iterable<BulkTarget>,
  ): Promise<void>;
}

export function createBatchRows(): BatchRows {
  const buffers = new Map<BulkTarget, RowBuffer>();
  return {
    clear() {
      for (const buffer of buffers.values()) buffer.clear();
    },
    of(target) {
      let buffer = buffers.get(target);
      if (buffer === undefined) buffers.set(target, (buffer = createRowBuffer()));
      return buffer;
    },
    async load(tx, server, mode, targets) {
      for (const target of targets) {
        const buffer = buffers.get(target);
        if (buffer !== undefined) await bulkLoad(tx, server, mode, target, buffer);
      }
    },
  };
}
