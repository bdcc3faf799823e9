import { wrapDegrees } from '../../common/astro/angles.ts';
import { hpx29 } from '../../common/astro/healpix.ts';
import { htm16 } from '../../common/astro/htm.ts';
import { parsePosition } from '../../common/astro/position-text.ts';
import { tableOf } from '../../common/schema/tables.ts';
import type { Column } from '../../common/schema/types.ts';
import { shortestFloat32 } from '../../common/store/row-reader.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { TnsEntry } from '../../common/store/tns.ts';

/** Where each heading's value goes: columns of `crossmatch_tns`, by every name the lists had. */
const HEADINGS: Record<string, string> = {
  // The list of public objects.
  objid: 'id',
  name_prefix: 'tns_prefix',
  name: 'tns_name',
  ra: 'ra',
  declination: 'decl',
  redshift: 'z',
  type: 'type',
  reporting_group: 'discovering_groups',
  source_group: 'source_group',
  discoverydate: 'disc_date',
  discoverymag: 'disc_mag',
  filter: 'disc_mag_filter',
  reporters: 'reporters',
  internal_names: 'disc_int_name',
  lastmodified: 'lastmodified_date',
  // The search page, of 2019 and of today.
  id: 'id',
  dec: 'decl',
  'obj. type': 'type',
  'host name': 'host_name',
  'host redshift': 'hostz',
  'discovering group/s': 'discovering_groups',
  'reporting group/s': 'discovering_groups',
  'discovery data source/s': 'source_group',
  'classifying group/s': 'classifying_groups',
  'associated group/s': 'associated_groups',
  'disc. internal name': 'disc_int_name',
  'disc. instrument/s': 'disc_instruments',
  'class. instrument/s': 'class_instrument',
  'tns at': 'tns_at',
  public: 'public',
  'discovery mag': 'disc_mag',
  'discovery mag/flux': 'disc_mag',
  'discovery mag filter': 'disc_mag_filter',
  'discovery filter': 'disc_mag_filter',
  'discovery date (ut)': 'disc_date',
  sender: 'sender',
  'ext. catalog/s': 'ext_catalogs',
};

const IDENTITY = new Set(['id', 'tns_name', 'ra', 'decl']);
const COLUMNS = new Map(
  tableOf('ztf', 'crossmatch_tns').columns.map((column) => [column.name, column]),
);
const DELIMITERS = [',', ';', '\t'];
/** Letters, digits and the few signs that names of transients have. */
const NAME = /^[\w.+-]{1,16}$/;
/** Kept to the last bit, which sexagesimal reading would not. */
const DEGREES = /^[+-]?\d{1,3}(?:\.\d*)?$/;
const LARGEST = 1e30;

/** Which column each value of a row is for; undefined where it is for none. */
export type TnsColumns = readonly (Column | undefined)[];

/** What became of a row. */
export interface ReadEntry {
  entry?: TnsEntry;
  /** Why it is no entry. */
  fault?: string;
  /** Its number, if it has one: what cannot be read is not gone. */
  id?: number;
  /** Columns whose values cannot be read: they are left empty. */
  unreadable: string[];
}

/** Whether a line names the columns of a list. */
export function isHeader(line: string): boolean {
  const names = columnsOf(line).columns.map((column) => column?.name);
  return ['id', 'tns_name', 'ra', 'decl'].every((name) => names.includes(name));
}

/** The columns that a header names, and what stands between them. */
export function columnsOf(header: string): { delimiter: string; columns: TnsColumns } {
  const parts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  const delimiter = DELIMITERS[parts.indexOf(Math.max(...parts))];
  const columns = header.split(delimiter).map((part) => columnOf(part));
  return { delimiter, columns };
}

