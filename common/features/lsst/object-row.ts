import type { LsstHistory } from '../../history/lsst-history.ts';
import { featureNames } from '../feature-group.ts';
import type { FeatureValue } from '../feature-group.ts';
import { featureValues } from '../feature-values.ts';
import { lsstCurve } from '../lsst-curve.ts';
import type { LsstCurve } from '../lsst-curve.ts';
import type { ObjectContext } from '../object-context.ts';
import { LSST_FEATURES } from './groups.ts';
import { meanPlace } from './place.ts';

const FITS = LSST_FEATURES.filter((group) => group.kind === 'fit');
/** The groups with every fit put off. */
const WITHOUT_FIT = LSST_FEATURES.map((group) =>
  group.kind === 'fit' ? { ...group, isDue: () => false } : group,
);

/** Columns of `lsst.objects` that `lsstObjectRow` fills, in its order. */
export const LSST_OBJECT_COLUMNS: readonly string[] = [
  'diaObjectId',
  ...featureNames(LSST_FEATURES),
];

/** Columns that only the newest packet or the context can fill: NULL in a row leaves what is there. */
export const LSST_NEWEST_COLUMNS: readonly string[] = featureNames(
  LSST_FEATURES.filter((group) => group.kind === 'newest'),
);

/** Columns of the costly fits: to be left out of an update where the row was made without them. */
export const LSST_FIT_COLUMNS: readonly string[] = featureNames(
  LSST_FEATURES.filter((group) => group.kind === 'fit'),
);

/**
 * What the whole stored history, Rubin's own record and the context say of an object. Times are MJD
 * TAI, fluxes nJy, scatter arcsec.
 *
 * @param context - Its `newestRecord` is Rubin's `diaObject` in the newest packet of the object; null
 *   if this batch has none, then the columns that only it may set are NULL.
 * @param isNew - Whether nothing was stored before: then the mean position stands in where Rubin
 *   gives none.
 * @param withFit - False to leave the costly fits for later: their columns are NULL then.
 * @returns Values in the order of `LSST_OBJECT_COLUMNS`.
 */
export function lsstObjectRow(
  diaObjectId: bigint,
  history: LsstHistory,
  context: ObjectContext,
  isNew: boolean,
  { withFit = true }: { withFit?: boolean } = {},
): FeatureValue[] {
  const curve = lsstCurve(history);
  const complete = isNew ? { ...context, newestRecord: placedRecord(curve, context) } : context;
  const groups = withFit ? LSST_FEATURES : WITHOUT_FIT;
  return [diaObjectId, ...featureValues(groups, curve, complete)];
}

/** Whether a costly fit is worth its cost for this object: quick to ask. */
export function isLsstFitDue(history: LsstHistory, context: ObjectContext): boolean {
  const curve = lsstCurve(history);
  return FITS.some((group) => group.isDue?.(curve, context) !== false);
}

/** Rubin's record, with the mean position where it has none. */
function placedRecord(
  curve: LsstCurve,
  { newestRecord }: ObjectContext,
): ObjectContext['newestRecord'] {
  if (Number.isFinite(newestRecord?.ra) && Number.isFinite(newestRecord?.dec)) return newestRecord;
  const mean = meanPlace(curve);
  return mean === null ? newestRecord : { ...newestRecord, ra: mean.ra, dec: mean.dec };
}
