import type { Survey } from '../../common/config.ts';
import type { CoverageRow } from '../../common/store/coverage.ts';
import { PLACE_DEGREES } from '../coverage.ts';
import { onSkyMap, roundToTenth, SKY_HEIGHT, SKY_WIDTH, skyFrame } from './sky-frame.ts';

/** Units of the map in a degree: the projection is of equal area. */
const PER_DEGREE = 2.87;
const LEAST_SIDE = 1.6;
/** So many marks are drawn at the most, those with most detections. */
export const MOST_MARKS = 4_000;
const BANDS = 'ugrizy';

/** A place and band to be drawn: a square whose area says how many detections there are. */
export interface CoverageMark {
  place: number;
  ra: number;
  dec: number;
  band: string;
  /** Side of the square, degrees on the sky. */
  side: number;
  n: number;
  exposures: number;
}

/**
 * What is drawn of the coverage, the largest squares first, so that smaller ones lie upon them. The
 * place with most detections has a square as large as itself; those without any have a small one.
 */
export function coverageMarks(survey: Survey, rows: readonly CoverageRow[]): CoverageMark[] {
  const most = rows.reduce((max, { n }) => Math.max(max, n), 0);
  const widest = PLACE_DEGREES[survey];
  return rows
    .flatMap(({ place, ra, decl, band, n, exposures }) =>
      ra === null || decl === null
        ? []
        : [{ place, ra, dec: decl, band, n, exposures, side: widest * Math.sqrt(n / (most || 1)) }],
    )
    .sort((a, b) => b.n - a.n)
    .slice(0, MOST_MARKS);
}

/** The marks on a map of the whole sky. Made of numbers and known words. */
export function coverageMap(marks: readonly CoverageMark[]): string {
  const squares = marks.map(({ place, ra, dec, band, side, n, exposures }) => {
    const { x, y } = onSkyMap(ra, dec);
    const width = roundToTenth(Math.max(LEAST_SIDE, side * PER_DEGREE));
    const title = `${place} ${bandName(band)}: ${n} detections, ${exposures} exposures`;
    return `<rect class="band-${bandName(band)}${n === 0 ? ' is-empty' : ''}" x="${roundToTenth(x - width / 2)}" y="${roundToTenth(y - width / 2)}" width="${width}" height="${width}"><title>${title}</title></rect>`;
  });
  return `<svg class="sky-map coverage-map" viewBox="0 0 ${SKY_WIDTH} ${SKY_HEIGHT}" role="img" aria-label="Sky map of ${marks.length} places and bands; the table below has their numbers">
${skyFrame()}
<g class="squares">${squares.join('')}</g></svg>`;
}

function bandName(band: string): string {
  return band.length === 1 && BANDS.includes(band) ? band : 'other';
}