/** The column that a heading stands for. */
export function columnOf(heading: string): Column | undefined {
  const plain = heading
    .replace(/[\ufeff"]/g, '')
    .trim()
    .toLowerCase();
  return Object.hasOwn(HEADINGS, plain) ? COLUMNS.get(HEADINGS[plain]) : undefined;
}

/** Reads a row of a list. A row without number, name or position is none. */
export function readTnsRow(columns: TnsColumns, values: readonly string[]): ReadEntry {
  if (values.length !== columns.length) {
    const fault = `it has ${values.length} values instead of ${columns.length}`;
    return { fault, unreadable: [] };
  }
  const given = new Map<string, string>();
  for (const [i, column] of columns.entries()) {
    if (column !== undefined) given.set(column.name, plainText(values[i]));
  }
  const idText = given.get('id') ?? '';
  if (!/^[1-9]\d{0,14}$/.test(idText)) return { fault: 'it has no number', unreadable: [] };
  const id = Number(idText);
  const { prefix, name } = splitName(given.get('tns_name') ?? '');
  if (!NAME.test(name)) return { id, fault: 'it has no name that can be one', unreadable: [] };
  const position = readPosition(given.get('ra') ?? '', given.get('decl') ?? '');
  if (position === undefined) return { id, fault: 'it has no position', unreadable: [] };
  if (prefix !== undefined && (given.get('tns_prefix') ?? '') === '') {
    given.set('tns_prefix', prefix);
  }
  const unreadable: string[] = [];
  const scalars: Record<string, Scalar> = {};
  for (const [column, text] of given) {
    if (IDENTITY.has(column)) continue;
    const value = readValue(COLUMNS.get(column), text);
    if (value === undefined) unreadable.push(column);
    scalars[column] = value ?? null;
  }
  const { ra, decl } = position;
  return {
    id,
    entry: {
      id,
      name,
      ra,
      decl,
      htm16: htm16(ra, decl),
      hpx29: hpx29(ra, decl),
      values: scalars,
    },
    unreadable,
  };
}

/** `SN 2018cow` and `SN2018cow` have their prefix with them. */
function splitName(text: string): { prefix?: string; name: string } {
  const match = /^([A-Za-z]{1,15})[ _]?(\d.*)$/.exec(text);
  return match === null ? { name: text } : { prefix: match[1], name: match[2] };
}

function readPosition(raText: string, decText: string): { ra: number; decl: number } | undefined {
  if (DEGREES.test(raText) && DEGREES.test(decText)) {
    const [ra, decl] = [Number(raText), Number(decText)];
    const isOnSky = ra >= 0 && ra <= 360 && decl >= -90 && decl <= 90;
    return isOnSky ? { ra: wrapDegrees(ra), decl } : undefined;
  }
  const position = parsePosition(`${raText} ${decText}`);
  if (position === undefined || position.radiusArcsec !== undefined) return undefined;
  return { ra: position.ra, decl: position.dec };
}

/** @returns The value in its JSON form, null for none, undefined if it cannot be read. */
function readValue(column: Column | undefined, text: string): Scalar | undefined {
  if (column === undefined || text === '' || text === 'NULL') return null;
  const { type } = column;
  if (type === 'float') {
    const number = Number(text);
    if (!Number.isFinite(number) || Math.abs(number) > LARGEST) return undefined;
    return shortestFloat32(Math.fround(number));
  }
  if (type === 'bool') return text === '1' ? true : text === '0' ? false : undefined;
  if (type === 'timestamp') return readDate(text);
  if (typeof type === 'string') return undefined;
  if ('name' in type) return NAME.test(text) && text.length <= type.name ? text : undefined;
  return cut(text, type.text);
}

/** Not through the middle of a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** Dates of the server are UTC: `2018-06-16 10:35:02.400`; noughts stand for none. */
function readDate(text: string): string | null | undefined {
  if (text.startsWith('0000')) return null;
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?)?Z?$/.exec(text);
  if (match === null) return undefined;
  const [, day, time = '00:00:00', fraction = ''] = match as (string | undefined)[];
  const date = new Date(`${day}T${time}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1_000) return undefined;
  const iso = date.toISOString();
  // The 30th of February would become a day of March.
  return day !== undefined && iso.startsWith(day) ? iso : undefined;
}

/** On one line, without what no text should have. */
function plainText(value: string): string {
  return value.replace(/[\s\p{Cc}\ufffd]+/gu, ' ').trim();
}
