/** A row of a table of comma-separated values. */
export interface CsvRow {
  /** Line of the file that it begins on, from 1. */
  line: number;
  values: string[];
  /** What is wrong with the row, if anything is: then it has no values. */
  fault?: string;
}

/** A value that is quoted may hold line breaks; so many at the most, lest a lost quote eat the rest. */
const MAX_BREAKS = 20;
const MAX_ROW_CHARS = 1 << 16;
const QUOTE = '"';

/**
 * Reads rows of comma-separated values as they come, in groups. A row that cannot be read is given
 * with what is wrong, and costs the one line it begins on.
 *
 * @param chunks - Text in UTF-8, cut anywhere; a byte order mark is left out.
 * @param delimiter - One character.
 * @see RFC 4180, but for the line ends, which may be any.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<CsvRow[]> {
  const decoder = new TextDecoder();
  const state: State = { line: 1, isSkipping: false };
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    const { rows, end } = readRows(text, delimiter, state, false);
    text = text.slice(end);
    if (rows.length > 0) yield rows;
  }
  const { rows } = readRows(text + decoder.decode(), delimiter, state, true);
  if (rows.length > 0) yield rows;
}

interface State {
  line: number;
  /** Whether the rest of the line belongs to a row that cannot be read. */
  isSkipping: boolean;
}

function readRows(
  text: string,
  delimiter: string,
  state: State,
  isLast: boolean,
): { rows: CsvRow[]; end: number } {
  const rows: CsvRow[] = [];
  let start = 0;
  while (start < text.length) {
    if (state.isSkipping) {
      const end = text.indexOf('\n', start);
      if (end < 0) return { rows, end: text.length };
      state.isSkipping = false;
      state.line++;
      start = end + 1;
      continue;
    }
    const row = readRow(text, start, delimiter, isLast);
    if (row === 'incomplete') break;
    if (typeof row === 'string') {
      rows.push({ line: state.line, values: [], fault: row });
      state.isSkipping = true;
      continue;
    }
    // An empty line is no row.
    if (row.values.length > 1 || row.values[0] !== '') {
      rows.push({ line: state.line, values: row.values });
    }
    start = row.end;
    state.line += 1 + row.breaks;
  }
  return { rows, end: start };
}

/** @returns The row and where the next begins; `incomplete`, or what is wrong with it. */
function readRow(
  text: string,
  start: number,
  delimiter: string,
  isLast: boolean,
): { values: string[]; end: number; breaks: number } | string {
  const values: string[] = [];
  let at = start;
  let breaks = 0;
  for (;;) {
    let value: string;
    if (text[at] === QUOTE) {
      const close = closingQuote(text, at + 1);
      if (close < 0 || (close + 1 === text.length && !isLast)) {
        const isTooLong = text.length - start > MAX_ROW_CHARS;
        return isLast || isTooLong ? 'a quoted value has no end' : 'incomplete';
      }
      const inside = text.slice(at + 1, close);
      value = inside.includes(QUOTE) ? inside.replaceAll('""', QUOTE) : inside;
      if (inside.includes('\n')) breaks += inside.split('\n').length - 1;
      if (breaks > MAX_BREAKS) return 'a quoted value has no end';
      at = close + 1;
      if (text[at] === '\r') at++;
      if (at < text.length && text[at] !== delimiter && text[at] !== '\n') {
        return 'there is something between a quoted value and the next';
      }
    } else {
      const from = at;
      const most = Math.min(text.length, start + MAX_ROW_CHARS + 1);
      while (at < most && text[at] !== delimiter && text[at] !== '\n') at++;
      if (at > start + MAX_ROW_CHARS) return 'the line is too long';
      value = text.slice(from, text[at - 1] === '\r' && text[at] !== delimiter ? at - 1 : at);
    }
    if (at - start > MAX_ROW_CHARS) return 'the line is too long';
    if (at >= text.length && !isLast) return 'incomplete';
    values.push(value);
    if (at >= text.length) return { values, end: at, breaks };
    if (text[at++] === '\n') return { values, end: at, breaks };
  }
}

/** @returns Where the quote is that ends the value; -1 if it has not come yet. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf(QUOTE, from); at >= 0; at = text.indexOf(QUOTE, at + 2)) {
    if (text[at + 1] !== QUOTE) return at;
  }
  return -1;
}
