import { AGGREGATES } from './aggregates.ts';
import { ASTRONOMY } from './astronomy.ts';
import { CHOICES, JSON_FUNCTIONS } from './json-and-choices.ts';
import { MATHEMATICAL } from './mathematical.ts';
import type { SqlFunction } from './signature.ts';
import { TEXT } from './text.ts';
import { TIMES } from './times.ts';
import { WINDOWS } from './windows.ts';

/** Every function that users may call, by groups as they are shown. */
export const FUNCTION_GROUPS: readonly { name: string; functions: readonly SqlFunction[] }[] = [
  { name: 'Astronomy', functions: ASTRONOMY },
  { name: 'Mathematics', functions: MATHEMATICAL },
  { name: 'Texts', functions: TEXT },
  { name: 'Dates and times', functions: TIMES },
  { name: 'JSON', functions: JSON_FUNCTIONS },
  { name: 'Choices', functions: CHOICES },
  { name: 'Groups of rows', functions: AGGREGATES },
  { name: 'Windows', functions: WINDOWS },
];

/** The same by name in lower case: what is not in here cannot be called. */
export const FUNCTIONS: ReadonlyMap<string, SqlFunction> = new Map(
  FUNCTION_GROUPS.flatMap((group) =>
    group.functions.map((one) => [one.name.toLowerCase(), one] as const),
  ),
);

/** What to do without functions of other servers, and without those that nobody may call. */
export const INSTEAD: Readonly<Record<string, string | undefined>> = {
  any_value: 'use MIN(x) or MAX(x)',
  array_agg: 'use GROUP_CONCAT(x)',
  string_agg: 'use GROUP_CONCAT(x)',
  median: 'medians of magnitudes are columns of objects',
  regexp_like: 'use LIKE',
  regexp_replace: 'use REPLACE(x, old, new)',
  regexp_substr: 'use SUBSTRING(x, from, length)',
  repeat: 'use LPAD(x, length, filling)',
  space: "use LPAD('', length, ' ')",
  format: 'use ROUND(x, digits)',
  to_char: "use DATE_FORMAT(t, '%Y-%m-%d')",
  len: 'use CHAR_LENGTH(x)',
  nvl: 'use IFNULL(x, y)',
  isnumeric: 'use CAST(x AS DOUBLE)',
  convert: 'use CAST(x AS DOUBLE)',
  date_trunc: 'use DATE(t)',
  dateadd: 'write t + INTERVAL 7 DAY',
  datepart: 'use YEAR(t), MONTH(t) and so on',
  to_date: "use CAST('2026-01-31' AS DATE)",
  charindex: 'use INSTR(x, part)',
  iif: 'use IF(condition, x, y)',
  isnan: 'there is no NaN here: write x IS NULL',
  square: 'use POW(x, 2)',
  sqr: 'use POW(x, 2)',
  cbrt: 'use POW(x, 1/3)',
  log1p: 'use LN(1 + x)',
  arctan: 'use ATAN(x)',
  arcsin: 'use ASIN(x)',
  arccos: 'use ACOS(x)',
  random: 'use RAND()',
  percentile_cont: 'medians of magnitudes are columns of objects',
  box: 'use in_watchmap(number) or cone(ra, dec, arcsec)',
  polygon: 'use in_watchmap(number) or cone(ra, dec, arcsec)',
  intersects: 'use in_watchmap(number) or cone(ra, dec, arcsec)',
  q3c_radial_query: 'use cone(ra, dec, arcsec)',
  fgetnearbyobjeq: 'use cone(ra, dec, arcsec)',
  circle: 'use cone(ra, dec, arcsec)',
  contains: 'use cone(ra, dec, arcsec)',
  point: 'use cone(ra, dec, arcsec)',
  distance: 'use separation(ra1, dec1, ra2, dec2)',
  sysdate: 'use NOW()',
  getdate: 'use NOW()',
  curtime: 'use NOW()',
  localtime: 'use NOW()',
};
