import { expect } from 'chai';

import { SURVEYS } from '../../common/config.ts';
import { ALL_TABLES } from '../../common/schema/tables.ts';
import type { Queries } from '../../common/store/database.ts';

/** Rows as text, by table and key. */
export type DerivedRows = Map<string, Map<string, Record<string, unknown>>>;

/**
 * When something was written, how often, and where: another run has others. Of the tables of the
 * surveys everything else follows from the packets and from what is around.
 */
const BOOKKEEPING: Record<string, readonly string[]> = {
  comments: ['comment_id', 'time'],
  sherlock_crossmatches: ['dateCreated'],
  crossmatch_tns: ['lasairmodified_date'],
  histories: ['version'],
  cutouts: ['pack', 'position'],
  arrivals: ['topic_id', 'partition_id', 'message_offset', 'sent_at', 'stored_at', 'batch_id'],
};
/** A comment has no other key than its number. */
const KEYS: Record<string, readonly string[]> = { comments: ['objectId', 'diaObjectId', 'topic'] };

/** Everything that is stored in the databases of the surveys, but for bookkeeping. */
export async function derivedRows(db: Queries): Promise<DerivedRows> {
  const all: DerivedRows = new Map();
  for (const { database, name, columns, primaryKey } of ALL_TABLES) {
    if (!SURVEYS.some((survey) => survey === database)) continue;
    const kept = columns.filter((column) => !(BOOKKEEPING[name]?.includes(column.name) ?? false));
    // As FLOAT the server would write six digits.
    const list = kept.map((column) =>
      column.type === 'float' ? `CAST(\`${column.name}\` AS DOUBLE)` : `\`${column.name}\``,
    );
    const rows = await db.arrays(`SELECT ${list.join(', ')} FROM ${database}.\`${name}\``);
    const key = (KEYS[name] ?? primaryKey).filter((part) =>
      kept.some((each) => each.name === part),
    );
    const byKey = new Map<string, Record<string, unknown>>();
    for (const values of rows) {
      const row = Object.fromEntries(kept.map((column, i) => [column.name, asText(values[i])]));
      byKey.set(key.map((part) => String(row[part])).join('/'), row);
    }
    expect(byKey.size, `${database}.${name}: distinct keys`).to.equal(rows.length);
    all.set(`${database}.${name}`, byKey);
  }
  return all;
}

/**
 * Compares every table, row and column.
 *
 * @param passOver - Columns that may differ, as `table.column`.
 */
export function expectSameRows(
  actual: DerivedRows,
  wanted: DerivedRows,
  passOver: readonly string[] = [],
): void {
  const differences: string[] = [];
  for (const [table, rows] of wanted) {
    const ours = actual.get(table) ?? new Map<string, Record<string, unknown>>();
    for (const key of new Set([...rows.keys(), ...ours.keys()])) {
      const [one, other] = [ours.get(key), rows.get(key)];
      if (one === undefined || other === undefined) {
        differences.push(`${table} ${key}: ${one === undefined ? 'missing' : 'not wanted'}`);
        continue;
      }
      for (const [column, value] of Object.entries(other)) {
        const name = table.slice(table.indexOf('.') + 1);
        if (one[column] === value || passOver.includes(`${name}.${column}`)) continue;
        differences.push(
          `${table} ${key} ${column}: ${shortly(one[column])}, not ${shortly(value)}`,
        );
      }
    }
  }
  expect(differences.slice(0, 20), `${differences.length} differences`).to.deep.equal([]);
}

function shortly(value: unknown): string {
  return String(value).slice(0, 80);
}

function asText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
}
