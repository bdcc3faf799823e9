import type { Survey } from '../../common/config.ts';
import { onSkyMap, SKY_HEIGHT, SKY_WIDTH, skyFrame } from '../figures/sky-frame.ts';

interface Position {
  ra: number;
  dec: number;
}
export interface HitPosition extends Position {
  survey: Survey;
  id: string;
}

/**
 * The whole sky with a dot for each source and a mark, a link each, for objects near them. Made of
 * numbers, known words and ids.
 *
 * @param sources - Those that lie together need be there once only.
 * @param hits - The first lie on top.
 */
export function watchlistSky(
  sources: readonly Position[],
  hits: readonly HitPosition[],
  counts: { sources: number; objects: number },
): string {
  const dots = sources.map(({ ra, dec }) => {
    const { x, y } = onSkyMap(ra, dec);
    return `M${x} ${y}h0`;
  });
  const marks = [...hits].reverse().map(({ ra, dec, survey, id }) => {
    const { x, y } = onSkyMap(ra, dec);
    return `<a href="/object/${id}/" tabindex="-1" class="${survey}"><title>${id}</title><circle cx="${x}" cy="${y}" r="3.5"/></a>`;
  });
  return `<svg class="sky-map watchlist-sky" viewBox="0 0 ${SKY_WIDTH} ${SKY_HEIGHT}" role="img" aria-label="Sky map of ${counts.sources} sources and ${counts.objects} objects near them; the tables have their names">
${skyFrame()}
<path class="sources" d="${dots.join('')}"/>
<g class="marks">${marks.join('')}</g></svg>`;
}
