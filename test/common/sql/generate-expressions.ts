import { integer } from '../../../ingest/simulate/random.ts';
import { numberFunction, testOf, textFunction, timeFunction } from './generate-functions.ts';
import type { Random } from '../../../ingest/simulate/random.ts';

/** What a generated value is: `ascii` are short names that the server compares byte by byte. */
export type Kind = 'number' | 'id' | 'ascii' | 'text' | 'time';

export interface Visible {
  /** As FROM calls it. */
  alias: string;
  columns: { name: string; kind: Kind }[];
  /** The names of all that it has, in small letters: those that need no table before them. */
  names: ReadonlySet<string>;
}

/** Where an expression is made. */
export interface Place {
  random: Random;
  /** The tables of FROM. */
  tables: Visible[];
  /** Tables of the SELECTs around. */
  outer: Visible[];
  /** How deep expressions may still become. */
  depth: number;
  /** A sub-query over a fresh table that may name what is around it; undefined where there is none. */
  subquery: ((place: Place, what: 'value' | 'set' | 'any', kind: Kind) => string) | undefined;
}

const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '7',
  '17.5',
  '18',
  '5.',
  '.25',
  '1e1',
  '2.50',
  '0.1e-3',
  '100',
];
const IDS = ['9007199254740993', '9007199254740992', '1', "'9007199254740993'"];
const TEXTS = [
  "''",
  "'SN Ia'",
  "'it''s'",
  "'50%'",
  "'a_b'",
  "'  '",
  "'12'",
  "'Ünï'",
  "'x\"y'",
  "'?'",
];
const NAMES = ["'ZTF18aaaaaaa'", "'ztf18aaaaaaa'", "'SN'", "'AGN'", "''", "'12'"];
const PATTERNS = ["'%a%'", "'S_%'", "'%'", "'_'", "'ZTF%'", "'50%'"];
const TIMES = ["'2026-01-31'", "'2026-02-28 23:59:59'", "'2020-02-29 12:00:00.5'"];

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[integer(random, items.length)];
}

export function chance(random: Random, percent: number): boolean {
  return integer(random, 100) < percent;
}

export function expressionOf(kind: Kind, place: Place): string {
  switch (kind) {
    case 'number':
      return number(place);
    case 'id':
      return column('id', place) ?? pick(place.random, IDS);
    case 'ascii':
      return name(place);
    case 'text':
      return text(place);
    case 'time':
      return time(place);
  }
}

/** A column of that kind, with its table before it where that is needed, and sometimes where not. */
export function column(kind: Kind, place: Place): string | undefined {
  const { random } = place;
  const isOuter = place.outer.length > 0 && chance(random, 25);
  const found = (isOuter ? place.outer : place.tables).flatMap((table) =>
    table.columns.filter((one) => one.kind === kind).map((one) => ({ table, name: one.name })),
  );
  if (found.length === 0) return undefined;
  const { table, name: columnName } = pick(random, found);
  const namesakes = [...place.tables, ...place.outer].filter((one) =>
    one.names.has(columnName.toLowerCase()),
  );
  const written = chance(random, 10) ? columnName.toUpperCase() : columnName;
  return namesakes.length === 1 && chance(random, 40) ? written : `${table.alias}.${written}`;
}

/** Words without brackets half of the time: precedence is to be found out as well. */
function loose(random: Random, words: string): string {
  return chance(random, 50) ? `(${words})` : words;
}

function number(place: Place): string {
  const { random } = place;
  const literal = () => pick(random, NUMBERS);
  if (place.depth <= 0)
    return chance(random, 60) ? (column('number', place) ?? literal()) : literal();
  const within = { ...place, depth: place.depth - 1 };
  const n = () => number(within);
  const bracketed = () => `(${number(within)})`;
  switch (integer(random, 19)) {
    case 16:
    case 17:
      return numberFunction(within);
    case 0:
    case 1:
    case 2:
      return column('number', place) ?? literal();
    case 3:
      return literal();
    case 4:
    case 5:
      return loose(random, `${n()} ${pick(random, ['+', '-', '*', '+', '-'])} ${n()}`);
    case 6:
      return loose(random, `${n()} ${pick(random, ['/', '%', 'DIV'])} ${n()}`);
    case 7:
      return loose(random, `${n()} ${pick(random, ['&', '|', '^', '<<', '>>'])} ${n()}`);
    case 8:
      return `${pick(random, ['-', '+', '- ', '~'])}${bracketed()}`;
    case 9: {
      const names = ['ABS', 'SIGN', 'CEIL', 'FLOOR', 'ROUND', 'SQRT', 'LN', 'LOG10', 'SIN', 'COS'];
      return `${pick(random, [...names, 'DEGREES', 'RADIANS', 'ATAN'])}(${n()})`;
    }
    case 10: {
      const names = ['MOD', 'POW', 'ATAN2', 'LEAST', 'GREATEST', 'COALESCE', 'IFNULL', 'NULLIF'];
      const called = pick(random, names);
      return called === 'POW' ? `POW(${n()}, 2)` : `${called}(${n()}, ${n()})`;
    }
    case 11:
      return `IF(${condition(within)}, ${n()}, ${n()})`;
    case 12:
      return chance(random, 50)
        ? `CASE WHEN ${condition(within)} THEN ${n()} ELSE ${n()} END`
        : `CASE ${n()} WHEN ${n()} THEN ${n()} WHEN ${literal()} THEN ${literal()} END`;
    case 13:
      return chance(random, 50)
        ? `${pick(random, ['CHAR_LENGTH', 'LENGTH'])}(${text(within)})`
        : `INSTR(${text(within)}, ${pick(random, ["'a'", "'S'", "'%'"])})`;
    case 14:
      return chance(random, 50)
        ? `CAST(${n()} AS ${pick(random, ['SIGNED', 'DOUBLE'])})`
        : `${pick(random, ['YEAR', 'MONTH', 'DAYOFYEAR', 'HOUR'])}(${time(within)})`;
    default:
      return place.subquery?.(within, 'value', 'number') ?? literal();
  }
}

