import { wrapDegrees } from '../../common/astro/angles.ts';
import {
  formatDecSexagesimal,
  formatRaSexagesimal,
  parsePosition,
} from '../../common/astro/position-text.ts';
import type { TableBatch } from '../../common/formats/table.ts';
import type { CatalogueMap } from './catalogue-map.ts';

export interface SourcePosition {
  /** Degrees, right ascension in [0, 360). */
  ra: number;
  decl: number;
  /** A name made of it: `J000116.37+293534.0`. */
  name: () => string;
}

/**
 * Position of a row: two numbers in degrees, or two sexagesimal angles in hours and degrees.
 *
 * @returns What is wrong with it if it is none.
 */
export function positionOf(
  batch: TableBatch,
  row: number,
  raColumn: number,
  declColumn: number,
  map: Pick<CatalogueMap, 'ra' | 'decl'>,
): SourcePosition | string {
  const ra = batch.number(row, raColumn);
  const decl = batch.number(row, declColumn);
  if (ra === null || decl === null) return 'it has no position';
  if (Number.isNaN(ra) || Number.isNaN(decl)) {
    const written = `${batch.text(row, raColumn) ?? ''} ${batch.text(row, declColumn) ?? ''}`;
    const parsed = parsePosition(written);
    return parsed === undefined || parsed.radiusArcsec !== undefined
      ? `"${written.slice(0, 60)}" is no position`
      : withName(parsed.ra, parsed.dec);
  }
  const raDeg = ra * (map.ra.factor ?? 1);
  const declDeg = decl * (map.decl.factor ?? 1);
  if (!(raDeg >= -180 && raDeg <= 360) || !(Math.abs(declDeg) <= 90)) {
    return `ra ${raDeg}, dec ${declDeg} is no position`;
  }
  return withName(wrapDegrees(raDeg), declDeg);
}

function withName(ra: number, decl: number): SourcePosition {
  const name = () =>
    `J${formatRaSexagesimal(ra, 2)}${formatDecSexagesimal(decl, 1)}`.replaceAll(':', '');
  return { ra, decl, name };
}
