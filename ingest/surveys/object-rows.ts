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
   * @param omit - Columns that are not written at all.
   */
  update(row: SqlValue[], keep: readonly string[], omit?: readonly string[]): void;
  load(tx: Transaction, server: ServerKind): Promise<void>;
}

interface UpdateGroup {
  keep: readonly string[];
  target: BulkTarget;
  /** Places of the written columns in a whole row. */
  places: number[] | undefined;
  rows: SqlValue[][];
}

/** @param target - Table and all columns, in the order of the rows. */
export function createObjectRows(target: BulkTarget): ObjectRows {
  const fresh = createBatchRows();
  const groups: UpdateGroup[] = [];
  const groupOf = (keep: readonly string[], omit: readonly string[] | undefined) => {
    const columns = target.columns.filter((column) => !(omit?.includes(column) ?? false));
    let group = groups.find(
      (each) => each.keep === keep && each.target.columns.length === columns.length,
    );
    if (group === undefined) {
      const places =
        omit === undefined ? undefined : columns.map((column) => target.columns.indexOf(column));
      group = { keep, target: { table: target.table, columns }, places, rows: [] };
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
      for (const value of row) rows.value(value);
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
