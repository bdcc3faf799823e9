import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { linearScale } from '../../common/figures/scale.ts';

const WIDTH = 720;
const HEIGHT = 130;
const FRAME = { left: 48, right: 8, top: 8, bottom: 22 };
const DAY_MS = 86_400_000;
/** Days that the figure shows, today among them. */
export const SHOWN_DAYS = 30;

/** Where the figure begins: midnight, UTC. */
export function firstShownDay(now: Date): Date {
  return new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - (SHOWN_DAYS - 1) * DAY_MS);
}

/** Annotations per day (UTC) as bars, stacked by survey. Made of numbers and dates only. */
export function dayBars(days: ReadonlyMap<string, Record<Survey, number>>, now: Date): string {
  const first = firstShownDay(now).getTime();
  const totals = Array.from({ length: SHOWN_DAYS }, (_, i) => {
    const day = new Date(first + i * DAY_MS).toISOString().slice(0, 10);
    return { day, counts: days.get(day) ?? { ztf: 0, lsst: 0 } };
  });
  const highest = Math.max(4, ...totals.map(({ counts }) => counts.ztf + counts.lsst));
  const bottom = HEIGHT - FRAME.bottom;
  const x = linearScale([0, SHOWN_DAYS], [FRAME.left, WIDTH - FRAME.right], 8);
  const y = linearScale([0, highest * 1.05], [bottom, FRAME.top], 3);
  const width = round(x(1) - x(0) - 2);
  const bars = totals.flatMap(({ day, counts }, i) => {
    let base = 0;
    return SURVEYS.filter((survey) => counts[survey] > 0).map((survey) => {
      const top = base + counts[survey];
      const bar = `<rect class="${survey}" x="${round(x(i) + 1)}" width="${width}" y="${round(y(top))}" height="${round(y(base) - y(top))}"><title>${day}: ${counts[survey]}</title></rect>`;
      base = top;
      return bar;
    });
  });
  const labels = [0, 10, 20, SHOWN_DAYS - 1].map((i) => {
    const isLast = i === SHOWN_DAYS - 1;
    const place = round(isLast ? x(SHOWN_DAYS) : x(i + 0.5));
    return `<text x="${place}" y="${HEIGHT - 6}" text-anchor="${isLast ? 'end' : i === 0 ? 'start' : 'middle'}">${totals[i].day.slice(5)}</text>`;
  });
  const lines = y.ticks.map(
    ({ position, value }) =>
      `<line class="grid" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${round(position)}" y2="${round(position)}"/><text x="${FRAME.left - 8}" y="${round(position) + 4}" text-anchor="end">${Math.round(value)}</text>`,
  );
  return `<svg class="night-histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Annotations per day, the last ${SHOWN_DAYS} days">${lines.join('')}${bars.join('')}${labels.join('')}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
