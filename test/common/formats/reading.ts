import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openTable } from '../../../common/formats/open-table.ts';
import type { TableOptions } from '../../../common/formats/open-table.ts';
import { BEGINNING } from '../../../common/formats/table.ts';
import type { ReadPosition, TableReader } from '../../../common/formats/table.ts';

export const PLAIN: TableOptions = { text: { comment: '#', skipLines: 0 }, table: 1 };

const folder = mkdtempSync(join(tmpdir(), 'glint-formats-'));
let count = 0;

/** Writes a file that the operating system clears away. @returns Its path. */
export function fileOf(content: string | Uint8Array, name = 'table'): string {
  const path = join(folder, `${++count}-${name}`);
  writeFileSync(path, content);
  return path;
}

export interface ReadRow {
  place: string;
  fault: string | null;
  texts: (string | null)[];
  numbers: (number | null)[];
}

/** Everything of a table, and where each batch ended. */
export async function readAll(
  reader: TableReader,
  from: ReadPosition = BEGINNING,
): Promise<{ rows: ReadRow[]; ends: { rows: number; next: ReadPosition }[] }> {
  const wanted = reader.columns.map((_, column) => column);
  const rows: ReadRow[] = [];
  const ends = [];
  try {
    for await (const batch of reader.batches(wanted, from)) {
      for (let row = 0; row < batch.count; row++) {
        rows.push({
          place: batch.place(row),
          fault: batch.fault(row),
          texts: wanted.map((column) => batch.text(row, column)),
          numbers: wanted.map((column) => batch.number(row, column)),
        });
      }
      ends.push({ rows: rows.length, next: batch.next });
    }
  } finally {
    await reader.close();
  }
  return { rows, ends };
}

/** Reads a table that a test wrote. */
export async function readTable(
  content: string | Uint8Array,
  options: Partial<TableOptions> = {},
): Promise<{ columns: string[]; rows: ReadRow[] }> {
  const reader = await openTable(fileOf(content), { ...PLAIN, ...options });
  const { rows } = await readAll(reader);
  return { columns: reader.columns.map((column) => column.name), rows };
}

/** The message of what a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (err) {
    return err instanceof Error ? err.message : String(err);
  }
  return 'it did not fail';
}
