/** What columns of a table mean to a watchlist: their places, and how their numbers are to be taken. */
export interface ColumnRoles {
  ra: number;
  decl: number;
  name: number | undefined;
  radius: number | undefined;
  /** Degrees of one unit of a right ascension that is one number. */
  raUnitDeg: number;
  /** Arcseconds of one unit of the radius. */
  radiusUnitArcsec: number;
}

/** A column as a file describes it. */
export interface DescribedColumn {
  name: string;
  unit?: string;
  ucd?: string;
}

/** Names in small letters and digits only, the best first; pairs of both coordinates stand at one place. */
const RA_NAMES =
  'ra raj2000 radeg rajdeg radegrees raicrs radegj2000 raepj2000 ra2000 ramean meanra rastack raobj rightascension alpha alphaj2000 rahms rah rahours rasex'.split(
    ' ',
  );
const DECL_NAMES =
  'dec dej2000 dedeg dejdeg decdegrees deicrs dedegj2000 deepj2000 dec2000 decmean meandec decstack decobj declination delta deltaj2000 decdms de decdeg decj2000 decicrs decl declj2000 decldeg declmean decsex'.split(
    ' ',
  );
const NAME_NAMES = 'name objectname sourcename targetname mainid designation'.split(' ');
const ID_NAMES =
  'id objectid source sourceid object target identifier ident objid oid label star galaxy'.split(
    ' ',
  );
const RADIUS_NAMES =
  'radius radiusarcsec rad r searchradius matchradius coneradius conesize radiusarcmin radiusdeg'.split(
    ' ',
  );
const ARCSEC: Record<string, number> = {
  arcsec: 1,
  arcsecond: 1,
  arcseconds: 1,
  asec: 1,
  '"': 1,
  arcmin: 60,
  arcminute: 60,
  arcminutes: 60,
  amin: 60,
  "'": 60,
  deg: 3_600,
  degree: 3_600,
  degrees: 3_600,
  '°': 3_600,
  mas: 0.001,
};
const UNIT = new RegExp(
  `[([]\\s*(${Object.keys(ARCSEC)
    .sort((a, b) => b.length - a.length)
    .join('|')}|h|hr|hours?)\\b`,
  'i',
);

/**
 * Finds the columns of a watchlist by their UCDs or by the usual names.
 *
 * @returns undefined without right ascension and declination.
 */
export function columnRoles(columns: readonly DescribedColumn[]): ColumnRoles | undefined {
  const names = columns.map(({ name }) => plainName(name));
  const ra = byUcd(columns, 'pos.eq.ra') ?? byName(names, RA_NAMES);
  const decl = byUcd(columns, 'pos.eq.dec') ?? byName(names, DECL_NAMES);
  if (ra === undefined || decl === undefined) return undefined;
  const name =
    byName(names, NAME_NAMES) ??
    found(names.findIndex((each) => each.endsWith('name'))) ??
    byName(names, ID_NAMES) ??
    byUcd(columns, 'meta.id');
  const radius = byName(names, RADIUS_NAMES);
  return {
    ra,
    decl,
    name: name === ra || name === decl ? undefined : name,
    radius,
    raUnitDeg:
      /^(h|hr|hours?)$/.test(unitOf(columns[ra])) || /^rah(ours)?$/.test(names[ra]) ? 15 : 1,
    radiusUnitArcsec: radius === undefined ? 1 : radiusUnit(columns[radius], names[radius]),
  };
}

/** `RA (J2000.0)` is `ra`, `_RAJ2000` is `raj2000`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[([].*$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function unitOf({ name, unit = '' }: DescribedColumn): string {
  return (unit.trim() || (UNIT.exec(name)?.[1] ?? '')).toLowerCase();
}

function radiusUnit(column: DescribedColumn, name: string): number {
  if (name === 'radiusarcmin') return 60;
  if (name === 'radiusdeg') return 3_600;
  return ARCSEC[unitOf(column)] ?? 1;
}

function byUcd(columns: readonly DescribedColumn[], word: string): number | undefined {
  const words = columns.map(({ ucd = '' }) => ucd.toLowerCase().split(/[;\s]+/));
  const main = words.findIndex((ucd) => ucd[0] === word && ucd.includes('meta.main'));
  if (main >= 0) return main;
  return found(words.findIndex((ucd) => ucd.length === 1 && ucd[0] === word));
}

function byName(names: readonly string[], wanted: readonly string[]): number | undefined {
  for (const each of wanted) {
    const at = names.indexOf(each);
    if (at >= 0) return at;
  }
  return undefined;
}

function found(at: number): number | undefined {
  return at < 0 ? undefined : at;
}
