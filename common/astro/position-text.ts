import { wrapDegrees } from './angles.ts';

const DAY_SECONDS = 24 * 3600;
/** Longer texts are no position. */
const MAX_LENGTH = 200;

/** A position as somebody wrote it. */
export interface WrittenPosition {
  /** Degrees, ICRS, in [0, 360). */
  ra: number;
  dec: number;
  /** The cone's radius, if one was written behind the position. */
  radiusArcsec?: number;
}

/** One number of the text with its unit; several of falling units make an angle. */
interface Token {
  value: number;
  isNegative: boolean;
  unit: 'hour' | 'degree' | 'minute' | 'second' | 'arcmin' | 'arcsec' | 'colon' | undefined;
  /** Neither a space nor a sign stands between it and what is before it. */
  isGlued: boolean;
}

/** What the tokens mean: a bare number, or an angle in hours or degrees that its notation says. */
interface Angle {
  value: number;
  isNegative: boolean;
  scale: 'bare' | 'hours' | 'degrees' | 'colons' | 'arcmin' | 'arcsec';
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const UNIT = String.raw`hours|hour|hrs|hr|h|degrees|degree|deg|d|°|arcminutes|arcminute|arcmin|amin|minutes|minute|mins|min|m|'|arcseconds|arcsecond|arcsec|asec|seconds|second|secs|sec|s|"|:`;
const TOKEN = new RegExp(String.raw`\s*(${NUMBER})\s*(${UNIT})?|\s*[,;|]\s*|\s+$`, 'iy');
const UNIT_NAMES: Record<string, Token['unit']> = {
  h: 'hour',
  d: 'degree',
  '°': 'degree',
  m: 'minute',
  "'": 'minute',
  s: 'second',
  '"': 'second',
  ':': 'colon',
};

/**
 * Reads a position: two decimal degrees, `h:m:s d:m:s`, `h m s d m s`, or angles with unit letters
 * (`10h12m30.5s -00d30m`, `152.5d`, `12° 10' 5"`). Fields are separated by spaces, commas,
 * semicolons, tabs or bars. A number behind the position is the radius of a cone in arcseconds,
 * unless its unit says otherwise. Right ascension is in hours only where it is not one decimal
 * number or says degrees.
 *
 * @returns undefined if the text is not such a position, or is none on the sky.
 */
export function parsePosition(text: string): WrittenPosition | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const tokens = tokensOf(plainText(text));
  if (tokens === undefined) return undefined;
  const angles = anglesOf(tokens);
  if (angles === undefined) return undefined;
  const [raAngle, decAngle, radius, ...more] = isBareSexagesimal(angles)
    ? [joinBare(angles.slice(0, 3)), joinBare(angles.slice(3, 6)), ...angles.slice(6)]
    : angles;
  if (raAngle === undefined || decAngle === undefined || more.length > 0) return undefined;
  const ra = raDegrees(raAngle);
  const dec = decDegrees(decAngle);
  if (ra === undefined || dec === undefined) return undefined;
  if (radius === undefined) return { ra, dec };
  const radiusArcsec = arcseconds(radius);
  return radiusArcsec > 0 && Number.isFinite(radiusArcsec) ? { ra, dec, radiusArcsec } : undefined;
}

/**
 * Right ascension as `HH:MM:SS.ss`, rounded as a whole so that no field ever shows 60.
 *
 * @param ra - Degrees.
 * @param digits - Decimals of the seconds, 0 to 9.
 */
export function formatRaSexagesimal(ra: number, digits: number): string {
  const scale = 10 ** digits;
  return formatSeconds(Math.round(wrapDegrees(ra) * 240 * scale) % (DAY_SECONDS * scale), digits);
}

/**
 * Declination as `+DD:MM:SS.s`, always signed, rounded as a whole; what rounds to zero is positive.
 *
 * @param dec - Degrees.
 * @param digits - Decimals of the seconds, 0 to 9.
 */
export function formatDecSexagesimal(dec: number, digits: number): string {
  const units = Math.round(Math.abs(dec) * 3600 * 10 ** digits);
  return `${dec < 0 && units > 0 ? '-' : '+'}${formatSeconds(units, digits)}`;
}

