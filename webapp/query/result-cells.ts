import type { ResultColumn } from '../../common/sql/ast.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import { sentenceHtml } from '../sentence-html.ts';

const OBJECT_KEYS = ['objectid', 'diaobjectid'];
const OBJECT_ID = /^(ZTF\d{2}[a-z]{7}|[1-9]\d{0,18})$/;
const ADDRESS = /^https?:\/\/[^\s"<>]{1,2000}$/;
/** Columns that hold emphasis: comments, and the sentences of Sherlock. */
const SENTENCES = ['content', 'description'];
const NUMERIC = ['double', 'float', 'int', 'decimal'];

/** Whether a column holds quantities: right-aligned, and fit for a plot. */
export function isNumeric({ type }: ResultColumn): boolean {
  return NUMERIC.includes(type);
}

/** Whether a column names objects of a survey, so that its values lead to their pages. */
export function isObjectKey(column: ResultColumn): boolean {
  return [column.name, column.source?.column ?? ''].some((name) =>
    OBJECT_KEYS.includes(name.toLowerCase()),
  );
}

/** Which column names the object that a row is about; -1 for none. */
export function objectKeyIndex(columns: readonly ResultColumn[]): number {
  return columns.findIndex(isObjectKey);
}

/** The page of an object; undefined for values that name none. */
export function objectAddress(value: Scalar): string | undefined {
  return typeof value === 'string' && OBJECT_ID.test(value) ? `/object/${value}/` : undefined;
}

/** A value as text, with all its digits. */
export function valueText(column: ResultColumn, value: Exclude<Scalar, null>): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (column.type === 'timestamp' && typeof value === 'string') {
    return value.replace('T', ' ').replace(/(\.0+)?Z$/, '');
  }
  return String(value);
}

/**
 * The rows of a result as the body of a table. Whatever a value holds comes out as text; of markup
 * only the emphasis of sentences is kept.
 */
export function rowsHtml(columns: readonly ResultColumn[], rows: readonly Scalar[][]): string {
  const cells = columns.map(cellWriter);
  return rows
    .map((row) => `<tr>${row.map((value, i) => cells[i](value)).join('')}</tr>`)
    .join('\n');
}

/** Numbers are most of it: they are the cells without a class. */
function cellWriter(column: ResultColumn): (value: Scalar) => string {
  const plain = isNumeric(column) ? '<td>' : `<td class="${cellClass(column)}">`;
  const link = linkWriter(column);
  return (value) => {
    if (value === null) return '<td class="null">NULL</td>';
    const text = valueText(column, value);
    return `${plain}${link(text)}</td>`;
  };
}

function cellClass(column: ResultColumn): string {
  const isText = column.type === 'text' || column.type === 'json';
  return isText && !isObjectKey(column) ? 'text' : 'word';
}

function linkWriter(column: ResultColumn): (text: string) => string {
  if (isObjectKey(column)) {
    return (text) => {
      const address = objectAddress(text);
      return address === undefined ? escapeHtml(text) : `<a href="${address}">${text}</a>`;
    };
  }
  if (column.type !== 'text') return escapeHtml;
  if (isSentence(column)) return sentenceHtml;
  return (text) =>
    ADDRESS.test(text)
      ? `<a href="${escapeHtml(text)}" rel="noopener noreferrer nofollow">${escapeHtml(text)}</a>`
      : escapeHtml(text);
}

function isSentence({ name, source }: ResultColumn): boolean {
  return SENTENCES.includes(source?.column ?? name);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
