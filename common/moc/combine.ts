import type { Moc } from './moc.ts';

/** What is in either region. */
export function union(a: Moc, b: Moc): Moc {
  return combine(a, b, (inA, inB) => inA || inB);
}

/** What is in both regions. */
export function intersection(a: Moc, b: Moc): Moc {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** What is in the first region and not in the second. */
export function difference(a: Moc, b: Moc): Moc {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** Whether two regions are the same, whatever order their makers speak of. */
export function isSameRegion(a: Moc, b: Moc): boolean {
  return a.bounds.length === b.bounds.length && a.bounds.every((key, i) => key === b.bounds[i]);
}

/** Walks along both, and notes where the answer changes. */
function combine(a: Moc, b: Moc, isIn: (inA: boolean, inB: boolean) => boolean): Moc {
  const bounds = new Float64Array(a.bounds.length + b.bounds.length);
  let length = 0;
  let i = 0;
  let j = 0;
  let was = false;
  while (i < a.bounds.length || j < b.bounds.length) {
    const atA = i < a.bounds.length ? a.bounds[i] : Infinity;
    const atB = j < b.bounds.length ? b.bounds[j] : Infinity;
    if (atA <= atB) i++;
    if (atB <= atA) j++;
    const is = isIn(i % 2 === 1, j % 2 === 1);
    if (is !== was) bounds[length++] = Math.min(atA, atB);
    was = is;
  }
  return { order: Math.max(a.order, b.order), bounds: bounds.slice(0, length) };
}
