import type { ResultColumn } from '../sql/ast.ts';
import type { Scalar } from '../store/row-reader.ts';
import { csvText } from './csv-text.ts';
import type { ResultTable } from './result-table.ts';

/**
 * A result as CSV (RFC 4180): a line of names, CRLF, UTF-8. NULL is an empty cell and an empty text is
 * `""`. Texts that spreadsheets run as formulas are guarded as `csvText` says.
 */
export async function* writeCsv({
  columns,
  groups,
}: ResultTable): AsyncGenerator<string, void, void> {
  yield `${columns.map((column) => csvText(column.name)).join(',')}\r\n`;
  const cells = columns.map(cellOf);
  for await (const rows of groups) {
    let text = '';
    for (const row of rows) {
      for (let at = 0; at < cells.length; at++) {
        if (at > 0) text += ',';
        const value = row[at];
        if (value !== null) text += cells[at](value);
      }
      text += '\r\n';
    }
    yield text;
  }
}

function cellOf({ type }: ResultColumn): (value: Scalar) => string {
  return type === 'text' || type === 'json' ? (value) => cellOfText(String(value)) : plain;
}

function plain(value: Scalar): string {
  return typeof value === 'number' && !Number.isFinite(value) ? '' : String(value);
}

function cellOfText(text: string): string {
  return text === '' ? '""' : csvText(text);
}
