const DIGIT = 13;
const BUCKETS = 1 << DIGIT;
const MASK = BUCKETS - 1;
const HALF = 2 ** (2 * DIGIT);

/**
 * The order in which numbers of cells ascend, by counting their digits: a million in some 0.1 s,
 * where comparing them takes seconds. Equal ones keep their order.
 *
 * @param cells - Whole numbers below 2^52.
 */
export function ascendingOrder(cells: Float64Array): Uint32Array {
  const count = cells.length;
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    high[i] = Math.floor(cells[i] / HALF);
    low[i] = cells[i] - high[i] * HALF;
  }
  let order = Uint32Array.from({ length: count }, (_, i) => i);
  let sorted = new Uint32Array(count);
  const starts = new Uint32Array(BUCKETS);
  for (const [half, shift] of [
    [low, 0],
    [low, DIGIT],
    [high, 0],
    [high, DIGIT],
  ] as const) {
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[(half[i] >>> shift) & MASK]++;
    for (let bucket = 0, start = 0; bucket < BUCKETS; bucket++) {
      const size = starts[bucket];
      starts[bucket] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const at = order[i];
      sorted[starts[(half[at] >>> shift) & MASK]++] = at;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}
