import type { Column, ColumnType } from './types.ts';

/** A column in a line: unit and UCD may be empty; what few columns have comes last. */
export type ColumnRow = readonly [
  name: string,
  type: ColumnType,
  unit: string,
  ucd: string,
  description: string,
  rest?: Pick<Column, 'attribute' | 'required' | 'default' | 'differs'>,
];

/** Where the bands lie in the vocabulary of UCDs, which knows Johnson's only. */
const BAND_UCDS: Record<string, string> = {
  u: 'em.opt.U',
  g: 'em.opt.B',
  r: 'em.opt.R',
  i: 'em.opt.I',
  z: 'em.opt.I',
  y: 'em.opt.I',
};

export function columns(rows: readonly ColumnRow[]): Column[] {
  return rows.map(([name, type, unit, ucd, description, rest]) => ({
    name,
    type,
    ...(unit === '' ? {} : { unit }),
    ...(ucd === '' ? {} : { ucd }),
    description,
    ...rest,
  }));
}

/** The rows once for each band: its letter for `*` in names and meanings, its UCD for `*` in UCDs. */
export function forBands(bands: string, rows: readonly ColumnRow[]): ColumnRow[] {
  return [...bands].flatMap((band) =>
    rows.map(([name, type, unit, ucd, description, rest]): ColumnRow => [
      name.replaceAll('*', band),
      type,
      unit,
      ucd.replaceAll('*', BAND_UCDS[band]),
      description.replaceAll('*', band),
      rest,
    ]),
  );
}
