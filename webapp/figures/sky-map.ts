import type { SurveyObject } from '../../common/store/object-rows.ts';
import { onSkyMap, roundToTenth, SKY_HEIGHT, SKY_WIDTH, skyFrame } from './sky-frame.ts';

/** Age in days up to which a mark counts as so fresh. */
const AGES = [1, 3, 10] as const;

/**
 * The whole sky with one mark per object, a link each; the mark is larger and stronger the fresher
 * the object is. Made of numbers, known words and ids.
 *
 * @param nowMjd - UTC.
 */
export function skyMap(objects: SurveyObject[], nowMjd: number): string {
  const marks = objects.map((object) => mark(object, nowMjd)).reverse();
  return `<svg class="sky-map" viewBox="0 0 ${SKY_WIDTH} ${SKY_HEIGHT}" role="img" aria-label="Sky map of the ${objects.length} objects seen last; the list beside it links to them">
${skyFrame()}
<g class="marks">${marks.join('')}</g></svg>`;
}

function mark(object: SurveyObject, nowMjd: number): string {
  const { x, y } = onSkyMap(object.ra, object.dec);
  const age = nowMjd - (object.lastMjdUtc ?? 0);
  const step = AGES.findIndex((days) => age <= days);
  const freshness = step === -1 ? AGES.length : step;
  const brightness =
    object.latestMag === null ? '' : `, ${object.latestBand ?? ''} ${object.latestMag.toFixed(2)}`;
  const shape =
    object.survey === 'ztf'
      ? `<circle cx="${x}" cy="${y}" r="4"/>`
      : `<path d="M${x} ${roundToTenth(y - 5)}L${roundToTenth(x + 5)} ${y}L${x} ${roundToTenth(y + 5)}L${roundToTenth(x - 5)} ${y}Z"/>`;
  return `<a href="/object/${object.id}/" tabindex="-1" class="${object.survey} age-${freshness}" data-id="${object.id}" data-survey="${object.survey}"><title>${object.id}${brightness}</title>${shape}</a>`;
}
