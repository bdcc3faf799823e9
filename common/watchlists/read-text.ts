import { setImmediate as nextTurn } from 'node:timers/promises';

import { withoutGuard } from '../formats/csv-text.ts';
import { readBlankLine } from './blank-lines.ts';
import { columnRoles } from './column-roles.ts';
import type { ColumnRoles } from './column-roles.ts';
import { createGatherer } from './gather-sources.ts';
import { isPlace, readSource, USUAL_UNITS } from './read-source.ts';
import type { ReadWatchlist, WatchlistLayout } from './reading.ts';
import { delimiterOf, guessDelimiter, splitLine } from './split-line.ts';
import type { Delimiter } from './split-line.ts';
import type { WatchlistSource } from './watchlist.ts';

/** Lines by which the order of columns without names is found. */
const SAMPLE = 1_000;
const LINES_AT_ONCE = 2_000;
const MAX_LINE = 10_000;
const UNREADABLE_QUOTE = 'a quoted value has no end on its line';
const TOO_LONG = `the line has more than ${MAX_LINE} letters`;
/** Line of dashes below a header, as VizieR draws it. */
const RULER = /^[-\s|;,]*--[-\s|;,]*$/;
const DECIMAL = /^[+-]?\d*\.\d+$/;

/** Columns named by a header. */
interface Header {
  names: readonly string[];
  roles: ColumnRoles;
  /** Lines that belong to it; they come before the rows. */
  lines: ReadonlySet<number>;
}

/** Order of columns that have no names. */
type Order = 'ra-decl-name-radius' | 'name-ra-decl-radius';

const ORDERED: Record<Order, { name: number; ra: number; decl: number; least: number }> = {
  'ra-decl-name-radius': { ra: 0, decl: 1, name: 2, least: 2 },
  'name-ra-decl-radius': { name: 0, ra: 1, decl: 2, least: 3 },
};

/**
 * Reads sources from a text: a line each, values between commas, bars, semicolons, tabs or blanks.
 * With a header its names say what is what; without one the order is RA, Dec, name, radius or name,
 * RA, Dec, radius, whichever fits more lines, and all but the position may be missing. Lines that
 * begin with # are comments; the last before the first row may be the header.
 *
 * @throws {InvalidInputError} if there are too many sources.
 */
export async function readText(text: string): Promise<ReadWatchlist> {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  if (lines[lines.length - 1] === '') lines.pop();
  const rows: number[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() !== '' && !isComment(line)) rows.push(at);
  }
  const delimiter = guessDelimiter(rows.map((at) => lines[at]));
  const header = findHeader(lines, rows, delimiter);
  const order = header === undefined ? findOrder(lines, rows, delimiter) : undefined;
  const gatherer = createGatherer();
  for (const [at, line] of lines.entries()) {
    // Others wait for this process.
    if (at % LINES_AT_ONCE === LINES_AT_ONCE - 1) await nextTurn();
    if (header?.lines.has(at) === true) gatherer.header();
    else if (line.trim() === '') gatherer.empty();
    else if (isComment(line)) gatherer.comment();
    else {
      const source =
        order === undefined
          ? readNamed(line, delimiter, header)
          : readOrdered(line, delimiterOf(line, delimiter), order);
      gatherer.add(at + 1, () => line, source);
    }
  }
  return gatherer.result(rows.length === 0 ? null : layoutOf(delimiter, header, order));
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith('#');
}

