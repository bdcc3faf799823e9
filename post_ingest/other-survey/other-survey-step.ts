import type { Survey } from '../../common/config.ts';
import { replacePairs } from '../../common/store/other-survey.ts';
import type { PlacedObject, Step } from '../steps/step.ts';
import { findPairs } from './link-objects.ts';

/** No body of the solar system stays within an arcsecond for longer, days. */
const LONGEST_STAY_DAYS = 0.5;

/** Links objects with those of the other survey at their place, in both databases. */
export const otherSurveyStep: Step = {
  name: 'other-survey',
  async find(db, survey, objects) {
    const ids = objects.map((object) => object.id);
    const places = objects.filter((object) => !isSolarSystem(survey, object));
    const told = places.filter((object) => object.newestAlert !== null);
    const fixed = new Set(survey === 'ztf' ? told.map((object) => object.id) : []);
    const pairs = await findPairs(db, survey, places, fixed);
    return { facts: new Map(), write: (tx) => replacePairs(tx, survey, ids, pairs) };
  },
};

/**
 * Whether ZTF's newest alert says that it is a body of the solar system: near to where one should
 * be, and not seen there before that night. (Rubin attributes sources of known bodies to those.)
 */
function isSolarSystem(survey: Survey, { newestAlert }: PlacedObject): boolean {
  if (survey !== 'ztf' || newestAlert === null) return false;
  const { ssnamenr, jd, jdstarthist } = newestAlert;
  if (typeof ssnamenr !== 'string' || ssnamenr === '' || ssnamenr === 'null') return false;
  if (typeof jd !== 'number' || typeof jdstarthist !== 'number') return true;
  return jd - jdstarthist < LONGEST_STAY_DAYS;
}
