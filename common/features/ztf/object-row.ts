import type { ZtfHistory } from '../../history/ztf-history.ts';
import { featureNames } from '../feature-group.ts';
import type { FeatureValue } from '../feature-group.ts';
import { featureValues } from '../feature-values.ts';
import type { ObjectContext } from '../object-context.ts';
import { ztfCurve } from '../ztf-curve.ts';
import { ZTF_FEATURES } from './groups.ts';

/** Columns of `ztf.objects` that `ztfObjectRow` fills, in its order. */
export const ZTF_OBJECT_COLUMNS: readonly string[] = ['objectId', ...featureNames(ZTF_FEATURES)];

/** Columns that come of the newest alert or of other tables: NULL in a row leaves what is there. */
export const ZTF_NEWEST_COLUMNS: readonly string[] = featureNames(
  ZTF_FEATURES.filter((group) => group.kind === 'newest'),
);

/** The row of `ztf.objects` of an object: everything stored of it, summed up. */
export function ztfObjectRow(
  objectId: string,
  history: ZtfHistory,
  context: ObjectContext,
): FeatureValue[] {
  return featureValues(ZTF_FEATURES, ztfCurve(history), context, [objectId]);
}
