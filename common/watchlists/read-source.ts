import { wrapDegrees } from '../astro/angles.ts';
import {
  formatDecSexagesimal,
  formatRaSexagesimal,
  parsePosition,
} from '../astro/position-text.ts';
import { MAX_RADIUS_ARCSEC, MAX_SOURCE_NAME_LENGTH, MIN_RADIUS_ARCSEC } from './watchlist.ts';
import type { WatchlistSource } from './watchlist.ts';

/** What stands in a line, as it was written. */
export interface WrittenSource {
  name: string;
  ra: string;
  decl: string;
  radius: string;
}

/** How numbers of a list are to be taken: as in `ColumnRoles`. */
export interface SourceUnits {
  raUnitDeg: number;
  radiusUnitArcsec: number;
}

export const USUAL_UNITS: SourceUnits = { raUnitDeg: 1, radiusUnitArcsec: 1 };

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const RADIUS = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(\p{L}+|["'°″′])?$/u;
const RADIUS_UNITS: Record<string, number> = {
  '"': 1,
  '″': 1,
  arcsec: 1,
  asec: 1,
  "'": 60,
  '′': 60,
  arcmin: 60,
  amin: 60,
  '°': 3_600,
  deg: 3_600,
};
const BLANK_SEXAGESIMAL = /^[+-]?\d+\s+\d+(?:\s+\d+(?:\.\d*)?)?$/;
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const MISSING = /^(?:null|none|nan|n\/a|-{1,3})?$/i;
const UNFIT = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** @returns The source, or why there is none. */
export function readSource(
  written: WrittenSource,
  { raUnitDeg, radiusUnitArcsec }: SourceUnits,
): WatchlistSource | string {
  const place = readPlace(written.ra, written.decl, raUnitDeg);
  if (typeof place === 'string') return place;
  const radiusArcsec = readRadius(written.radius, radiusUnitArcsec);
  if (typeof radiusArcsec === 'string') return radiusArcsec;
  const name = PLAIN.test(written.name)
    ? written.name
    : written.name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name.length > MAX_SOURCE_NAME_LENGTH) {
    return `the name has ${name.length} letters; the most are ${MAX_SOURCE_NAME_LENGTH}`;
  }
  if (UNFIT.test(name)) return 'the name holds characters that cannot be shown';
  return { name: name === '' ? nameOf(place) : name, ...place, radiusArcsec };
}

/** Whether both can be a position: for finding out which columns are one. */
export function isPlace(ra: string, decl: string): boolean {
  return typeof readPlace(ra, decl, 1) !== 'string';
}

function readPlace(
  raText: string,
  declText: string,
  raUnitDeg: number,
): { ra: number; decl: number } | string {
  if (MISSING.test(raText) || MISSING.test(declText)) return 'there is no position';
  if (NUMBER.test(raText) && NUMBER.test(declText)) {
    const ra = Number(raText) * raUnitDeg;
    const decl = Number(declText);
    if (!(ra >= -360 && ra <= 360)) return `a right ascension of ${raText} is not on the sky`;
    if (!(decl >= -90 && decl <= 90)) return `a declination of ${declText} is not on the sky`;
    return { ra: wrapDegrees(ra), decl };
  }
  const place = parsePosition(`${withColons(raText)}, ${withColons(declText)}`);
  // A third number would have been read as a radius.
  if (place === undefined || place.radiusArcsec !== undefined) {
    return `“${cut(`${raText} ${declText}`)}” is no position in degrees or as h:m:s d:m:s${commaAdvice(raText, declText)}`;
  }
  return { ra: place.ra, decl: place.dec };
}

function readRadius(text: string, unitArcsec: number): number | null | string {
  if (MISSING.test(text)) return null;
  const match = RADIUS.exec(text);
  const unit = match?.[2]?.toLowerCase().replace(/(?:onds?|utes?|rees?)$/, '');
  const factor = unit === undefined ? unitArcsec : RADIUS_UNITS[unit];
  if (match === null || factor === undefined) return `“${cut(text)}” is no radius`;
  const radiusArcsec = Number(match[1]) * factor;
  if (!(radiusArcsec >= MIN_RADIUS_ARCSEC && radiusArcsec <= MAX_RADIUS_ARCSEC)) {
    return `the radius must lie between ${MIN_RADIUS_ARCSEC} and ${MAX_RADIUS_ARCSEC} arcsec, and is ${radiusArcsec}; leave it out for that of the list`;
  }
  return radiusArcsec;
}

/** `10 12 30.5` as `10:12:30.5`: what belongs together is known here. */
function withColons(text: string): string {
  return BLANK_SEXAGESIMAL.test(text) ? text.replace(/\s+/g, ':') : text;
}

function commaAdvice(ra: string, decl: string): string {
  return /^\s*[+-]?\d+,\d+\s*$/.test(ra) || /^\s*[+-]?\d+,\d+\s*$/.test(decl)
    ? ': decimals have a point'
    : '';
}

/** What a source is called that has no name: as the IAU has it, J055536.01-001513.2. */
function nameOf({ ra, decl }: { ra: number; decl: number }): string {
  return `J${formatRaSexagesimal(ra, 2)}${formatDecSexagesimal(decl, 1)}`.replaceAll(':', '');
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