function name(place: Place): string {
  return chance(place.random, 70) ? (column('ascii', place) ?? "'SN'") : pick(place.random, NAMES);
}

function text(place: Place): string {
  const { random } = place;
  if (place.depth <= 0) {
    return chance(random, 60) ? (column('text', place) ?? "'x'") : pick(random, TEXTS);
  }
  const within = { ...place, depth: place.depth - 1 };
  const t = () => text(within);
  switch (integer(random, 11)) {
    case 8:
    case 9:
      return textFunction(within);
    case 0:
    case 1:
      return column('text', place) ?? pick(random, TEXTS);
    case 2:
      return pick(random, TEXTS);
    case 3:
      return `CONCAT(${t()}, ${t()})`;
    case 4:
      return `${pick(random, ['UPPER', 'LOWER', 'TRIM', 'REVERSE'])}(${t()})`;
    case 5:
      return `SUBSTRING(${t()}, ${pick(random, ['1', '2', '-2', '0'])}, ${pick(random, ['1', '3', '0'])})`;
    case 6:
      return `REPLACE(${t()}, ${pick(random, ["'a'", "'%'", "' '"])}, ${pick(random, TEXTS)})`;
    case 7:
      return `COALESCE(${t()}, ${t()})`;
    default:
      return `CASE WHEN ${condition(within)} THEN ${t()} ELSE ${t()} END`;
  }
}

function time(place: Place): string {
  const { random } = place;
  const found = column('time', place);
  if (place.depth > 0 && chance(random, 25)) {
    return timeFunction({ ...place, depth: place.depth - 1 });
  }
  if (found === undefined) return `CAST(${pick(random, TIMES)} AS DATETIME)`;
  return chance(random, 80) ? found : `DATE(${found})`;
}

/** Something that holds or does not. */
export function condition(place: Place): string {
  const { random } = place;
  if (place.depth <= 0) return `${number(place)} ${comparison(random)} ${number(place)}`;
  const within = { ...place, depth: place.depth - 1 };
  const n = () => number(within);
  const not = chance(random, 30) ? 'NOT ' : '';
  switch (integer(random, 18)) {
    case 14:
    case 15:
    case 16:
      return testOf(within);
    case 0:
    case 1:
      return loose(random, `${n()} ${comparison(random)} ${n()}`);
    case 2:
      return `${name(within)} ${comparison(random)} ${name(within)}`;
    case 3:
      return `${text(within)} ${comparison(random)} ${text(within)}`;
    case 4: {
      const found = column('time', place);
      return found === undefined
        ? `${n()} > 0`
        : `${found} ${comparison(random)} ${pick(random, TIMES)}`;
    }
    case 5: {
      const found = column('id', place);
      return found === undefined
        ? `${n()} = 1`
        : `${found} ${comparison(random)} ${pick(random, IDS)}`;
    }
    case 6:
      return loose(random, `${n()} ${not}BETWEEN ${n()} AND ${n()}`);
    case 7:
      return `${n()} ${not}IN (${n()}, ${n()}, ${pick(random, ['NULL', '1', '2.5'])})`;
    case 8:
      return `${name(within)} ${not}IN (${pick(random, NAMES)}, ${pick(random, NAMES)})`;
    case 9:
      return `${chance(random, 50) ? text(within) : name(within)} ${not}LIKE ${pick(random, PATTERNS)}`;
    case 10:
      return `${pick(random, [number, name, text])(within)} IS ${not}NULL`;
    case 11:
    case 12:
      return loose(
        random,
        `${condition(within)} ${pick(random, ['AND', 'OR', 'AND', 'OR', 'XOR'])} ${condition(within)}`,
      );
    case 13:
      return chance(random, 50)
        ? `NOT ${loose(random, condition(within))}`
        : `(${condition(within)}) IS ${not}${pick(random, ['TRUE', 'FALSE'])}`;
    default: {
      const any = place.subquery?.(within, 'any', 'number');
      if (any === undefined) return `${n()} <=> ${n()}`;
      if (chance(random, 50)) return `${not}EXISTS (${any})`;
      const kind = pick(random, ['number', 'ascii'] as const);
      return `${expressionOf(kind, within)} ${not}IN (${place.subquery?.(within, 'set', kind) ?? '1'})`;
    }
  }
}

function comparison(random: Random): string {
  return pick(random, ['=', '<', '>', '<=', '>=', '<>', '!=', '<=>']);
}
