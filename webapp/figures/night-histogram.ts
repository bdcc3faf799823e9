import type { Status } from '../status.ts';
import { BIN_SECONDS } from '../status.ts';
import { linearScale } from '../../common/figures/scale.ts';

const WIDTH = 960;
const HEIGHT = 170;
const FRAME = { left: 52, right: 8, top: 10, bottom: 24 };
const DAY_SECONDS = 86_400;
const SURVEY_ORDER = ['ztf', 'lsst'] as const;

/** Alerts received through the UTC day of a night, stacked by survey. Made of numbers only. */
export function nightHistogram({ bins, date }: Pick<Status, 'bins' | 'date'>): string {
  const slots = DAY_SECONDS / BIN_SECONDS;
  const totals = Array.from({ length: slots }, () => ({ ztf: 0, lsst: 0 }));
  for (const { survey, start, received } of bins) {
    const slot = Math.floor((start.getTime() - date.getTime()) / 1_000 / BIN_SECONDS);
    if (slot >= 0 && slot < slots) totals[slot][survey] += received;
  }
  const highest = Math.max(10, ...totals.map(({ ztf, lsst }) => ztf + lsst));
  const bottom = HEIGHT - FRAME.bottom;
  const x = linearScale([0, slots], [FRAME.left, WIDTH - FRAME.right], 8);
  const y = linearScale([0, highest * 1.05], [bottom, FRAME.top], 3);
  const width = round(x(1) - x(0) - 0.8);
  const bars = totals.flatMap((total, slot) => {
    let base = 0;
    return SURVEY_ORDER.filter((survey) => total[survey] > 0).map((survey) => {
      const top = base + total[survey];
      const bar = `<rect class="${survey}" x="${round(x(slot))}" width="${width}" y="${round(y(top))}" height="${round(y(base) - y(top))}"/>`;
      base = top;
      return bar;
    });
  });
  const hours = Array.from({ length: 9 }, (_, i) => i * 3).map((hour) => {
    const position = round(x((hour * 3_600) / BIN_SECONDS));
    return `<text x="${position}" y="${HEIGHT - 6}" text-anchor="${hour === 24 ? 'end' : 'middle'}">${String(hour).padStart(2, '0')}h</text>`;
  });
  const lines = y.ticks.map(
    ({ position, value }) =>
      `<line class="grid" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${round(position)}" y2="${round(position)}"/><text x="${FRAME.left - 8}" y="${round(position) + 4}" text-anchor="end">${Math.round(value)}</text>`,
  );
  return `<svg class="night-histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Alerts received per ten minutes of the UTC day">${lines.join('')}${bars.join('')}${hours.join('')}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
