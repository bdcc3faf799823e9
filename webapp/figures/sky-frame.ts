import { mollweide } from './projection.ts';

export const SKY_WIDTH = 960;
export const SKY_HEIGHT = 480;
const MARGIN = 6;
const RADIANS = Math.PI / 180;
/** North Galactic pole and centre: degrees, ICRS. */
const GALACTIC_POLE = { ra: 192.85948, dec: 27.12825 };
const GALACTIC_CENTRE = { ra: 266.405, dec: -28.936 };
const OBLIQUITY = 23.4393;

/**
 * What every map of the whole sky has behind its marks: outline, graticule, Galactic plane with the
 * centre, ecliptic, and words along them.
 */
export function skyFrame(): string {
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
  const centre = onSkyMap(GALACTIC_CENTRE.ra, GALACTIC_CENTRE.dec);
  return `<ellipse class="sky" cx="${SKY_WIDTH / 2}" cy="${SKY_HEIGHT / 2}" rx="${SKY_WIDTH / 2 - MARGIN}" ry="${SKY_HEIGHT / 2 - MARGIN}"/>
<g class="graticule">${graticule.join('')}</g>
<g class="galactic-plane">${greatCircle(GALACTIC_POLE)}<path d="M${centre.x - 5} ${centre.y}h10M${centre.x} ${centre.y - 5}v10"/></g>
<g class="ecliptic">${greatCircle({ ra: 270, dec: 90 - OBLIQUITY })}</g>
<g class="labels" aria-hidden="true">${labels.join('')}</g>`;
}

/** A position on the map, in its units; right ascension 180 deg in the middle, east to the left. */
export function onSkyMap(ra: number, dec: number): { x: number; y: number } {
  const { x, y } = mollweide(ra, dec);
  return {
    x: roundToTenth(SKY_WIDTH / 2 + x * (SKY_WIDTH / 2 - MARGIN)),
    y: roundToTenth(SKY_HEIGHT / 2 - y * 2 * (SKY_HEIGHT / 2 - MARGIN)),
  };
}

export function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
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
    const { x, y } = onSkyMap(ra, dec);
    const isJump = previous === undefined || Math.abs(ra - previous) > 180;
    previous = ra;
    return `${isJump ? 'M' : 'L'}${x} ${y}`;
  });
  return `<path d="${steps.join('')}"/>`;
}

function label(ra: number, dec: number, text: string): string {
  const { x, y } = onSkyMap(ra, dec);
  return `<text x="${x + 4}" y="${y}">${text}</text>`;
}

function range(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => from + i * step);
}
