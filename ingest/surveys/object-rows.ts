import type { Survey } from '../../common/config.ts';
import { tableName } from '../../common/schema/ddl.ts';
import { tableOf } from '../../common/schema/tables.ts';
import { bulkUpsert } from '../../common/store/bulk.ts';
import type { BulkTarget, SqlValue } from '../../common/store/bulk.ts';
import type { ServerKind, Transaction } from '../../common/store/database.ts';
import { createBatchRows } from './row-writer.ts';

/** The rows of `objects` that a batch writes: new ones loaded, known ones updated. */
export interface ObjectRows {
  clear(): void;
  insert(row: SqlValue[]): void;
  /**
   * @param keep - Columns in which NULL means: leave what is stored; the same array for rows alike.
   * @param omit - Columns that are not written at all; the same array for rows alike.
   */
  update(row: SqlValue[], keep: readonly string[], omit?: readonly string[]): void;
  load(tx: Transaction, server: ServerKind): Promise<void>;
}

interface UpdateGroup {
  keep: readonly string[];
  omit: readonly string[] | undefined;
  target: BulkTarget;
  /** Places of the written columns in a whole row. */
  places: number[] | undefined;
  rows: SqlValue[][];
}

/** @param columns - All that the rows have, in their order. */
export function createObjectRows(survey: Survey, columns: readonly string[]): ObjectRows {
  const table = tableOf(survey, 'objects');
  const target: BulkTarget = { table: tableName(table), columns };
  const floats = new Set(table.columns.filter(({ type }) => type === 'float').map((c) => c.name));
  const isFloat = columns.map((column) => floats.has(column));
  const fresh = createBatchRows();
  const groups: UpdateGroup[] = [];
  const groupOf = (keep: readonly string[], omit: readonly string[] | undefined) => {
    let group = groups.find((each) => each.keep === keep && each.omit === omit);
    if (group === undefined) {
      const written = columns.filter((column) => !(omit?.includes(column) ?? false));
      const places =
        omit === undefined ? undefined : written.map((column) => columns.indexOf(column));
      const updated = { table: target.table, columns: written, floats };
      group = { keep, omit, target: updated, places, rows: [] };
      groups.push(group);
    }
    return group;
  };
  return {
    clear() {
      fresh.clear();
      for (const group of groups) group.rows = [];
    },
    insert(row) {
      const rows = fresh.of(target);
      for (let i = 0; i < row.length; i++) {
        const value = row[i];
        // Rounded once, as an update is by the server: nine digits of a double round it twice.
        if (isFloat[i]) rows.float(typeof value === 'number' ? Math.fround(value) : null);
        else rows.value(row[i]);
      }
      rows.endRow();
    },
    update(row, keep, omit) {
      const group = groupOf(keep, omit);
      group.rows.push(group.places === undefined ? row : group.places.map((place) => row[place]));
    },
    async load(tx, server) {
      await fresh.load(tx, server, 'replace', [target]);
      for (const group of groups) await bulkUpsert(tx, group.target, group.rows, group.keep);
    },
  };
}