/** The first line that names its columns, or the comment before it that names as many. */
function findHeader(
  lines: readonly string[],
  rows: readonly number[],
  delimiter: Delimiter,
): Header | undefined {
  if (rows.length === 0) return undefined;
  const [first, second, third] = rows;
  const values = splitLine(lines[first], delimiter) ?? [];
  if (columnRoles(values.map((name) => ({ name }))) !== undefined) {
    const ruler = [second, third].find((at) => at !== undefined && RULER.test(lines[at]));
    const units = ruler === third && ruler !== undefined ? splitLine(lines[second], delimiter) : [];
    const columns = values.map((name, i) => ({ name, unit: units?.[i] ?? '' }));
    const roles = columnRoles(columns);
    const last = ruler ?? first;
    const own = rows.filter((at) => at <= last);
    return roles && { names: values, roles, lines: new Set(own) };
  }
  for (let at = first - 1; at >= 0; at--) {
    if (lines[at].trim() === '') continue;
    const names = splitLine(lines[at].replace(/^[\s#]+/, ''), delimiter) ?? [];
    const roles = columnRoles(names.map((name) => ({ name })));
    const isFitting = roles !== undefined && names.length === values.length;
    return isFitting ? { names, roles, lines: new Set([at]) } : undefined;
  }
  return undefined;
}

function findOrder(lines: readonly string[], rows: readonly number[], delimiter: Delimiter): Order {
  if (delimiter === ' ') return 'ra-decl-name-radius';
  let byPlace = 0;
  let byName = 0;
  let decimalNames = 0;
  for (const at of rows.slice(0, SAMPLE)) {
    const values = splitLine(lines[at], delimiterOf(lines[at], delimiter)) ?? [];
    const [a = '', b = '', c = ''] = values;
    if (isPlace(a, b)) {
      byPlace++;
      if (DECIMAL.test(c)) decimalNames++;
    }
    if (isPlace(b, c)) byName++;
  }
  // 1, 16.9, -8.1 could be either; but nobody calls a source -8.1.
  const isDoubtful = byName === byPlace && 2 * decimalNames > byPlace;
  return byName > byPlace || isDoubtful ? 'name-ra-decl-radius' : 'ra-decl-name-radius';
}

function readNamed(
  line: string,
  delimiter: Delimiter,
  header: Header | undefined,
): WatchlistSource | string {
  if (header === undefined) return 'there is no position';
  if (line.length > MAX_LINE) return TOO_LONG;
  const values = splitLine(line, delimiter);
  if (values === undefined) return UNREADABLE_QUOTE;
  const { names, roles } = header;
  const count = values[values.length - 1] === '' && values.length === names.length + 1 ? 1 : 0;
  if (values.length - count !== names.length) {
    return `it has ${values.length} values instead of ${names.length}`;
  }
  const at = (column: number | undefined) => (column === undefined ? '' : values[column]);
  const written = {
    ra: values[roles.ra],
    decl: values[roles.decl],
    name: withoutGuard(at(roles.name)),
    radius: at(roles.radius),
  };
  return readSource(written, roles);
}

function readOrdered(line: string, delimiter: Delimiter, order: Order): WatchlistSource | string {
  if (line.length > MAX_LINE) return TOO_LONG;
  if (delimiter === ' ') return readBlankLine(line);
  const values = splitLine(line, delimiter);
  if (values === undefined) return UNREADABLE_QUOTE;
  if (values[values.length - 1] === '' && values.length > 2) values.pop();
  const { name, ra, decl, least } = ORDERED[order];
  if (values.length < least || values.length > 4) {
    return `it has ${values.length} values: ${order === 'ra-decl-name-radius' ? 'RA, Dec, name and radius' : 'name, RA, Dec and radius'} are wanted, or a header that names the columns`;
  }
  const written = {
    ra: values[ra],
    decl: values[decl],
    name: withoutGuard(values[name] ?? ''),
    radius: values[3] ?? '',
  };
  return readSource(written, USUAL_UNITS);
}

function layoutOf(
  delimiter: Delimiter,
  header: Header | undefined,
  order: Order | undefined,
): WatchlistLayout {
  const format = 'text';
  if (header !== undefined) {
    const { names, roles } = header;
    const named = (at: number | undefined) => (at === undefined ? null : names[at]);
    const { ra, decl } = roles;
    const columns = {
      ra: names[ra],
      decl: names[decl],
      name: named(roles.name),
      radius: named(roles.radius),
    };
    return { format, delimiter, hasHeader: true, columns };
  }
  const { name, ra, decl } = ORDERED[order ?? 'ra-decl-name-radius'];
  const column = (at: number) => `column ${at + 1}`;
  const radius = delimiter === ' ' ? null : column(3);
  const columns = { ra: column(ra), decl: column(decl), name: column(name), radius };
  return { format, delimiter, hasHeader: false, columns };
}
