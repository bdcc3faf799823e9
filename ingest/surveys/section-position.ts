import { meanPosition } from '../../common/astro/coordinates.ts';
import type { Section } from '../../common/history/packed-section.ts';

/** Mean position of the records of a section, degrees. */
export function sectionPosition(
  { view, count, stride }: Section,
  offsets: { ra: number; decl: number },
): { ra: number; decl: number } {
  const ras = new Float64Array(count);
  const decs = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    ras[i] = view.getFloat64(at + offsets.ra, true);
    decs[i] = view.getFloat64(at + offsets.decl, true);
  }
  const { ra, dec } = meanPosition(ras, decs);
  return { ra, decl: dec };
}
