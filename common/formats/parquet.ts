import { parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { open } from 'node:fs/promises';

import { InvalidInputError } from '../errors.ts';
import type { TableColumn, TableReader } from './table.ts';
import { valuesBatch } from './values-batch.ts';

/** Rows of a row group that are taken at once: larger groups are read in parts. */
const MAX_ROWS = 250_000;
const NUMBERS = new Set(['INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BOOLEAN']);

/**
 * Opens a Parquet file, which is read row group by row group. Columns of lists and records are
 * passed over.
 *
 * @throws {InvalidInputError} if it is damaged or compressed in a way that is not known.
 */
export async function openParquet(path: string): Promise<TableReader> {
  const handle = await open(path).catch((err: unknown) => {
    throw new InvalidInputError(`${path} cannot be read`, { cause: err });
  });
  const { size } = await handle.stat();
  const file: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length) throw new Error('the file ends within a column');
      return bytes.buffer;
    },
  };
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (err) {
    await handle.close();
    throw new InvalidInputError(`${path} cannot be read as Parquet`, { cause: err });
  }
  const columns = columnsOf(metadata);
  let doneRows = 0;
  return {
    columns,
    async *batches(wanted, from) {
      const names = wanted.map((column) => columns[column].name);
      for (const { rowStart, rowEnd } of partsOf(metadata)) {
        if (rowEnd <= from.count) continue;
        const first = Math.max(rowStart, from.count);
        try {
          const scan = await parquetScan({ file, metadata, compressors, columns: names });
          const values = [];
          for (const column of names) {
            values.push(await scan.readColumn({ column, rowStart: first, rowEnd }));
          }
          doneRows = rowEnd;
          yield valuesBatch(values, rowEnd - first, first);
        } catch (err) {
          throw new InvalidInputError(`${path} cannot be read behind row ${first}`, { cause: err });
        }
      }
    },
    bytesRead: () => size * Math.min(1, doneRows / Math.max(1, Number(metadata.num_rows))),
    close: () => handle.close(),
  };
}

function columnsOf(metadata: FileMetaData): TableColumn[] {
  return parquetSchema(metadata)
    .children.filter(({ children, element }) => {
      return children.length === 0 && element.repetition_type !== 'REPEATED';
    })
    .map(({ element }) => ({
      name: element.name,
      unit: '',
      type: NUMBERS.has(element.type ?? '') ? 'number' : 'text',
    }));
}

/** The ranges of rows that are read at once, in order. */
function partsOf(metadata: FileMetaData): { rowStart: number; rowEnd: number }[] {
  const parts = [];
  let start = 0;
  for (const { num_rows } of metadata.row_groups) {
    const end = start + Number(num_rows);
    for (; start < end; start = parts[parts.length - 1].rowEnd) {
      parts.push({ rowStart: start, rowEnd: Math.min(end, start + MAX_ROWS) });
    }
  }
  return parts;
}
