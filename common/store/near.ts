import { cellsNear, NEAR_SHIFT, nearCell } from '../astro/cells-near.ts';
import { separationArcsec } from '../astro/coordinates.ts';

/** A place on the sky, degrees, ICRS. */
export interface Position {
  ra: number;
  decl: number;
}

/** A place and a row near it. */
export interface NearPair<Place, Row> {
  place: Place;
  row: Row;
  arcsec: number;
}

/** Places looked up in one statement: 0.015 ms each, measured against 10^6 rows. */
const PLACES_PER_STATEMENT = 2_000;

/**
 * All rows within a small radius of each of these places: one statement for thousands of places,
 * whichever way they lie on the sky.
 *
 * @param radiusArcsec - A few arcseconds.
 * @param select - Selects rows by a condition on `hpx29`, which holds more than is near.
 * @returns Pairs in no order; distances as measured from the place to the row.
 */
export async function selectNear<Place extends Position, Row extends Position>(
  places: readonly Place[],
  radiusArcsec: number,
  select: (condition: string) => Promise<Row[]>,
): Promise<NearPair<Place, Row>[]> {
  const pairs: NearPair<Place, Row>[] = [];
  for (let start = 0; start < places.length; start += PLACES_PER_STATEMENT) {
    const group = places.slice(start, start + PLACES_PER_STATEMENT);
    const cells = group.map(({ ra, decl }) => cellsNear(ra, decl, radiusArcsec));
    const rows = rowsByCell(await select(rangesOf(cells)));
    for (const [i, place] of group.entries()) {
      for (const cell of cells[i]) {
        for (const row of rows.get(cell) ?? []) {
          const arcsec = separationArcsec(place.ra, place.decl, row.ra, row.decl);
          if (arcsec <= radiusArcsec) pairs.push({ place, row, arcsec });
        }
      }
    }
  }
  return pairs;
}

/** The cells as ranges of `hpx29`, each as long as may be. */
function rangesOf(cells: readonly number[][]): string {
  const sorted = [...new Set(cells.flat())].sort((a, b) => a - b);
  const conditions: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i];
    while (sorted[i + 1] === sorted[i] + 1) i++;
    const low = BigInt(first) << NEAR_SHIFT;
    const high = (BigInt(sorted[i] + 1) << NEAR_SHIFT) - 1n;
    conditions.push(`hpx29 BETWEEN ${low} AND ${high}`);
  }
  return `(${conditions.join(' OR ')})`;
}

function rowsByCell<Row extends Position>(rows: readonly Row[]): Map<number, Row[]> {
  const byCell = new Map<number, Row[]>();
  for (const row of rows) {
    const cell = nearCell(row.ra, row.decl);
    const others = byCell.get(cell);
    if (others === undefined) byCell.set(cell, [row]);
    else others.push(row);
  }
  return byCell;
}
