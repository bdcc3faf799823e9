import type { FeatureGroup } from '../feature-group.ts';
import { CONTEXT_GROUP } from '../shared/context.ts';
import { sharedGroups } from '../shared/groups.ts';
import { ZTF_SURVEY } from '../shared/survey-bands.ts';
import type { ZtfCurve } from '../ztf-curve.ts';
import { APPARENT_GROUP } from './apparent.ts';
import { COUNTS_GROUP } from './counts.ts';
import { DMDT_GROUP } from './dmdt.ts';
import { LASAIR_APPARENT_GROUP } from './lasair-apparent.ts';
import { MAGNITUDES_GROUP } from './magnitudes.ts';
import { MOVING_AVERAGE_GROUP } from './moving-average.ts';
import { NEWEST_GROUP } from './newest.ts';
import { NIGHT_COLOUR_GROUP } from './night-colour.ts';
import { POSITION_GROUP } from './position.ts';

/** Everything that `ztf.objects` says of an object, in the order of its columns. */
export const ZTF_FEATURES: readonly FeatureGroup<ZtfCurve>[] = [
  COUNTS_GROUP,
  POSITION_GROUP,
  MAGNITUDES_GROUP,
  DMDT_GROUP,
  MOVING_AVERAGE_GROUP,
  NIGHT_COLOUR_GROUP,
  APPARENT_GROUP,
  LASAIR_APPARENT_GROUP,
  ...sharedGroups(ZTF_SURVEY),
  NEWEST_GROUP,
  CONTEXT_GROUP,
];
