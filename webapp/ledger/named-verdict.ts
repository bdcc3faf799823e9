import type { Verdict } from '../../common/filters/verdicts.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectNamesOf } from '../../common/store/filter-report.ts';
import type { FilterName } from '../../common/store/filter-report.ts';

/** What a filter that the reader may see said of an object; why it failed is for its owner. */
export type NamedVerdict = Verdict & FilterName;

/** Verdicts of filters that the reader may see; the others are left out. */
export async function nameVerdicts(
  db: Queries,
  verdicts: readonly Verdict[],
  readerId: number | undefined,
): Promise<NamedVerdict[]> {
  const ids = [...new Set(verdicts.map(({ queryId }) => queryId))];
  const names = await selectNamesOf(db, ids, readerId);
  return verdicts.flatMap((verdict) => {
    const name = names.get(verdict.queryId);
    if (name === undefined) return [];
    return [{ ...verdict, ...name, reason: name.isOwn ? verdict.reason : '' }];
  });
}
