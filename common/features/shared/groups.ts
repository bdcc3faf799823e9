import type { FeatureGroup } from '../feature-group.ts';
import type { ObjectCurve } from '../object-curve.ts';
import { colourGroup } from './colours.ts';
import { peakGroup } from './peak.ts';
import { slopeGroup } from './slopes.ts';
import { statisticsGroup } from './statistics.ts';
import type { SurveyBands } from './survey-bands.ts';
import { timeGroup } from './times.ts';

/**
 * The groups that both surveys' objects have, with the same names of columns: `g_peakMag` is one
 * thing in `ztf.objects` and in `lsst.objects`.
 *
 * @param survey - `ZTF_SURVEY` or `LSST_SURVEY`.
 */
export function sharedGroups(survey: SurveyBands): FeatureGroup<ObjectCurve>[] {
  return [
    timeGroup(survey),
    peakGroup(survey),
    slopeGroup(survey),
    colourGroup(survey),
    statisticsGroup(survey),
  ];
}
