import type { ColumnType } from '../schema/types.ts';
import type { FeatureGroup, FeatureValue } from './feature-group.ts';
import type { ObjectContext } from './object-context.ts';

/** Largest number that single precision holds. */
const LARGEST_FLOAT = 3.4028234663852886e38;

/**
 * What these groups say of an object, as the database can hold it: in the order of their columns,
 * NULL where there is no number or none that fits, and for a fit that is not due.
 */
export function featureValues<Curve>(
  groups: readonly FeatureGroup<Curve>[],
  curve: Curve,
  context: ObjectContext,
): FeatureValue[] {
  const row: FeatureValue[] = [];
  for (const group of groups) {
    const { columns } = group;
    if (group.isDue?.(curve, context) === false) {
      for (let i = 0; i < columns.length; i++) row.push(null);
      continue;
    }
    const values = group.compute(curve, context);
    for (let i = 0; i < columns.length; i++) row.push(storable(values[i], columns[i].type));
  }
  return row;
}

function storable(value: FeatureValue, type: ColumnType): FeatureValue {
  if (typeof value !== 'number') return value;
  const largest = type === 'float' ? LARGEST_FLOAT : Number.MAX_VALUE;
  return Math.abs(value) <= largest ? value : null;
}
