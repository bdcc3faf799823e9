import type { ResultColumn } from '../sql/ast.ts';
import type { Scalar } from '../store/row-reader.ts';
import type { ResultNotes, ResultTable, ValueKind } from './result-table.ts';
import { valueKind } from './result-table.ts';

/** Of all of 1.3 to 1.5; 1.4 is what validators of today's distributions know. */
const NAMESPACE = 'http://www.ivoa.net/xml/VOTable/v1.3';
const VERSION = '1.4';

const DATA_TYPES: Record<ValueKind, string> = {
  double: 'datatype="double"',
  float: 'datatype="float"',
  int32: 'datatype="int"',
  int64: 'datatype="long"',
  bool: 'datatype="boolean"',
  // char is ASCII alone until 1.5.
  text: 'datatype="unicodeChar" arraysize="*"',
  json: 'datatype="unicodeChar" arraysize="*" xtype="json"',
  timestamp: 'datatype="char" arraysize="*" xtype="timestamp"',
};

const TO_ESCAPE = /[&<>"\r]/g;
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
// Not characters of XML 1.0, however they are written.
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/**
 * A result as VOTable 1.4 with TABLEDATA. NULL is an empty cell, which since 1.3 serves every type; an
 * empty text is one too.
 */
export async function* writeVotable(result: ResultTable): AsyncGenerator<string, void, void> {
  const { columns, groups, notes, isCut } = result;
  yield `${votableHead(columns, notes)}<DATA><TABLEDATA>\n`;
  const cells = columns.map(cellOf);
  for await (const rows of groups) {
    let text = '';
    for (const row of rows) {
      text += '<TR>';
      for (let at = 0; at < cells.length; at++) {
        const value = row[at];
        text += value === null ? '<TD/>' : `<TD>${cells[at](value)}</TD>`;
      }
      text += '</TR>\n';
    }
    yield text;
  }
  const overflow = isCut() ? '<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n' : '';
  yield `</TABLEDATA></DATA>\n</TABLE>\n${overflow}</RESOURCE>\n</VOTABLE>\n`;
}

/** What a VOTable says of the columns, without rows: for formats that have no place for it. */
export function votableDescription(columns: ResultColumn[], notes: ResultNotes): string {
  return `${votableHead(columns, notes)}</TABLE>\n</RESOURCE>\n</VOTABLE>\n`;
}

function votableHead(columns: ResultColumn[], { query, askedAt }: ResultNotes): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<VOTABLE version="${VERSION}" xmlns="${NAMESPACE}">`,
    '<RESOURCE type="results">',
    '<INFO name="QUERY_STATUS" value="OK"/>',
    `<INFO name="query" value="${escapeXml(query)}"/>`,
    `<INFO name="request_date" value="${askedAt.toISOString()}"/>`,
    '<COOSYS ID="icrs" system="ICRS"/>',
    '<TABLE>',
    ...columns.map(field),
    '',
  ].join('\n');
}

function field(column: ResultColumn): string {
  const { name, unit, ucd, description } = column;
  const isPosition = ucd?.startsWith('pos.eq.') ?? false;
  const attributes = [
    `name="${escapeXml(name)}"`,
    DATA_TYPES[valueKind(column)],
    ...(unit === undefined ? [] : [`unit="${escapeXml(unit)}"`]),
    ...(ucd === undefined ? [] : [`ucd="${escapeXml(ucd)}"`]),
    ...(isPosition ? ['ref="icrs"'] : []),
  ].join(' ');
  if (description === undefined) return `<FIELD ${attributes}/>`;
  return `<FIELD ${attributes}><DESCRIPTION>${escapeXml(description)}</DESCRIPTION></FIELD>`;
}

function cellOf(column: ResultColumn): (value: Scalar) => string {
  switch (valueKind(column)) {
    case 'text':
    case 'json':
    case 'timestamp':
      return (value) => escapeXml(String(value));
    case 'bool':
      return (value) => (Number(value) === 0 ? 'F' : 'T');
    case 'int32':
    case 'int64':
    case 'double':
    case 'float':
      return numberText;
  }
}

function numberText(value: Scalar): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'number' && !Number.isFinite(value) ? '' : String(value);
}

/** Line breaks of attributes would become blanks: harmless in a query. */
function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(TO_ESCAPE, (character) => ESCAPES[character]);
}
