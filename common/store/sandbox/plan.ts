import { z } from 'zod';

import { selectParents } from './select-tree.ts';

/** Ranges found anew for each row before them are small, but the server tells the whole table. */
const RANGE_CHECK_SHARE = 1e-3;

/** One line of EXPLAIN, in the columns that MariaDB and MySQL share. */
const ExplainRow = z
  .object({
    id: z.coerce.number().nullable(),
    select_type: z.string().nullable(),
    table: z.string().nullable(),
    type: z.string().nullable(),
    key: z.string().nullable(),
    rows: z.coerce.number().nullable(),
    filtered: z.coerce.number().nullable(),
    Extra: z.string().nullable(),
  })
  .transform((row) => ({
    select: row.id ?? 0,
    kind: row.select_type ?? '',
    table: row.table ?? '',
    access: row.type ?? '',
    isWhole: row.type === 'ALL' || row.type === 'index',
    rows: row.rows ?? 0,
    passing: (row.rows ?? 0) * ((row.filtered ?? 100) / 100),
    extra: row.Extra ?? '',
  }));
type Step = z.output<typeof ExplainRow>;

/** How the server reads one table. */
export interface TableRead {
  /** The table's own name, or `<derived2>`. */
  table: string;
  /** Rows looked at each time. */
  rows: number;
  /** How often. */
  times: number;
  /** Whether all of it is read. */
  isWhole: boolean;
  /** Whether no condition at all links it to the tables before it. */
  isUnlinked: boolean;
  /** The tables before it in the same SELECT. */
  before: string[];
}

export interface Plan {
  /** Rows looked at altogether. */
  estimatedRows: number;
  reads: TableRead[];
}

/**
 * What EXPLAIN says of a statement, added up: along a chain of joins each table is read for each row
 * of those before it, and a sub-query that depends on the row around it for each of those.
 *
 * @param rows - Lines of EXPLAIN with the names of its columns.
 * @param sql - The statement that was explained.
 */
export function readPlan(rows: Record<string, unknown>[], sql: string): Plan {
  const steps = rows.map((row) => ExplainRow.parse(row));
  const bySelect = new Map<number, Step[]>();
  for (const step of steps) {
    bySelect.set(step.select, [...(bySelect.get(step.select) ?? []), step]);
  }
  const parents = selectParents(sql);
  const timesOf = new Map<number, number>();

  function times(select: number): number {
    const known = timesOf.get(select);
    if (known !== undefined) return known;
    // A circle in what the server says would otherwise never end.
    timesOf.set(select, 1);
    const found = findTimes(select);
    timesOf.set(select, found);
    return found;
  }

  function findTimes(select: number): number {
    const kind = bySelect.get(select)?.[0].kind ?? '';
    if (kind === 'LATERAL DERIVED' || kind === 'DEPENDENT DERIVED') {
      const reader = steps.find((step) => step.table === `<derived${select}>`);
      if (reader === undefined) return 1;
      const chain = bySelect.get(reader.select) ?? [];
      return times(reader.select) * passing(chain.slice(0, chain.indexOf(reader)));
    }
    if (!/^(DEPENDENT|UNCACHEABLE)/.test(kind)) return 1;
    // What was merged into the SELECT around it has no line of its own.
    let parent = parents.get(select) ?? 1;
    while (parent > 0 && !bySelect.has(parent)) parent = parents.get(parent) ?? 0;
    return parent === 0 ? 1 : times(parent) * passing(bySelect.get(parent) ?? []);
  }

  const reads = [...bySelect].flatMap(([select, chain]) =>
    chain.map((step, i) => readOf(step, chain.slice(0, i), times(select))),
  );
  return { estimatedRows: reads.reduce((sum, read) => sum + read.rows * read.times, 0), reads };
}

function readOf(step: Step, before: Step[], times: number): TableRead {
  // A table that is hashed is read once, and only what fits is looked up in it.
  const isHashed = /hash join|BNLH/.test(step.extra);
  const isChecked = step.extra.includes('Range checked');
  return {
    table: step.table,
    rows: isChecked ? Math.max(1, step.rows * RANGE_CHECK_SHARE) : step.rows,
    times: isHashed ? times : times * passing(before),
    isWhole: step.isWhole && !isChecked,
    isUnlinked: before.length > 0 && step.isWhole && !/Using where|Range checked/.test(step.extra),
    before: before.map(({ table }) => table),
  };
}

/** Rows that a chain of joins hands on. Less than one is counted as one: estimates are no promise. */
function passing(chain: Step[]): number {
  return chain.reduce((product, step) => {
    const share = step.extra.includes('Range checked') ? RANGE_CHECK_SHARE : 1;
    return product * Math.max(1, step.passing * share);
  }, 1);
}
