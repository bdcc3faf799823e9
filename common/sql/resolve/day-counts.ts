import type { Resolved } from './resolved.ts';
import { negative, sumOf } from './sums.ts';
import { refuse } from './statement.ts';

/** Days that ground-based surveys can be about, from 1950 to 2173, as each count has them. */
const COUNTS = {
  jd: { name: 'Julian Dates', low: 2_433_282, high: 2_515_000, advice: 'jdnow(), or mjd2jd(x)' },
  mjd: {
    name: 'Modified Julian Dates',
    low: 33_282,
    high: 115_000,
    advice: 'mjdnow(), or jd2mjd(x)',
  },
} as const;

/**
 * That a column which counts days is not compared with a day of the other count: all or nothing would
 * come of `jdmax > mjdnow() - 7`.
 *
 * @param now - For mjdnow() and jdnow().
 */
export function checkDayCounts(left: Resolved, right: Resolved, now: Date): void {
  const [first, second] = [sumOf(left, now), sumOf(right, now)];
  if (first === undefined || second === undefined) return;
  const { column, sign } = first.column === undefined ? negative(second) : first;
  if (column === undefined || (first.column !== undefined && second.column !== undefined)) return;
  const own = countOf(column.column.source?.column ?? '', column.column.unit);
  if (own === undefined) return;
  const other = own === 'jd' ? 'mjd' : 'jd';
  const day = -sign * (first.value - second.value);
  if (!(day >= COUNTS[other].low && day <= COUNTS[other].high)) return;
  refuse(
    `${column.column.name} counts ${COUNTS[own].name}, and ${Math.round(day * 10) / 10} is one of the ${COUNTS[other].name}`,
    (first.column === undefined ? left : right).place,
    `write ${COUNTS[own].advice}`,
  );
}

function countOf(name: string, unit: string | undefined): keyof typeof COUNTS | undefined {
  if (unit !== 'd') return undefined;
  if (/mjd/i.test(name)) return 'mjd';
  return /^jd/.test(name) ? 'jd' : undefined;
}
