import { meanPosition } from '../../common/astro/coordinates.ts';
import type { Section } from '../../common/history/packed-section.ts';

/** Mean position of the records of a section that have one, degrees; NaN if none has. */
export function sectionPosition(
  { view, count, stride }: Section,
  offsets: { ra: number; decl: number },
): { ra: number; decl: number } {
  const ras = new Float64Array(count);
  const decs = new Float64Array(count);
  let placed = 0;
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    ras[placed] = view.getFloat64(at + offsets.ra, true);
    decs[placed] = view.getFloat64(at + offsets.decl, true);
    // Records of a packet's history may lack it.
    if (Number.isFinite(ras[placed]) && Math.abs(decs[placed]) <= 90) placed++;
  }
  if (placed === 0) return { ra: NaN, decl: NaN };
  const { ra, dec } = meanPosition(ras.subarray(0, placed), decs.subarray(0, placed));
  return { ra, decl: dec };
}
