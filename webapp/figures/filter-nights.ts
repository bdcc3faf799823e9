import { linearScale } from '../../common/figures/scale.ts';

const WIDTH = 640;
const HEIGHT = 120;
const FRAME = { left: 44, right: 6, top: 8, bottom: 20 };
const DAY_MS = 86_400_000;
/** Dates that fit under the bars. */
const MOST_DATES = 7;
/** Half of the width that a date takes. */
const HALF_DATE = 18;

export interface NightBar {
  /** Whole days since 2017-01-01. */
  nid: number;
  count: number;
  /** Found later, by a run over past nights: stands on top. */
  past?: number;
}

/**
 * Matches night by night, the oldest on the left. Made of numbers and dates only.
 *
 * @param bars - One for each night, without a gap.
 * @param what - What is counted, for those who cannot see it: a constant.
 */
export function nightBars(bars: readonly NightBar[], what: string): string {
  const highest = Math.max(5, ...bars.map(({ count, past = 0 }) => count + past));
  const bottom = HEIGHT - FRAME.bottom;
  const x = linearScale([0, Math.max(1, bars.length)], [FRAME.left, WIDTH - FRAME.right], 4);
  const y = linearScale([0, highest * 1.05], [bottom, FRAME.top], 2);
  const width = round(Math.max(1, (x(1) - x(0)) * 0.8));
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(1, y(0) - y(count)));
  const marks = bars.map(({ nid, count, past = 0 }, i) => {
    const found = past === 0 ? '' : ` and ${past} found later`;
    const title = `<title>${dateOf(nid)}: ${count}${found}</title>`;
    const height = heightOf(count);
    const bar = (top: number, high: number, kind: string) =>
      `<rect${kind} x="${round(x(i + 0.1))}" width="${width}" y="${round(top - high)}" height="${round(high)}">${title}</rect>`;
    const above = past === 0 ? '' : bar(bottom - height, heightOf(past), ' class="is-past"');
    return bar(bottom, height, '') + above;
  });
  const step = Math.ceil(bars.length / MOST_DATES);
  const dates = bars.flatMap(({ nid }, i) =>
    (bars.length - 1 - i) % step === 0
      ? [
          `<text x="${round(Math.min(x(i + 0.5), WIDTH - HALF_DATE))}" y="${HEIGHT - 5}" text-anchor="middle">${dateOf(nid).slice(5)}</text>`,
        ]
      : [],
  );
  const lines = y.ticks
    .filter(({ value }) => Number.isInteger(value))
    .map(
      ({ position, value }) =>
        `<line class="grid" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${round(position)}" y2="${round(position)}"/><text x="${FRAME.left - 6}" y="${round(position) + 4}" text-anchor="end">${value}</text>`,
    );
  return `<svg class="night-bars" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${what}">${lines.join('')}${marks.join('')}${dates.join('')}</svg>`;
}

/** The date on which a night began, as its number counts. */
export function dateOf(nid: number): string {
  return new Date(Date.UTC(2017, 0, 1) + nid * DAY_MS).toISOString().slice(0, 10);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
