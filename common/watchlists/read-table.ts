import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { InvalidInputError } from '../errors.ts';
import { openTable } from '../formats/open-table.ts';
import type { TableReader } from '../formats/table.ts';
import { BEGINNING } from '../formats/table.ts';
import { columnRoles } from './column-roles.ts';
import { createGatherer } from './gather-sources.ts';
import { readSource } from './read-source.ts';
import type { ReadWatchlist, WatchlistLayout } from './reading.ts';

/** Columns that are named where those with positions are not found. */
const NAMED_COLUMNS = 20;

/**
 * Reads sources from the first table of a file: its columns are found by UCD or name.
 *
 * @param name - How the file is called in messages.
 * @param tables - Folder in which it is kept while it is read.
 * @throws {InvalidInputError} if it cannot be read, or has no columns with positions.
 */
export async function readTable(
  bytes: Uint8Array,
  format: Exclude<WatchlistLayout['format'], 'text'>,
  name: string,
  tables: string,
): Promise<ReadWatchlist> {
  const folder = await mkdtemp(join(tables, 'glint-watchlist-'));
  const path = join(folder, 'table');
  let reader: TableReader | undefined;
  try {
    await writeFile(path, bytes);
    reader = await openTable(path, { table: 1, text: { comment: '#', skipLines: 0 } });
    return await readRows(reader, format, name);
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    // Where it lies here means nothing to whoever uploaded it.
    throw new InvalidInputError(err.message.replaceAll(path, name), { cause: err.cause });
  } finally {
    await reader?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readRows(
  reader: TableReader,
  format: WatchlistLayout['format'],
  name: string,
): Promise<ReadWatchlist> {
  const { columns } = reader;
  const roles = columnRoles(columns);
  if (roles === undefined) {
    const names = columns.slice(0, NAMED_COLUMNS).map((column) => column.name);
    throw new InvalidInputError(
      `${name} has no columns with right ascension and declination by their UCD or name, as ra and dec; its columns are ${names.join(', ')}`,
    );
  }
  const wanted = [roles.ra, roles.decl];
  const cell = (column: number | undefined) =>
    column === undefined ? undefined : wanted.push(column) - 1;
  const [nameCell, radiusCell] = [cell(roles.name), cell(roles.radius)];
  const gatherer = createGatherer();
  let row = 0;
  for await (const batch of reader.batches(wanted, BEGINNING)) {
    for (let i = 0; i < batch.count; i++) {
      row++;
      const text = (column: number | undefined) =>
        column === undefined ? '' : (batch.text(i, column)?.trim() ?? '');
      const written = {
        ra: text(0),
        decl: text(1),
        name: text(nameCell),
        radius: text(radiusCell),
      };
      const source = batch.fault(i) ?? readSource(written, roles);
      const shown = () => [written.name, written.ra, written.decl, written.radius].join(', ');
      gatherer.add(row, shown, source);
    }
  }
  const named = (column: number | undefined) =>
    column === undefined ? null : columns[column].name;
  return gatherer.result({
    format,
    delimiter: null,
    hasHeader: true,
    columns: {
      ra: columns[roles.ra].name,
      decl: columns[roles.decl].name,
      name: named(roles.name),
      radius: named(roles.radius),
    },
  });
}
