import { compileTogether } from '../sql/filter/compile-together.ts';
import type { FilterQuery } from '../sql/filter/filter-query.ts';
import type { RunOptions } from '../store/sandbox/sandbox.ts';
import type { EvaluateServices } from './evaluate.ts';

/**
 * Which of these objects several filters may pass, as the database says in one statement. It says no for
 * certain, and yes where the filter itself should be asked.
 *
 * @param filters - All of the same `pieces.shape`; at most `MOST_TOGETHER`.
 * @returns The ids for each filter, in the order of `filters`.
 * @throws as `Sandbox.run` does, for all of them: any one of them may be at fault.
 */
export async function screenTogether(
  services: EvaluateServices,
  filters: readonly FilterQuery[],
  ids: readonly string[],
  options: RunOptions,
): Promise<Set<string>[]> {
  const passing: Set<string>[] = filters.map(() => new Set());
  const query = compileTogether(filters, ids, services.now());
  for await (const group of await services.sandbox.run(query, options)) {
    for (const [id, bits] of group) {
      // Numbers of fifty bits are too long for the operators of bits.
      let rest = Number(bits);
      for (let i = 0; rest > 0; i++) {
        if (rest % 2 === 1) passing[i].add(String(id));
        rest = Math.floor(rest / 2);
      }
    }
  }
  return passing;
}
