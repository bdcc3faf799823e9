import type { SurveyObject } from '../../common/store/object-rows.ts';
import { mollweide } from './projection.ts';

const WIDTH = 960;
const HEIGHT = 480;
const MARGIN = 6;
const RADIANS = Math.PI / 180;
/** North Galactic pole and the node of the plane on the equator: degrees, ICRS. */
const GALACTIC_POLE = { ra: 192.85948, dec: 27.12825 };
const GALACTIC_CENTRE = { ra: 266.405, dec: -28.936 };
const OBLIQUITY = 23.4393;
/** Age in days up to which a mark counts as so fresh. */
const AGES = [1, 3, 10] as const;

/**
 * The whole sky with one mark per object, a link each; the mark is larger and stronger the fresher
 * the object is. Made of numbers, known words and ids.
 *
 * @param nowMjd - UTC.
 */
export function skyMap(objects: SurveyObject[], nowMjd: number): string {
  const graticule = [
    ...range(-60, 60, 30).map((dec) => path(range(0.001, 359.999, 4).map((ra) => [ra, dec]))),
    ...range(60, 300, 60).map((ra) => path(range(-90, 90, 3).map((dec) => [ra, dec]))),
  ];
  const labels = [
    ...range(60, 300, 60).map((ra) => label(ra, 2, `${ra / 15}h`)),
    ...[-60, -30, 30, 60].map((dec) =>
      label(180, dec + 2, `${dec > 0 ? '+' : '−'}${Math.abs(dec)}°`),
    ),
  ];
  const centre = plane(GALACTIC_CENTRE.ra, GALACTIC_CENTRE.dec);
  const marks = objects.map((object) => mark(object, nowMjd)).reverse();
  return `<svg class="sky-map" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Sky map of the ${objects.length} objects seen last; the list beside it links to them">
<ellipse class="sky" cx="${WIDTH / 2}" cy="${HEIGHT / 2}" rx="${WIDTH / 2 - MARGIN}" ry="${HEIGHT / 2 - MARGIN}"/>
<g class="graticule">${graticule.join('')}</g>
<g class="galactic-plane">${greatCircle(GALACTIC_POLE)}<path d="M${centre.x - 5} ${centre.y}h10M${centre.x} ${centre.y - 5}v10"/></g>
<g class="ecliptic">${greatCircle({ ra: 270, dec: 90 - OBLIQUITY })}</g>
<g class="labels" aria-hidden="true">${labels.join('')}</g>
<g class="marks">${marks.join('')}</g></svg>`;
}

function mark(object: SurveyObject, nowMjd: number): string {
  const { x, y } = plane(object.ra, object.dec);
  const age = nowMjd - (object.lastMjdUtc ?? 0);
  const step = AGES.findIndex((days) => age <= days);
  const freshness = step === -1 ? AGES.length : step;
  const brightness =
    object.latestMag === null ? '' : `, ${object.latestBand ?? ''} ${object.latestMag.toFixed(2)}`;
  const shape =
    object.survey === 'ztf'
      ? `<circle cx="${x}" cy="${y}" r="4"/>`
      : `<path d="M${x} ${round(y - 5)}L${round(x + 5)} ${y}L${x} ${round(y + 5)}L${round(x - 5)} ${y}Z"/>`;
  return `<a href="/object/${object.id}/" tabindex="-1" class="${object.survey} age-${freshness}" data-id="${object.id}" data-survey="${object.survey}"><title>${object.id}${brightness}</title>${shape}</a>`;
}

/** Points 90 degrees from a pole, as one or more lines that do not cross the map's edge. */
function greatCircle(pole: { ra: number; dec: number }): string {
  const points = range(0, 360, 2).map((angle): [number, number] => {
    const [a, d] = [pole.ra * RADIANS, pole.dec * RADIANS];
    const [c, s] = [Math.cos(angle * RADIANS), Math.sin(angle * RADIANS)];
    // Two directions at right angles to the pole: the node on the equator, and the pole times it.
    const x = -Math.sin(a) * c - Math.cos(a) * Math.sin(d) * s;
    const y = Math.cos(a) * c - Math.sin(a) * Math.sin(d) * s;
    const z = Math.cos(d) * s;
    return [(Math.atan2(y, x) / RADIANS + 360) % 360, Math.asin(z) / RADIANS];
  });
  return path(points);
}

function path(points: (readonly [ra: number, dec: number])[]): string {
  let previous: number | undefined;
  const steps = points.map(([ra, dec]) => {
    const { x, y } = plane(ra, dec);
    const isJump = previous === undefined || Math.abs(ra - previous) > 180;
    previous = ra;
    return `${isJump ? 'M' : 'L'}${x} ${y}`;
  });
  return `<path d="${steps.join('')}"/>`;
}

function label(ra: number, dec: number, text: string): string {
  const { x, y } = plane(ra, dec);
  return `<text x="${x + 4}" y="${y}">${text}</text>`;
}

function plane(ra: number, dec: number): { x: number; y: number } {
  const { x, y } = mollweide(ra, dec);
  return {
    x: round(WIDTH / 2 + x * (WIDTH / 2 - MARGIN)),
    y: round(HEIGHT / 2 - y * 2 * (HEIGHT / 2 - MARGIN)),
  };
}

function range(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => from + i * step);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