/** @param units - Whole number of 10^-digits seconds. */
function formatSeconds(units: number, digits: number): string {
  const scale = 10 ** digits;
  const seconds = Math.floor(units / scale);
  const fraction = digits === 0 ? '' : `.${String(units % scale).padStart(digits, '0')}`;
  const fields = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${fields.map((field) => String(field).padStart(2, '0')).join(':')}${fraction}`;
}

/** Typographic signs and labels replaced, and a sign kept together with its number. */
function plainText(text: string): string {
  return text
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/''|[\u2033\u201c\u201d]/g, '"')
    .replace(/[\u2032\u2018\u2019]/g, "'")
    .replace(/[\u00ba\u02da]/g, '°')
    .replace(/\b(?:ra|dec|decl|radius)\s*[=:]/gi, ' ')
    .replace(/[()[\]]/g, ' ')
    .replace(/(^|[\s,;|])([+-])\s+(?=[\d.])/g, '$1$2')
    .trim();
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null || match[0] === '') return undefined;
    at += match[0].length;
    if (match[1] === undefined) continue;
    const unit = unitOf(match[2]);
    // `10h5` is a unit followed by a number; `10hx` is not.
    if (unit !== undefined && /^[a-z]/i.test(text.slice(at))) return undefined;
    tokens.push({
      value: Math.abs(Number(match[1])),
      isNegative: match[1].startsWith('-'),
      unit,
      isGlued: /^[\d.]/.test(match[0]),
    });
  }
  return tokens;
}

function unitOf(word: string | undefined): Token['unit'] {
  if (word === undefined) return undefined;
  const name = word.toLowerCase();
  if (name.startsWith('a')) return name.includes('m') ? 'arcmin' : 'arcsec';
  return UNIT_NAMES[name[0]];
}

/** Joins tokens to angles: `10h 12m 30s`, `10:12:30`; undefined where units contradict each other. */
function anglesOf(tokens: Token[]): Angle[] | undefined {
  const angles: Angle[] = [];
  let at = 0;
  while (at < tokens.length) {
    const first = tokens[at];
    const fields = [first];
    let scale: Angle['scale'] = 'bare';
    if (first.unit === 'colon') {
      scale = 'colons';
      // The last field of `h:m:s` has no colon behind it.
      while (fields.length < 3 && fields[fields.length - 1].unit === 'colon') {
        if (tokens[at + fields.length] === undefined) return undefined;
        fields.push(tokens[at + fields.length]);
      }
      const lastUnit = fields[fields.length - 1].unit;
      if (lastUnit !== undefined) return undefined;
    } else if (first.unit === 'hour' || first.unit === 'degree') {
      scale = first.unit === 'hour' ? 'hours' : 'degrees';
      for (const unit of ['minute', 'second'] as const) {
        const next = tokens[at + fields.length];
        // The unit of the last field may be left out: `10h12m30.5`.
        const isField = next?.unit === unit || (next?.unit === undefined && next?.isGlued);
        if (!isField) break;
        fields.push(next);
        if (next.unit === undefined) break;
      }
    } else if (first.unit !== undefined) {
      scale = first.unit === 'minute' || first.unit === 'arcmin' ? 'arcmin' : 'arcsec';
    }
    const joined = join(fields);
    if (joined === undefined) return undefined;
    angles.push({ ...joined, scale });
    at += fields.length;
  }
  return angles;
}

/** Whole units, minutes and seconds as one number; only the first may be signed, only the last broken. */
function join(fields: Pick<Token, 'value' | 'isNegative'>[]): Omit<Angle, 'scale'> | undefined {
  let parts = 0;
  for (const [i, field] of fields.entries()) {
    if (i > 0 && (field.isNegative || field.value > 60)) return undefined;
    if (i < fields.length - 1 && !Number.isInteger(field.value)) return undefined;
    parts += field.value * 60 ** (2 - i);
  }
  return { value: parts / 3600, isNegative: fields[0].isNegative };
}

function isBareSexagesimal(angles: Angle[]): boolean {
  return (
    (angles.length === 6 || angles.length === 7) &&
    angles.slice(0, 6).every((angle) => angle.scale === 'bare')
  );
}

function joinBare(fields: Angle[]): Angle | undefined {
  const joined = join(fields);
  return joined && { ...joined, scale: 'colons' };
}

function raDegrees({ value, isNegative, scale }: Angle): number | undefined {
  if (scale === 'colons' || scale === 'hours') {
    return value > 24 || isNegative ? undefined : wrapDegrees(value * 15);
  }
  if (scale === 'arcmin' || scale === 'arcsec' || value > 360) return undefined;
  return wrapDegrees(isNegative ? -value : value);
}

function decDegrees({ value, isNegative, scale }: Angle): number | undefined {
  if (scale === 'hours' || scale === 'arcmin' || scale === 'arcsec' || value > 90) return undefined;
  return isNegative ? -value : value;
}

function arcseconds({ value, isNegative, scale }: Angle): number {
  if (isNegative || scale === 'hours' || scale === 'colons') return NaN;
  if (scale === 'degrees') return value * 3600;
  return scale === 'arcmin' ? value * 60 : value;
}
