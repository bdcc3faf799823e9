import { bigintOfKey } from '../../common/moc/cell-keys.ts';
import type { Moc } from '../../common/moc/moc.ts';

/** A stretch of the sky's order, in cells of order 29; `to` is behind its last. */
export interface Span {
  from: bigint;
  to: bigint;
}

/**
 * The stretches of the sky's order in which a region lies, few enough to be asked for one by one: its
 * ranges themselves, or, where there are more, these with the smallest gaps closed.
 */
export function scanSpans({ bounds }: Moc, most: number): Span[] {
  const count = bounds.length / 2;
  const gaps: { behind: number; width: bigint }[] = [];
  if (count > most) {
    for (let i = 1; i < count; i++) {
      const width = bigintOfKey(bounds[2 * i]) - bigintOfKey(bounds[2 * i - 1]);
      gaps.push({ behind: i, width });
    }
    gaps.sort((a, b) => (a.width > b.width ? -1 : a.width < b.width ? 1 : 0));
  }
  const cuts =
    count > most
      ? gaps
          .slice(0, most - 1)
          .map(({ behind }) => behind)
          .sort((a, b) => a - b)
      : Array.from({ length: Math.max(0, count - 1) }, (_, i) => i + 1);
  const starts = count === 0 ? [] : [0, ...cuts];
  return starts.map((start, i) => {
    const end = i + 1 < starts.length ? starts[i + 1] : count;
    return { from: bigintOfKey(bounds[2 * start]), to: bigintOfKey(bounds[2 * end - 1]) };
  });
}
