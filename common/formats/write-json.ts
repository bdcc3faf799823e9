import type { ResultColumn } from '../sql/ast.ts';
import type { Scalar } from '../store/row-reader.ts';
import type { ResultTable } from './result-table.ts';

/**
 * How values look: `glint` gives 64-bit ids and whole numbers beyond 2^53 as strings, truth as true or
 * false, times as they come;
 * `lasair` gives what programs of that generation know: ids as bare digits, truth as 1 or 0, times
 * without a zone.
 */
export type JsonStyle = 'glint' | 'lasair';

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** A result as one array of objects by name of column, a row a line. */
export async function* writeJson(
  { columns, groups }: ResultTable,
  style: JsonStyle = 'glint',
): AsyncGenerator<string, void, void> {
  const objectOf = rowText(columns, style);
  yield '[';
  let isFirst = true;
  for await (const rows of groups) {
    let text = '';
    for (const row of rows) {
      text += isFirst ? `\n${objectOf(row)}` : `,\n${objectOf(row)}`;
      isFirst = false;
    }
    yield text;
  }
  yield '\n]\n';
}

/** A result as one object a line: what a program can read while it arrives. */
export async function* writeNdjson({
  columns,
  groups,
}: ResultTable): AsyncGenerator<string, void, void> {
  const objectOf = rowText(columns, 'glint');
  for await (const rows of groups) {
    let text = '';
    for (const row of rows) text += `${objectOf(row)}\n`;
    yield text;
  }
}

/** Rows as objects, as text: the digits of large numbers stay what they are. */
function rowText(columns: ResultColumn[], style: JsonStyle): (row: Scalar[]) => string {
  const keys = columns.map(({ name }, at) => `${at === 0 ? '' : ','}${JSON.stringify(name)}:`);
  const cells = columns.map((column) => cellOf(column, style));
  return (row) => {
    let text = '{';
    for (let at = 0; at < cells.length; at++) {
      const value = row[at];
      text += keys[at];
      text += value === null ? 'null' : cells[at](value);
    }
    return `${text}}`;
  };
}

function cellOf({ type }: ResultColumn, style: JsonStyle): (value: Scalar) => string {
  switch (type) {
    case 'id':
      return style === 'lasair' ? numberText : (value) => JSON.stringify(String(value));
    case 'double':
    case 'float':
    case 'int':
    case 'decimal':
      return style === 'lasair' ? numberText : safeNumberText;
    case 'bool':
      return style === 'lasair' ? (value) => (Number(value) === 0 ? '0' : '1') : truthText;
    case 'timestamp':
      return style === 'lasair' ? (value) => JSON.stringify(localTime(String(value))) : quoted;
    default:
      return quoted;
  }
}

/** JSON has no NaN and no infinity. What no JavaScript number holds comes as text and stays one. */
function safeNumberText(value: Scalar): string {
  if (typeof value !== 'number') return JSON.stringify(value);
  return Number.isFinite(value) ? String(value) : 'null';
}

/** All digits without quotes. */
function numberText(value: Scalar): string {
  return typeof value === 'string' && NUMBER.test(value) ? value : safeNumberText(value);
}

function truthText(value: Scalar): string {
  return Number(value) === 0 ? 'false' : 'true';
}

function quoted(value: Scalar): string {
  return JSON.stringify(String(value));
}

/** 2024-05-09T10:11:12, with six decimals where it has any: as Python prints a time without a zone. */
function localTime(iso: string): string {
  const [, whole, decimals = ''] = /^([^.Z]*)(?:\.(\d*))?Z?$/.exec(iso) ?? ['', iso];
  return /[1-9]/.test(decimals)
    ? `${whole.replace(' ', 'T')}.${decimals.padEnd(6, '0')}`
    : whole.replace(' ', 'T');
}
