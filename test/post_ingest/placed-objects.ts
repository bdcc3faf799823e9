import { hpx29 } from '../../common/astro/healpix.ts';
import { htm16 } from '../../common/astro/htm.ts';
import type { Survey } from '../../common/config.ts';
import { tableOf } from '../../common/schema/tables.ts';
import { tableName } from '../../common/schema/ddl.ts';
import type { Column } from '../../common/schema/types.ts';
import { bulkLoad } from '../../common/store/bulk.ts';
import { createRowBuffer } from '../../common/store/row-buffer.ts';
import type { Database } from '../../common/store/database.ts';
import type { ObjectPlace } from '../../common/store/places.ts';
import type { PlacedObject } from '../../post_ingest/steps/step.ts';
import { positionAt } from '../common/astro/reference.ts';

type Values = Record<string, string | number | null>;

/** Writes rows of `objects` that have a place, and zero or nothing elsewhere. */
export async function storePlaces(
  db: Database,
  survey: Survey,
  places: readonly (ObjectPlace & { values?: Values })[],
): Promise<void> {
  const table = tableOf(survey, 'objects');
  const extra = new Set(places.flatMap(({ values }) => Object.keys(values ?? {})));
  const isGiven = ({ name }: Column) => PLACE[survey].includes(name) || extra.has(name);
  const columns = table.columns.filter((column) => column.required === true || isGiven(column));
  const rows = createRowBuffer();
  for (const { id, ra, decl, values } of places) {
    const row: Record<string, unknown> = {
      objectId: id,
      diaObjectId: id,
      ra,
      decl,
      ramean: ra,
      decmean: decl,
      hpx29: hpx29(ra, decl),
      htm16: htm16(ra, decl),
      ...values,
    };
    for (const { name, required } of columns) rows.value(row[name] ?? (required ? 0 : null));
    rows.endRow();
  }
  const target = { table: tableName(table), columns: columns.map(({ name }) => name) };
  const server = await db.server();
  await db.transaction((tx) => bulkLoad(tx, server, 'replace', target, rows));
}

/** As ingest hands objects to a step. */
export function asPlaced(places: readonly ObjectPlace[]): PlacedObject[] {
  return places.map((place) => ({ ...place, newestAlert: null }));
}

const PLACE: Record<Survey, readonly string[]> = {
  ztf: ['objectId', 'ramean', 'decmean', 'hpx29', 'htm16'],
  lsst: ['diaObjectId', 'ra', 'decl', 'ramean', 'decmean', 'hpx29', 'htm16'],
};

/** ZTF20aaaaaaa, ZTF20aaaaaab ... */
export function ztfName(number: number): string {
  let letters = '';
  for (let rest = number, i = 0; i < 7; i++, rest = Math.floor(rest / 26)) {
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  }
  return `ZTF20${letters}`;
}

/** Numbers of 18 digits, as Rubin's are. */
export function lsstNumber(number: number): string {
  return (313_637_921_267_122_000n + BigInt(number)).toString();
}

interface Position {
  ra: number;
  decl: number;
}

/** The place at a distance and position angle (degrees) from another. */
export function moved(from: Position, arcsec: number, angle: number): Position {
  const { ra, dec } = positionAt({ ra: from.ra, dec: from.decl }, arcsec / 3_600, angle);
  return { ra: ((ra % 360) + 360) % 360, decl: dec };
}

/** The distance from the chord between the directions: another formula than the program's. */
export function chordArcsec(a: Position, b: Position): number {
  const [x, y] = [direction(a), direction(b)];
  const chord = Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
  return ((2 * Math.asin(chord / 2) * 180) / Math.PI) * 3_600;
}

function direction({ ra, decl }: Position): number[] {
  const [a, d] = [(ra * Math.PI) / 180, (decl * Math.PI) / 180];
  return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
}

export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
