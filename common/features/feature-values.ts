import type { ColumnType } from '../schema/types.ts';
import type { FeatureGroup, FeatureValue } from './feature-group.ts';
import type { ObjectContext } from './object-context.ts';

/** Largest number that single precision holds. */
const LARGEST_FLOAT = 3.4028234663852886e38;

/**
 * What these groups say of an object, as the database can hold it: in the order of their columns,
 * NULL where there is no number or none that fits, and for a fit that is not due.
 *
 * @param row - What they are added to.
 */
export function featureValues<Curve>(
  groups: readonly FeatureGroup<Curve>[],
  curve: Curve,
  context: ObjectContext,
  row: FeatureValue[] = [],
): FeatureValue[] {
  for (const group of groups) {
    const { columns } = group;
    if (group.isDue?.(curve, context) === false) {
      for (let i = 0; i < columns.length; i++) row.push(null);
      continue;
    }
    const values = group.compute(curve, context);
    for (let i = 0; i < columns.length; i++) {
      const value = values[i];
      // Whatever single precision holds fits everywhere; only what it does not is looked at again.
      const fits = typeof value !== 'number' || Math.abs(value) <= LARGEST_FLOAT;
      row.push(fits ? value : unusual(value, columns[i].type));
    }
  }
  return row;
}

/** A number that is none, or too large for single precision. */
function unusual(value: number, type: ColumnType): number | null {
  return Number.isFinite(value) && type === 'double' ? value : null;
}
