import type { ResultColumn } from '../../common/sql/ast.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import { isNumeric, objectAddress, objectKeyIndex } from './result-cells.ts';

/** Which columns of a result hold positions: ICRS, degrees. */
export interface SkyColumns {
  ra: number;
  dec: number;
}

/** A row with a position. */
export interface SkyPoint {
  ra: number;
  dec: number;
  /** Number of the row on this page, from 1. */
  row: number;
  /** The object it is about, and its page. */
  id: string | undefined;
  address: string | undefined;
}

const RA_NAME = /^(.*?)_?(?:ra|ramean|radeg|ra_deg|alpha)$/i;
const DEC_NAME = /^(.*?)_?(?:dec|decl|decmean|decdeg|dec_deg|delta)$/i;

/**
 * The columns that are a position: by their UCD, or else by names that belong together such as `ra`
 * and `decl`, `ramean` and `decmean`.
 */
export function findSkyColumns(columns: readonly ResultColumn[]): SkyColumns | undefined {
  return byUcd(columns) ?? byName(columns);
}

/** Rows whose position is one. */
export function skyPoints(
  columns: readonly ResultColumn[],
  rows: readonly Scalar[][],
  sky: SkyColumns,
): SkyPoint[] {
  const key = objectKeyIndex(columns);
  return rows.flatMap((values, i) => {
    const [ra, dec] = [values[sky.ra], values[sky.dec]];
    if (typeof ra !== 'number' || typeof dec !== 'number' || Math.abs(dec) > 90) return [];
    const id = key === -1 ? null : values[key];
    const address = objectAddress(id);
    return [{ ra, dec, row: i + 1, id: address === undefined ? undefined : String(id), address }];
  });
}

function byUcd(columns: readonly ResultColumn[]): SkyColumns | undefined {
  for (const suffix of [';meta.main', '']) {
    const ra = columns.findIndex((column) => column.ucd === `pos.eq.ra${suffix}`);
    const dec = columns.findIndex(
      (column, i) =>
        column.ucd === `pos.eq.dec${suffix}` &&
        column.source?.table === columns[ra]?.source?.table &&
        i !== ra,
    );
    if (ra !== -1 && dec !== -1) return { ra, dec };
  }
  return undefined;
}

function byName(columns: readonly ResultColumn[]): SkyColumns | undefined {
  const stems = (pattern: RegExp) =>
    columns.flatMap((column, index) => {
      const stem = isNumeric(column) ? pattern.exec(column.name)?.[1] : undefined;
      return stem === undefined ? [] : [{ index, stem: stem.toLowerCase() }];
    });
  const decs = stems(DEC_NAME);
  for (const { index, stem } of stems(RA_NAME)) {
    const dec = decs.find((each) => each.stem === stem);
    if (dec !== undefined) return { ra: index, dec: dec.index };
  }
  return undefined;
}
