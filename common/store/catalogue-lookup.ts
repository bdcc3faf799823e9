import { separationArcsec } from '../astro/coordinates.ts';
import { RADIANS } from '../astro/angles.ts';
import { addConeCells, CELL_COUNT, CELL_LEVEL, squareLevel } from '../astro/cone-cells.ts';
import { emptySource, REACH_LIMITS_ARCSEC, SOURCE_TYPES } from '../catalogues/source.ts';
import type { CatalogueSource, StandardField } from '../catalogues/source.ts';
import { knownColumns } from './catalogue-columns.ts';
import type { Catalogue } from './catalogues.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('catalogue-lookup.sql', ['selectSourcesInRanges']);

/** A place on the sky, degrees, ICRS. */
export interface SkyPosition {
  ra: number;
  decl: number;
}

/** A source of a catalogue near a position. */
export interface NearbySource {
  source: CatalogueSource;
  separationArcsec: number;
}

/** Beyond some thousands of ranges MySQL and MariaDB give up on them and read the whole table. */
const MOST_RANGES = 2_000;
/** Reading on over so many rows costs no more than beginning a new range. */
const GAP_ROWS = 1;
/** Rows that a covering square may hold on average, beside those that are wanted. */
const SQUARE_ROWS = 0.1;

/**
 * Sources of a catalogue near each of many positions, as far as their own class of reach goes: what
 * may belong to an object at the position, and nothing that cannot. One statement for each class of
 * reach in which the catalogue has rows (some more for thousands of positions).
 *
 * @param positions - Those that are no places on the sky find nothing.
 * @returns For each position, in their order, what is near it, in no particular order.
 */
export async function selectNearbySources(
  db: Queries,
  catalogue: Catalogue,
  positions: readonly SkyPosition[],
): Promise<NearbySource[][]> {
  const found: NearbySource[][] = positions.map(() => []);
  const sky = sortedPositions(positions);
  if (sky.length === 0) return found;
  const columns = knownColumns(catalogue.columns, 'c');
  const fields = columns.map(({ field }) => field);
  const statement = sql.selectSourcesInRanges
    .replace('COLUMNS', () => columns.map(({ expression }) => expression).join(', '))
    .replace('CATALOGUE', () => catalogue.table);
  for (const [reach, count] of catalogue.rowsByReach.entries()) {
    if (count === 0) continue;
    const radiusArcsec = REACH_LIMITS_ARCSEC[reach];
    const bounds = coveringRanges(sky, radiusArcsec, count);
    for (let first = 0; first < bounds.length; first += 2 * MOST_RANGES) {
      const ranges = rangesSql(bounds.slice(first, first + 2 * MOST_RANGES));
      const rows = await db.arrays(
        statement.replace('REACH', String(reach)).replace('RANGES', () => ranges),
      );
      for (const row of rows) assign(row, fields, radiusArcsec, sky, found);
    }
  }
  return found;
}

/** Whether a lookup failed since another load took the place of the catalogue meanwhile. */
export function isReplaced(err: unknown): boolean {
  const code = (err as { code?: unknown } | null)?.code;
  return code === 'ER_NO_SUCH_TABLE' || code === 'ER_BAD_FIELD_ERROR';
}

interface PlacedPosition {
  index: number;
  ra: number;
  decl: number;
  x: number;
  y: number;
  z: number;
}

/** From south to north. */
function sortedPositions(positions: readonly SkyPosition[]): PlacedPosition[] {
  const placed: PlacedPosition[] = [];
  for (const [index, { ra, decl }] of positions.entries()) {
    if (!(Number.isFinite(ra) && decl >= -90 && decl <= 90)) continue;
    const cosDec = Math.cos(decl * RADIANS);
    const x = cosDec * Math.cos(ra * RADIANS);
    const y = cosDec * Math.sin(ra * RADIANS);
    placed.push({ index, ra, decl, x, y, z: Math.sin(decl * RADIANS) });
  }
  return placed.sort((a, b) => a.z - b.z);
}

/** First and last cells of ascending ranges, joined where hardly a row lies between them. */
function coveringRanges(
  sky: readonly PlacedPosition[],
  radiusArcsec: number,
  rows: number,
): number[] {
  // As many rows as ranges would be needed, or fewer: all of them at once.
  if (rows <= sky.length) return [0, CELL_COUNT - 1];
  const cellsPerRow = CELL_COUNT / rows;
  const sparse = CELL_LEVEL + Math.floor(Math.log2(SQUARE_ROWS * cellsPerRow) / 2);
  const level = Math.max(squareLevel(radiusArcsec, 0) + 1, sparse);
  const bounds: number[] = [];
  for (const { ra, decl } of sky) addConeCells(ra, decl, radiusArcsec, level, bounds);
  const order = Array.from({ length: bounds.length / 2 }, (_, i) => 2 * i);
  order.sort((a, b) => bounds[a] - bounds[b]);
  const joined: number[] = [];
  for (const at of order) {
    const last = joined.length - 1;
    if (last > 0 && bounds[at] - joined[last] <= GAP_ROWS * cellsPerRow) {
      joined[last] = Math.max(joined[last], bounds[at + 1]);
    } else joined.push(bounds[at], bounds[at + 1]);
  }
  return joined;
}

/** Numbers of our own making only, so they need no places: thousands of those would cost more. */
function rangesSql(bounds: readonly number[]): string {
  const shift = BigInt(2 * CELL_LEVEL);
  const parts: string[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const low = BigInt(bounds[i]) << shift;
    const high = (BigInt(bounds[i + 1] + 1) << shift) - 1n;
    parts.push(`c.hpx29 BETWEEN ${low} AND ${high}`);
  }
  return parts.join(' OR ');
}

/** Gives a row to every position within the radius of it. */
function assign(
  row: readonly unknown[],
  fields: readonly StandardField[],
  radiusArcsec: number,
  sky: readonly PlacedPosition[],
  found: NearbySource[][],
): void {
  const ra = Number(row[1]);
  const decl = Number(row[2]);
  const cosDec = Math.cos(decl * RADIANS);
  const x = cosDec * Math.cos(ra * RADIANS);
  const y = cosDec * Math.sin(ra * RADIANS);
  const z = Math.sin(decl * RADIANS);
  // Slightly more than the chord: the exact angle decides.
  const chord = (radiusArcsec / 3_600) * RADIANS * (1 + 1e-9) + 1e-12;
  let source: CatalogueSource | undefined;
  for (let i = firstFrom(sky, z - chord); i < sky.length && sky[i].z <= z + chord; i++) {
    const at = sky[i];
    const distance = (at.x - x) ** 2 + (at.y - y) ** 2 + (at.z - z) ** 2;
    if (distance > chord * chord) continue;
    const separation = separationArcsec(at.ra, at.decl, ra, decl);
    if (separation > radiusArcsec) continue;
    source ??= readSource(row, fields);
    found[at.index].push({ source, separationArcsec: separation });
  }
}

function firstFrom(sky: readonly PlacedPosition[], z: number): number {
  let low = 0;
  let high = sky.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sky[middle].z < z) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readSource(row: readonly unknown[], fields: readonly StandardField[]): CatalogueSource {
  const source = emptySource();
  const values: Record<string, unknown> = source as unknown as Record<string, unknown>;
  for (const [i, field] of fields.entries()) values[field] = row[i];
  source.type = SOURCE_TYPES.find((type) => type === source.type) ?? 'other';
  return source;
}
