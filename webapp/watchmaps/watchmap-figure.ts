import { hasPosition } from '../../common/moc/moc.ts';
import type { Moc } from '../../common/moc/moc.ts';
import type { Survey } from '../../common/config.ts';
import { linearScale } from '../../common/figures/scale.ts';
import { onSkyMap, roundToTenth, SKY_HEIGHT, SKY_WIDTH, skyFrame } from '../figures/sky-frame.ts';
import { fieldOf } from './field-of.ts';
import type { Field } from './field-of.ts';
import { runsPath } from './sky-raster.ts';
import type { SkyRaster } from './sky-raster.ts';

const RADIANS = Math.PI / 180;
const FIELD_SIZE = 480;
const FIELD_MARGIN = 44;
/** Side of a square of the field's raster. */
const FIELD_UNIT = 1;
const FIELD_COLUMNS = (FIELD_SIZE - 2 * FIELD_MARGIN) / FIELD_UNIT;

/** An object to be marked. */
export interface MarkedObject {
  survey: Survey;
  id: string;
  ra: number;
  dec: number;
}

/** What a region looks like, without the marks that come and go. */
export interface RegionShape {
  /** On the map of the whole sky. */
  skyPath: string;
  /** Where it is small, the same larger. */
  field: (Field & { path: string }) | undefined;
}

/** Works out how a region is drawn: some tens of milliseconds, to be kept. */
export function regionShape(raster: SkyRaster, moc: Moc): RegionShape {
  const field = fieldOf(moc);
  return {
    skyPath: raster.pathOf(moc),
    field: field && { ...field, path: fieldPath(moc, field) },
  };
}

/** A region on the map of the whole sky, with objects as links. Made of numbers, ids and known words. */
export function regionOnSky(
  { skyPath, field }: RegionShape,
  label: string,
  objects: readonly MarkedObject[] = [],
): string {
  const marks = objects.map((object) => mark(object, onSkyMap(object.ra, object.dec)));
  const finder = field === undefined ? '' : finderCircle(field);
  return `<svg class="sky-map watchmap-sky" viewBox="0 0 ${SKY_WIDTH} ${SKY_HEIGHT}" role="img" aria-label="${label}">
${skyFrame()}
<path class="region" d="${skyPath}"/>${finder}
<g class="marks">${marks.reverse().join('')}</g></svg>`;
}

/** A small region by itself, offsets from its middle along the axes, east to the left. */
export function regionInField(
  field: Field & { path: string },
  label: string,
  objects: readonly MarkedObject[] = [],
): string {
  const half = field.radius * 1.08;
  const [sign, perDegree] = half < 0.02 ? ['″', 3600] : half < 1 ? ['′', 60] : ['°', 1];
  const [low, high] = [FIELD_MARGIN, FIELD_SIZE - FIELD_MARGIN];
  const x = linearScale([-half * perDegree, half * perDegree], [high, low], 5);
  const y = linearScale([-half * perDegree, half * perDegree], [high, low], 5);
  const grid = [
    ...x.ticks.map(
      ({ position, label: text }) =>
        `<path class="grid" d="M${roundToTenth(position)} ${low}V${high}"/><text x="${roundToTenth(position)}" y="${high + 18}" text-anchor="middle">${text}${sign}</text>`,
    ),
    ...y.ticks.map(
      ({ position, label: text }) =>
        `<path class="grid" d="M${low} ${roundToTenth(position)}H${high}"/><text x="${low - 6}" y="${roundToTenth(position + 4)}" text-anchor="end">${text}${sign}</text>`,
    ),
  ];
  const marks = objects.flatMap((object) => {
    const offset = offsets(object, field);
    if (Math.abs(offset.east) > half || Math.abs(offset.north) > half) return [];
    const place = {
      x: roundToTenth(x(offset.east * perDegree)),
      y: roundToTenth(y(offset.north * perDegree)),
    };
    return [mark(object, place)];
  });
  return `<svg class="sky-map watchmap-field" viewBox="0 0 ${FIELD_SIZE} ${FIELD_SIZE}" role="img" aria-label="${label}">
<rect class="sky" x="${low}" y="${low}" width="${high - low}" height="${high - low}"/>
<path class="region" transform="translate(${low} ${low})" d="${field.path}"/>
<g class="graticule">${grid.join('')}</g>
<g class="marks">${marks.reverse().join('')}</g></svg>`;
}

function fieldPath(moc: Moc, field: Field): string {
  const half = field.radius * 1.08;
  const step = (2 * half * RADIANS) / FIELD_COLUMNS;
  const [sin, cos] = [Math.sin(field.dec * RADIANS), Math.cos(field.dec * RADIANS)];
  return runsPath(FIELD_COLUMNS, FIELD_COLUMNS, FIELD_UNIT, (column, row) => {
    // From the tangent plane back to the sky.
    const east = (FIELD_COLUMNS / 2 - column - 0.5) * step;
    const north = (FIELD_COLUMNS / 2 - row - 0.5) * step;
    const depth = cos - north * sin;
    const ra = field.ra + Math.atan2(east, depth) / RADIANS;
    const dec = Math.atan2(sin + north * cos, Math.hypot(east, depth)) / RADIANS;
    return hasPosition(moc, ra, dec);
  });
}

/** Offsets on the tangent plane, degrees; far away for what lies on the other half of the sky. */
function offsets(point: { ra: number; dec: number }, centre: Field) {
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

/** Around what could be overlooked. */
function finderCircle({ ra, dec, radius }: Field): string {
  if (radius > 3) return '';
  const { x, y } = onSkyMap(ra, dec);
  return `<circle class="finder" cx="${x}" cy="${y}" r="14"/>`;
}

function mark({ survey, id }: MarkedObject, { x, y }: { x: number; y: number }): string {
  return `<a href="/object/${id}/" tabindex="-1" class="${survey}"><title>${id}</title><circle cx="${x}" cy="${y}" r="3"/></a>`;
}
