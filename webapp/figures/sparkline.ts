import type { SparkPoint } from '../../common/store/light-curves.ts';
import { paddedDomain } from '../../common/figures/scale.ts';

const WIDTH = 132;
const HEIGHT = 36;
const MARGIN = 3;

/**
 * A light curve of a few millimetres: brighter is higher, a colour per band (classes `band-g`).
 *
 * @param points - Oldest first.
 * @returns An `<svg>` element made of numbers and known words only.
 */
export function sparkline(points: SparkPoint[]): string {
  const [firstDay, lastDay] = paddedDomain(
    points.map((point) => point.mjd),
    1,
    0.02,
  );
  const [bright, faint] = paddedDomain(
    points.map((point) => point.mag),
    0.8,
  );
  const x = (mjd: number) =>
    round(MARGIN + ((mjd - firstDay) / (lastDay - firstDay)) * (WIDTH - 2 * MARGIN));
  const y = (mag: number) =>
    round(MARGIN + ((mag - bright) / (faint - bright)) * (HEIGHT - 2 * MARGIN));
  const marks = [...groupByBand(points)].map(([band, own]) => {
    const dots = own.map((point) => `<circle cx="${x(point.mjd)}" cy="${y(point.mag)}" r="1.9"/>`);
    const line = own.map((point) => `${x(point.mjd)},${y(point.mag)}`).join(' ');
    return `<g class="band-${band}"><polyline points="${line}"/>${dots.join('')}</g>`;
  });
  return `<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" focusable="false">${marks.join('')}</svg>`;
}

function groupByBand(points: SparkPoint[]): Map<string, SparkPoint[]> {
  const groups = new Map<string, SparkPoint[]>();
  for (const point of points) {
    const band = /^[ugrizy]$/.test(point.band) ? point.band : 'other';
    const group = groups.get(band);
    if (group) group.push(point);
    else groups.set(band, [point]);
  }
  return groups;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
