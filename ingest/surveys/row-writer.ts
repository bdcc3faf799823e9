import type { AvroRecordValue } from '../../common/avro/compile.ts';
import { withoutNull } from '../../common/avro/schema.ts';
import type { RecordNode } from '../../common/avro/schema.ts';
import { tableName } from '../../common/schema/ddl.ts';
import type { Table } from '../../common/schema/types.ts';
import { bulkLoad, createRowBuffer } from '../../common/store/bulk.ts';
import type { BulkTarget, RowBuffer } from '../../common/store/bulk.ts';
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
  const isFloat = attributes.map((name) => floats.has(name));
  const columns = [...attributes.map((name) => columnOf.get(name) ?? name), ...extras];
  return {
    target: { table: tableName(table), columns },
    write(rows, value, ...extraValues) {
      for (let i = 0; i < attributes.length; i++) {
        if (isFloat[i]) rows.float(value[attributes[i]] as number | null);
        else rows.value(value[attributes[i]]);
      }
      for (const extra of extraValues) rows.value(extra);
      rows.endRow();
    },
  };
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
