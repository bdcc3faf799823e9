import type { Column } from '../common/schema/types.ts';

const BAND = /^[ugrizy]$/;
/** A letter of a band that stands by itself, also in the name of another column. */
const BAND_IN_TEXT = /(?<![A-Za-z])[ugrizy](?![A-Za-z])/g;
/** Stands for the letter of a band. */
const ANY_BAND = '∗';

/** Columns that say the same of one band each, or a column by itself. */
export interface ColumnFamily {
  /** The name with `∗` for the band's letter; the column's own name where there is only one. */
  name: string;
  /** What the columns mean, with `∗` for the band likewise. */
  description: string;
  /** With the band or bands that each is about, `g` or `g r`; empty for a column by itself. */
  members: { bands: string; column: Column }[];
}

/**
 * Puts columns that differ only by the band together, so that hundreds of them can be read: with
 * names of one pattern, and one type, unit and meaning. In the order of the first of each.
 */
export function columnFamilies(columns: readonly Column[]): ColumnFamily[] {
  const families: Column[][] = [];
  for (const column of columns) {
    const family = families.find(([first]) => isSibling(first, column));
    if (family === undefined) families.push([column]);
    else family.push(column);
  }
  return families.map(familyOf);
}

function familyOf(columns: Column[]): ColumnFamily {
  const [first] = columns;
  if (columns.length === 1) {
    const { name, description } = first;
    return { name, description, members: [{ bands: '', column: first }] };
  }
  const places = [
    ...new Set(columns.flatMap((column) => differences(first.name, column.name))),
  ].sort((a, b) => a - b);
  return {
    name: [...first.name].map((sign, i) => (places.includes(i) ? ANY_BAND : sign)).join(''),
    description: withoutBands(first.description),
    members: columns.map((column) => ({
      bands: places.map((place) => column.name[place]).join(' '),
      column,
    })),
  };
}

function isSibling(a: Column, b: Column): boolean {
  if (a.name.length !== b.name.length || a.unit !== b.unit || a.differs !== b.differs) return false;
  if (JSON.stringify(a.type) !== JSON.stringify(b.type)) return false;
  const places = differences(a.name, b.name);
  return (
    places.length > 0 &&
    places.length <= 2 &&
    places.every((place) => BAND.test(a.name[place]) && BAND.test(b.name[place])) &&
    withoutBands(a.description) === withoutBands(b.description)
  );
}

function differences(a: string, b: string): number[] {
  return [...a].flatMap((sign, i) => (sign === b[i] ? [] : [i]));
}

function withoutBands(description: string): string {
  return description.replace(BAND_IN_TEXT, ANY_BAND);
}
