import type { PeriodFigure } from '../period-page.ts';
import { linearScale, paddedDomain } from '../../common/figures/scale.ts';
import type { Scale } from '../../common/figures/scale.ts';

const WIDTH = 760;
const FRAME = { left: 84, right: 14, top: 12, bottom: 40 };

/** A folded light curve as a still picture, two turns of it. Made of numbers and known words only. */
export function foldSvg({ points, axis }: PeriodFigure): string {
  const height = 340;
  const x = linearScale([0, 2], [FRAME.left, WIDTH - FRAME.right], 8);
  const fluxes = points.map(({ flux }) => flux);
  const y = linearScale(paddedDomain(fluxes, 100), [height - FRAME.bottom, FRAME.top], 6);
  const marks = points.flatMap(({ band, phase, flux, fluxErr }) => {
    const name = /^[ugrizy]$/.test(band) ? band : 'other';
    const err = Number.isFinite(fluxErr) ? fluxErr : 0;
    return [phase, phase + 1].map(
      (turn) =>
        `<g class="detection band-${name}"><line x1="${p(x(turn))}" x2="${p(x(turn))}" y1="${p(y(flux - err))}" y2="${p(y(flux + err))}"/><circle cx="${p(x(turn))}" cy="${p(y(flux))}" r="3"/></g>`,
    );
  });
  return picture(height, `Folded light curve with ${points.length} points`, [
    ...axes(x, y, height, 'phase', axis),
    ...marks,
  ]);
}

/** A periodogram as a still picture, with the level of one per cent and the period that is shown. */
export function periodogramSvg(figure: PeriodFigure): string {
  const height = 260;
  const { frequency, power } = figure.periodogram;
  const highest = Math.max(figure.onePercentPower, ...power);
  const x = linearScale(
    [0, frequency[frequency.length - 1] ?? 1],
    [FRAME.left, WIDTH - FRAME.right],
    8,
  );
  const y = linearScale([0, 1.05 * highest], [height - FRAME.bottom, FRAME.top], 5);
  const line = frequency.map((each, i) => `${p(x(each))},${p(y(power[i]))}`).join(' ');
  const level = p(y(figure.onePercentPower));
  const marked = figure.marked === null ? undefined : p(x(figure.marked));
  return picture(height, 'Periodogram', [
    ...axes(x, y, height, 'frequency (1/d)', 'power'),
    `<polyline points="${line}" fill="none" stroke="currentColor" stroke-width="1"/>`,
    `<polyline points="${FRAME.left},${level} ${WIDTH - FRAME.right},${level}" fill="none" stroke="currentColor" stroke-dasharray="4 4" opacity="0.6"/>`,
    ...(marked === undefined
      ? []
      : [
          `<polyline points="${marked},${FRAME.top} ${marked},${height - FRAME.bottom}" fill="none" stroke="currentColor" stroke-dasharray="2 3" opacity="0.6"/>`,
        ]),
  ]);
}

function axes(x: Scale, y: Scale, height: number, xName: string, yName: string): string[] {
  const bottom = height - FRAME.bottom;
  return [
    ...x.ticks.map(
      ({ position, label }) =>
        `<line class="grid" x1="${p(position)}" x2="${p(position)}" y1="${FRAME.top}" y2="${bottom}"/><text x="${p(position)}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
    ),
    ...y.ticks.map(
      ({ position, label }) =>
        `<line class="grid" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${p(position)}" y2="${p(position)}"/><text x="${FRAME.left - 8}" y="${p(position + 4)}" text-anchor="end">${label}</text>`,
    ),
    `<text x="${(FRAME.left + WIDTH) / 2}" y="${height - 4}" text-anchor="middle">${xName}</text>`,
    `<text transform="rotate(-90)" x="${-(FRAME.top + bottom) / 2}" y="14" text-anchor="middle">${yName}</text>`,
  ];
}

function picture(height: number, label: string, parts: string[]): string {
  return `<svg class="light-curve-still" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">${parts.join('')}</svg>`;
}

function p(value: number): number {
  return Math.round(value * 10) / 10;
}
