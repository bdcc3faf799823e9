import { InvalidInputError } from '../errors.ts';
import { openByteSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import type { CellValue } from './cell-values.ts';
import type { TableBatch, TableReader } from './table.ts';
import { valuesBatch } from './values-batch.ts';
import { createBinaryRows } from './votable-binary.ts';
import type { BinaryRows } from './votable-binary.ts';
import { readField } from './votable-fields.ts';
import type { VotableField } from './votable-fields.ts';
import { attribute, createXmlScanner } from './xml-scanner.ts';
import type { XmlScanner, XmlToken } from './xml-scanner.ts';

const BATCH_ROWS = 4096;

/** How the rows of a table are written. */
type Encoding = 'TABLEDATA' | 'BINARY' | 'BINARY2';

interface TableStart {
  fields: VotableField[];
  encoding: Encoding;
}

/**
 * Opens a table of a VOTable: TABLEDATA, BINARY or BINARY2 in the document itself. Columns of several
 * numbers are passed over.
 *
 * @param which - Which of the tables that have data, from 1.
 * @throws {InvalidInputError} if there is none, it is somewhere else, or the service that wrote it
 *   reports an error.
 * @see VOTable 1.4.
 */
export async function openVotable(path: string, which = 1): Promise<TableReader> {
  const probe = await openByteSource(path);
  const { fields } = await findTable(path, createXmlScanner(path, probe), which).finally(() =>
    probe.close(),
  );
  const readable = fields.flatMap((field, number) => (field.isReadable ? [{ field, number }] : []));
  let source: ByteSource | undefined;
  return {
    columns: readable.map(({ field }) => ({
      name: field.name,
      unit: field.unit,
      ucd: field.ucd,
      type: field.isText ? 'text' : 'number',
    })),
    async *batches(wanted, from) {
      source = await openByteSource(path);
      const scanner = createXmlScanner(path, source);
      const table = await findTable(path, scanner, which);
      const cells = wanted.map((column) => readable[column].number);
      const batch = createBatch(cells.length, from.count);
      const take =
        table.encoding === 'TABLEDATA'
          ? rowsOfTags(table.fields, cells, batch)
          : rowsOfStream(
              path,
              createBinaryRows(path, table.fields, cells, table.encoding === 'BINARY2'),
              batch,
            );
      for (let isOpen = true; isOpen;) {
        const token = scanner.next();
        if (token === undefined) {
          if (batch.count() >= BATCH_ROWS) yield batch.flush();
          if (!(await scanner.fetch())) {
            throw new InvalidInputError(`${path} is cut short: it ends within its table`);
          }
          continue;
        }
        isOpen = take(token);
        if (batch.count() >= BATCH_ROWS) yield batch.flush();
      }
      if (batch.count() > 0) yield batch.flush();
      await readStatus(path, scanner);
    },
    bytesRead: () => source?.fileBytes() ?? 0,
    close: async () => source?.close(),
  };
}

/** Rows that are gathered until they make a batch; those before the position to go on from are dropped. */
interface RowGatherer {
  row(values: readonly CellValue[], fault?: string): void;
  count(): number;
  flush(): TableBatch;
}

function createBatch(width: number, from: number): RowGatherer {
  let seen = 0;
  let first = from;
  let columns = emptyColumns(width);
  let faults = new Map<number, string>();
  let count = 0;
  return {
    row(values, fault) {
      if (seen++ < from) return;
      for (let i = 0; i < width; i++) columns[i].push(values[i] ?? null);
      if (fault !== undefined) faults.set(count, fault);
      count++;
    },
    count: () => count,
    flush() {
      const batch = valuesBatch(columns, count, first, faults);
      first += count;
      columns = emptyColumns(width);
      faults = new Map();
      count = 0;
      return batch;
    },
  };
}

function emptyColumns(width: number): CellValue[][] {
  return Array.from({ length: width }, () => []);
}

/** Takes tokens of a TABLEDATA. @returns Its taker, which says whether the table goes on. */
function rowsOfTags(
  fields: readonly VotableField[],
  cells: readonly number[],
  batch: RowGatherer,
): (token: XmlToken) => boolean {
  const cellOf = new Map(cells.map((field, cell) => [field, cell]));
  let values: CellValue[] = [];
  let field = -1;
  let text: string | undefined;
  const endCell = () => {
    const cell = cellOf.get(field);
    if (cell !== undefined && text !== undefined) {
      values[cell] = text.trim() === fields[field].blank ? null : text;
    }
    text = undefined;
  };
  return (token) => {
    if (token.kind === 'text') {
      if (text !== undefined) text += token.text;
    } else if (token.kind === 'open') {
      if (token.name === 'TR') {
        values = [];
        field = -1;
      } else if (token.name === 'TD') {
        field++;
        text = '';
        if (token.isEmpty) endCell();
      }
    } else if (token.name === 'TD') endCell();
    else if (token.name === 'TR') {
      const found = field + 1;
      batch.row(
        values,
        found === fields.length ? undefined : `it has ${found} values instead of ${fields.length}`,
      );
    } else if (token.name === 'TABLEDATA') return false;
    return true;
  };
}

/** Takes the tokens of a STREAM in base64. */
function rowsOfStream(
  path: string,
  rows: BinaryRows,
  batch: RowGatherer,
): (token: XmlToken) => boolean {
  let isStream = false;
  return (token) => {
    if (token.kind === 'text') {
      if (isStream) rows.push(token.text, (values) => batch.row(values));
    } else if (token.kind === 'open' && token.name === 'STREAM') {
      const encoding = attribute(token.attributes, 'encoding');
      if (attribute(token.attributes, 'href') !== undefined || encoding !== 'base64') {
        throw new InvalidInputError(
          `the rows of ${path} are not in it in base64: save the table as one file`,
        );
      }
      isStream = true;
    } else if (token.kind === 'close' && token.name === 'STREAM') {
      if (rows.rest() > 0) {
        throw new InvalidInputError(`${path} is damaged: its stream ends within a row`);
      }
      return false;
    }
    return true;
  };
}

/** Reads on to the rows of a table. */
async function findTable(path: string, scanner: XmlScanner, which: number): Promise<TableStart> {
  let fields: VotableField[] = [];
  let tables = 0;
  let isRoot = true;
  for (;;) {
    const token = scanner.next();
    if (token === undefined) {
      if (await scanner.fetch()) continue;
      throw new InvalidInputError(
        tables === 0
          ? `${path} has no table with rows`
          : `${path} has ${tables} tables with rows, and number ${which} was asked for`,
      );
    }
    if (token.kind !== 'open') continue;
    if (isRoot && token.name !== 'VOTABLE') {
      throw new InvalidInputError(`${path} is XML, but no VOTable: it begins with ${token.name}`);
    }
    isRoot = false;
    checkStatus(path, token, false);
    if (token.name === 'TABLE') fields = [];
    else if (token.name === 'FIELD') fields.push(readField(path, token.attributes));
    else if (token.name === 'VALUES') {
      const field = fields.at(-1);
      if (field !== undefined) field.blank = attribute(token.attributes, 'null') ?? field.blank;
    } else if (token.name === 'FITS') {
      throw new InvalidInputError(`the rows of ${path} are a FITS file within: load that instead`);
    } else if (isEncoding(token.name) && ++tables === which) {
      return { fields, encoding: token.name };
    }
  }
}

function isEncoding(name: string): name is Encoding {
  return name === 'TABLEDATA' || name === 'BINARY' || name === 'BINARY2';
}

/** Reads what stands behind the rows: whether they are all. */
async function readStatus(path: string, scanner: XmlScanner): Promise<void> {
  for (;;) {
    const token = scanner.next();
    if (token !== undefined) checkStatus(path, token, true);
    else if (!(await scanner.fetch())) return;
  }
}

function checkStatus(path: string, token: XmlToken, isEnd: boolean): void {
  if (token.kind !== 'open' || token.name !== 'INFO') return;
  if (attribute(token.attributes, 'name') !== 'QUERY_STATUS') return;
  const status = attribute(token.attributes, 'value');
  if (status === 'ERROR') {
    throw new InvalidInputError(`${path} is no catalogue: it reports an error of the service`);
  }
  if (status === 'OVERFLOW') {
    throw new InvalidInputError(
      `${path} is not whole: the service left rows out${isEnd ? ' at its end' : ''} (OVERFLOW)`,
    );
  }
}
