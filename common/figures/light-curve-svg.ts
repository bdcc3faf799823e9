import type { FigurePoint, LightCurveFigure } from './light-curve-figure.ts';
import { linearScale, paddedDomain } from './scale.ts';

const WIDTH = 760;
const HEIGHT = 400;
const FRAME = { left: 56, right: 14, top: 12, bottom: 40 };

/**
 * The light curve as a still picture, for readers without scripts and until the scripts have come.
 * Made of numbers and known words only.
 */
export function lightCurveSvg(figure: LightCurveFigure): string {
  const unit = figure.units[0];
  const isMag = unit.key !== 'flux';
  const valueOf = (point: FigurePoint) => point[unit.key];
  const shown = figure.points.filter(
    (point) => valueOf(point) !== null && !point.kind.startsWith('forced'),
  );
  const values = shown.map((point) => valueOf(point) ?? 0);
  const [low, high] = paddedDomain(values, isMag ? 0.5 : 100);
  const x = linearScale(
    paddedDomain(
      shown.map((point) => point.mjd),
      1,
      0.03,
    ),
    [FRAME.left, WIDTH - FRAME.right],
    6,
  );
  const bottom = HEIGHT - FRAME.bottom;
  const y = linearScale([low, high], isMag ? [FRAME.top, bottom] : [bottom, FRAME.top], 6);
  const parts = [
    ...x.ticks.map(
      ({ position, label }) =>
        `<line class="grid" x1="${p(position)}" x2="${p(position)}" y1="${FRAME.top}" y2="${bottom}"/><text x="${p(position)}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
    ),
    ...y.ticks.map(
      ({ position, label }) =>
        `<line class="grid" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${p(position)}" y2="${p(position)}"/><text x="${FRAME.left - 8}" y="${p(position + 4)}" text-anchor="end">${label}</text>`,
    ),
    `<text x="${(FRAME.left + WIDTH) / 2}" y="${HEIGHT - 4}" text-anchor="middle">MJD (${figure.timeScale})</text>`,
    `<text transform="rotate(-90)" x="${-(FRAME.top + bottom) / 2}" y="12" text-anchor="middle">${unit.axis}</text>`,
    ...shown.map((point) => mark(point, x(point.mjd), y(valueOf(point) ?? 0), y, unit.key)),
  ];
  return `<svg class="light-curve-still" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Light curve with ${shown.length} points">${parts.join('')}</svg>`;
}

function mark(
  point: FigurePoint,
  x: number,
  y: number,
  scale: (value: number) => number,
  unit: 'mag' | 'flux' | 'apparent',
): string {
  const band = /^[ugrizy]$/.test(point.band) ? point.band : 'other';
  if (point.kind === 'limit') {
    return `<path class="limit band-${band}" d="M${p(x - 4)} ${p(y - 3)}h8l-4 6z"/>`;
  }
  const value = point[unit] ?? 0;
  const error = { mag: point.magErr, flux: point.fluxErr, apparent: point.apparentErr }[unit];
  const bar =
    error === null
      ? ''
      : `<line x1="${p(x)}" x2="${p(x)}" y1="${p(scale(value - error))}" y2="${p(scale(value + error))}"/>`;
  const shape = point.kind === 'negative' ? 'negative' : 'detection';
  return `<g class="${shape} band-${band}">${bar}<circle cx="${p(x)}" cy="${p(y)}" r="3.6"/></g>`;
}

function p(value: number): number {
  return Math.round(value * 10) / 10;
}
