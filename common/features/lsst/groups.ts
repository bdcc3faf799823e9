import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';
import { CONTEXT_GROUP } from '../shared/context.ts';
import { sharedGroups } from '../shared/groups.ts';
import { LSST_SURVEY } from '../shared/survey-bands.ts';
import { ABSOLUTE_MAGNITUDE } from './absolute-magnitude.ts';
import { BLACK_BODY } from './black-body.ts';
import { COUNTING, RUBIN_COUNTING } from './counting.ts';
import { DIA_OBJECT } from './dia-object.ts';
import { FLUX_RANGE } from './flux-range.ts';
import { JUMP } from './jump.ts';
import { LATEST_FLUX } from './latest-flux.ts';
import { PAIRS } from './pair.ts';
import { MEAN_PLACE, PLACE } from './place.ts';

/** What is worked out of a Rubin object, in the order of the columns of `lsst.objects`. */
export const LSST_FEATURES: readonly FeatureGroup<LsstCurve>[] = [
  DIA_OBJECT,
  MEAN_PLACE,
  PLACE,
  CONTEXT_GROUP,
  COUNTING,
  RUBIN_COUNTING,
  LATEST_FLUX,
  FLUX_RANGE,
  ABSOLUTE_MAGNITUDE,
  JUMP,
  PAIRS,
  ...sharedGroups(LSST_SURVEY),
  BLACK_BODY,
];
