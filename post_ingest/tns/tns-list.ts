import { InvalidInputError } from '../../common/errors.ts';
import { readCsv } from './read-csv.ts';
import type { CsvRow } from './read-csv.ts';
import { columnsOf, isHeader } from './tns-columns.ts';
import type { TnsColumns } from './tns-columns.ts';
import { parsePeriod } from './tns-period.ts';
import type { Period } from './tns-period.ts';

/** A list of names, as far as its first lines tell. */
export interface TnsList {
  /** What the line above the header says, if there is one. */
  period: Period | undefined;
  /** Undefined for a list that has nothing but that line: there was no change. */
  columns: TnsColumns | undefined;
  /** The rows below the header, in groups. */
  rows: AsyncGenerator<CsvRow[]>;
}

/** The header is among the first so many lines. */
const HEADER_LINES = 5;
const PREFIX_BYTES = 1 << 16;

/**
 * Reads the beginning of a list of the Transient Name Server: the public objects (whole, of a day,
 * of an hour), or what the search page gives, between commas, semicolons or tabs.
 *
 * @throws {InvalidInputError} if it has no header that names at least a position and a name.
 */
export async function openTnsList(chunks: AsyncIterable<Uint8Array>): Promise<TnsList> {
  const source = chunks[Symbol.asyncIterator]();
  const prefix: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < PREFIX_BYTES && !isWhole) {
    const next = await source.next();
    if (next.done === true) isWhole = true;
    else {
      prefix.push(next.value);
      length += next.value.length;
    }
  }
  const lines = new TextDecoder()
    .decode(Buffer.concat(prefix))
    .split(/\r?\n/)
    .slice(0, HEADER_LINES);
  const at = lines.findIndex((line) => isHeader(line));
  const period = parsePeriod(lines[0] ?? '');
  if (at < 0) {
    const isEmpty = isWhole && period !== undefined && lines.slice(1).every((line) => line === '');
    if (!isEmpty) {
      throw new InvalidInputError(
        'it is no list of the Transient Name Server: its first lines name no columns with name, ra and declination',
      );
    }
    return { period, columns: undefined, rows: noRows() };
  }
  const { delimiter, columns } = columnsOf(lines[at]);
  return { period, columns, rows: below(at + 1, readCsv(rest(prefix, source), delimiter)) };
}

/** Rows that begin below a line. */
async function* below(line: number, groups: AsyncGenerator<CsvRow[]>): AsyncGenerator<CsvRow[]> {
  for await (const rows of groups) yield rows.filter((row) => row.line > line);
}

async function* rest(
  prefix: readonly Uint8Array[],
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* prefix;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    yield next.value;
  }
}

async function* noRows(): AsyncGenerator<CsvRow[]> {
  // There is nothing below the first line.
}
