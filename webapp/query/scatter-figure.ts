import type { ResultColumn } from '../../common/sql/ast.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import { linearScale, paddedDomain } from '../../common/figures/scale.ts';
import type { Scale } from '../../common/figures/scale.ts';
import { isNumeric } from './result-cells.ts';

const WIDTH = 960;
const HEIGHT = 460;
/** Labels have no more digits than this needs. */
const SMALLEST_SPAN = 1e-12;
const FRAME = { left: 92, right: 16, top: 14, bottom: 46 };

/** A column that may be an axis. */
export interface Axis {
  /** Which column of the result, from 0. */
  index: number;
  name: string;
  unit: string | undefined;
  /** Magnitudes grow downwards. */
  isInverted: boolean;
}

/** Columns of numbers, in the order of the result. */
export function axesOf(columns: readonly ResultColumn[]): Axis[] {
  return columns.flatMap((column, index) =>
    isNumeric(column)
      ? [{ index, name: column.name, unit: column.unit, isInverted: isMagnitude(column) }]
      : [],
  );
}

/** Colours and errors have the same unit, and grow upwards. */
function isMagnitude({ unit, ucd = 'phot.mag' }: ResultColumn): boolean {
  return unit === 'mag' && /^(phot\.mag(;|$)|phys\.magAbs)/.test(ucd);
}

/**
 * The two axes that are asked for by name, or else two that say something: a brightness against
 * whatever else there is; positions last, and columns that are mostly NULL.
 */
export function chosenAxes(
  columns: readonly ResultColumn[],
  rows: readonly Scalar[][],
  x: string,
  y: string,
): { x: Axis; y: Axis } | undefined {
  const axes = axesOf(columns);
  if (axes.length < 2) return undefined;
  const rank = ({ index }: Axis) => {
    const isPosition = columns[index].ucd?.startsWith('pos.') === true;
    const present = rows.reduce((sum, row) => sum + (row[index] === null ? 0 : 1), 0);
    return (isPosition ? 1 : 0) + (2 * present < rows.length ? 2 : 0);
  };
  const ranked = axes
    .map((axis) => ({ axis, rank: rank(axis) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ axis }) => axis);
  const named = (name: string) => axes.find((axis) => axis.name === name);
  const chosenY = named(y) ?? ranked.find((axis) => axis.isInverted && axis.name !== x);
  const chosenX = named(x) ?? ranked.find((axis) => axis.index !== chosenY?.index) ?? axes[0];
  const other = ranked.find((axis) => axis.index !== chosenX.index) ?? axes[1];
  return { x: chosenX, y: chosenY ?? other };
}

/** `gmag (mag)` */
export function axisTitle({ name, unit }: Axis): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

/** The points as a still picture, for readers without scripts. */
export function scatterFigure(rows: readonly Scalar[][], axes: { x: Axis; y: Axis }): string {
  const points = rows.flatMap((row): [number, number][] => {
    const [x, y] = [numberOf(row[axes.x.index]), numberOf(row[axes.y.index])];
    return x === undefined || y === undefined ? [] : [[x, y]];
  });
  const [left, right] = [FRAME.left, WIDTH - FRAME.right];
  const [top, bottom] = [FRAME.top, HEIGHT - FRAME.bottom];
  const x = scaleOf(
    points.map(([each]) => each),
    axes.x,
    [left, right],
    8,
  );
  const y = scaleOf(
    points.map(([, each]) => each),
    axes.y,
    [bottom, top],
    6,
  );
  const grid = [
    ...x.ticks.map(
      ({ position, label }) =>
        `<line class="grid" x1="${p(position)}" x2="${p(position)}" y1="${top}" y2="${bottom}"/><text x="${p(position)}" y="${bottom + 17}" text-anchor="middle">${label}</text>`,
    ),
    ...y.ticks.map(
      ({ position, label }) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${p(position)}" y2="${p(position)}"/><text x="${left - 8}" y="${p(position + 4)}" text-anchor="end">${label}</text>`,
    ),
  ];
  const marks = points.map(([a, b]) => `<circle cx="${p(x(a))}" cy="${p(y(b))}" r="3"/>`);
  return `<svg class="scatter-still" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Scatter plot of ${points.length} rows">${grid.join('')}
<text x="${(left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escapeText(axisTitle(axes.x))}</text>
<text transform="rotate(-90)" x="${-(top + bottom) / 2}" y="14" text-anchor="middle">${escapeText(axisTitle(axes.y))}</text>
<g class="points">${marks.join('')}</g></svg>`;
}

function scaleOf(values: number[], axis: Axis, range: [number, number], ticks: number): Scale {
  const isOne = values.every((value) => value === values[0]);
  const [low, high] = paddedDomain(values, isOne ? 1 : SMALLEST_SPAN);
  const ends: [number, number] = axis.isInverted ? [range[1], range[0]] : range;
  return linearScale([low, high], ends, ticks);
}

function numberOf(value: Scalar): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function p(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
