import { onSkyMap, roundToTenth, SKY_HEIGHT, SKY_WIDTH, skyFrame } from '../figures/sky-frame.ts';
import { linearScale } from '../../common/figures/scale.ts';
import type { SkyPoint } from './sky-columns.ts';

const RADIANS = Math.PI / 180;
/** Positions within such a circle are drawn as a field and not as a spot of the whole sky: degrees. */
const FIELD_RADIUS = 8;
const FIELD_SIZE = 640;
const FIELD_MARGIN = 48;
const SMALLEST_FIELD_ARCSEC = 2;

interface Place {
  x: number;
  y: number;
}

/**
 * Positions of a result: on the whole sky, or, where they all lie close together, on a field of it
 * with offsets from their middle. Made of numbers, ids and known words.
 */
export function skyFigure(points: readonly SkyPoint[], survey: string): string {
  const field = fieldOf(points);
  return field === undefined ? wholeSky(points, survey) : fieldMap(points, field, survey);
}

function wholeSky(points: readonly SkyPoint[], survey: string): string {
  const marks = points.map((point) => mark(point, onSkyMap(point.ra, point.dec), survey));
  return `<svg class="sky-map query-sky" viewBox="0 0 ${SKY_WIDTH} ${SKY_HEIGHT}" role="img" aria-label="Sky map of ${points.length} rows; the table has their positions">
${skyFrame()}
<g class="marks">${marks.join('')}</g></svg>`;
}

interface Field {
  ra: number;
  dec: number;
  /** Degrees. */
  radius: number;
}

/** The middle of all directions, and the largest distance from it. */
function fieldOf(points: readonly SkyPoint[]): Field | undefined {
  if (points.length === 0) return undefined;
  const sum = { x: 0, y: 0, z: 0 };
  for (const { ra, dec } of points) {
    const c = Math.cos(dec * RADIANS);
    sum.x += c * Math.cos(ra * RADIANS);
    sum.y += c * Math.sin(ra * RADIANS);
    sum.z += Math.sin(dec * RADIANS);
  }
  const ra = (Math.atan2(sum.y, sum.x) / RADIANS + 360) % 360;
  const dec = Math.atan2(sum.z, Math.hypot(sum.x, sum.y)) / RADIANS;
  const distances = points.map((point) => {
    const { east, north } = offsets(point, { ra, dec });
    return Math.hypot(east, north);
  });
  const radius = distances.reduce((a, b) => Math.max(a, b), 0);
  return radius <= FIELD_RADIUS ? { ra, dec, radius } : undefined;
}

/** Offsets on the tangent plane, degrees; infinite for what lies on the other half of the sky. */
function offsets(point: { ra: number; dec: number }, centre: { ra: number; dec: number }) {
  const ra = (point.ra - centre.ra) * RADIANS;
  const [d, d0] = [point.dec * RADIANS, centre.dec * RADIANS];
  const depth = Math.sin(d0) * Math.sin(d) + Math.cos(d0) * Math.cos(d) * Math.cos(ra);
  if (depth <= 0.1) return { east: Infinity, north: Infinity };
  return {
    east: (Math.cos(d) * Math.sin(ra)) / depth / RADIANS,
    north:
      (Math.cos(d0) * Math.sin(d) - Math.sin(d0) * Math.cos(d) * Math.cos(ra)) / depth / RADIANS,
  };
}

function fieldMap(points: readonly SkyPoint[], field: Field, survey: string): string {
  const half = Math.max(field.radius * 1.1, SMALLEST_FIELD_ARCSEC / 3600);
  const [unit, perDegree] = half < 0.02 ? ['″', 3600] : half < 1 ? ['′', 60] : ['°', 1];
  const extent = half * perDegree;
  const [low, high] = [FIELD_MARGIN, FIELD_SIZE - FIELD_MARGIN];
  // East is to the left, as the sky is seen.
  const x = linearScale([-extent, extent], [high, low], 6);
  const y = linearScale([-extent, extent], [high, low], 6);
  const marks = points.map((point) => {
    const { east, north } = offsets(point, field);
    const place = {
      x: roundToTenth(x(east * perDegree)),
      y: roundToTenth(y(north * perDegree)),
    };
    return mark(point, place, survey);
  });
  const grid = [
    ...x.ticks.map(
      ({ position, label }) =>
        `<path class="grid" d="M${p(position)} ${low}V${high}"/><text x="${p(position)}" y="${high + 18}" text-anchor="middle">${label}${unit}</text>`,
    ),
    ...y.ticks.map(
      ({ position, label }) =>
        `<path class="grid" d="M${low} ${p(position)}H${high}"/><text x="${low - 6}" y="${p(position + 4)}" text-anchor="end">${label}${unit}</text>`,
    ),
  ];
  return `<svg class="sky-map query-sky is-field" viewBox="0 0 ${FIELD_SIZE} ${FIELD_SIZE}" role="img" aria-label="Field map of ${points.length} rows; the table has their positions">
<rect class="sky" x="${low}" y="${low}" width="${high - low}" height="${high - low}"/>
<g class="field-grid">${grid.join('')}</g>
<text x="${low}" y="${low - 14}">N up, E left of ${field.ra.toFixed(5)} ${field.dec < 0 ? '−' : '+'}${Math.abs(field.dec).toFixed(5)}</text>
<g class="marks">${marks.join('')}</g></svg>`;
}

function mark({ row, id, address }: SkyPoint, { x, y }: Place, survey: string): string {
  const circle = `<circle cx="${x}" cy="${y}" r="4"/>`;
  if (id === undefined || address === undefined) {
    return `<g class="${survey}"><title>row ${row}</title>${circle}</g>`;
  }
  return `<a href="${address}" tabindex="-1" class="${survey}" data-id="${id}"><title>${id}</title>${circle}</a>`;
}

function p(value: number): number {
  return roundToTenth(value);
}
