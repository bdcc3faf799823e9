import { InvalidInputError } from '../errors.ts';
import { openByteSource } from './byte-source.ts';
import type { TextDialect } from './delimited-header.ts';
import { openDelimitedText } from './delimited-text.ts';
import { openFitsTable } from './fits-table.ts';
import { fittingLayout, openFixedText } from './fixed-text.ts';
import type { FixedLayout } from './fixed-text.ts';
import { openParquet } from './parquet.ts';
import type { TableReader } from './table.ts';
import { openVotable } from './votable.ts';

const SAMPLE_BYTES = 1 << 16;

export type TableFormat = 'text' | 'fits' | 'votable' | 'parquet';

/** What a file cannot say of itself. */
export interface TableOptions {
  text: TextDialect;
  /** How a text without delimiters may be laid out. */
  fixed?: readonly FixedLayout[];
  /** Which of several tables in a FITS file or VOTable, from 1. */
  table: number;
}

/**
 * Opens a table file of any format that can be read: it is told by its content, not by its name.
 *
 * @throws {InvalidInputError} if it is of no such format, empty or damaged.
 */
export async function openTable(path: string, options: TableOptions): Promise<TableReader> {
  switch (await formatOf(path)) {
    case 'fits':
      return openFitsTable(path, options.table);
    case 'votable':
      return openVotable(path, options.table);
    case 'parquet':
      return openParquet(path);
    case 'text': {
      const layout = await fittingLayout(path, options.fixed ?? []);
      return layout === undefined
        ? openDelimitedText(path, options.text)
        : openFixedText(path, layout);
    }
  }
}

async function formatOf(path: string): Promise<TableFormat> {
  const source = await openByteSource(path);
  const sample = await source.take(SAMPLE_BYTES).finally(() => source.close());
  if (sample.length === 0) throw new InvalidInputError(`${path} is empty`);
  const start = sample.toString('latin1');
  if (start.startsWith('SIMPLE  =')) return 'fits';
  if (start.startsWith('PAR1')) return 'parquet';
  if (
    /^(?:\xef\xbb\xbf|\xff\xfe)?\s*<(?:\?xml|!--|[\w:]*VOTABLE)/.test(start.replaceAll('\0', ''))
  ) {
    return 'votable';
  }
  if (sample.some(isNoText)) {
    throw new InvalidInputError(
      `${path} is neither text in UTF-8 nor FITS, VOTable or Parquet, as it is or packed with gzip`,
    );
  }
  return 'text';
}

/** Control characters that no text has. */
function isNoText(byte: number): boolean {
  return byte < 0x09 || (byte > 0x0d && byte < 0x1b);
}
