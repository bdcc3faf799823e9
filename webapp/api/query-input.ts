import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { RESULT_FORMAT_NAMES } from '../../common/formats/result-formats.ts';
import type { QuerySource } from '../../common/sql/compile.ts';

export const MAX_PAGE_ROWS = 10_000;

const FIELD = /^f\.([A-Za-z_]\w{0,63})$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

const common = {
  survey: z.enum(SURVEYS).meta({
    description: 'Whose tables names without a database mean.',
    example: 'ztf',
  }),
  sql: z.string().optional().meta({
    description: 'A whole SELECT.',
    example: 'SELECT objectId, ramean, decmean, gmag FROM objects WHERE gmag < 16 ORDER BY gmag',
  }),
  selected: z.string().optional().meta({ description: 'Instead of sql: what follows SELECT.' }),
  tables: z.string().optional().meta({ description: 'Instead of sql: what follows FROM.' }),
  conditions: z.string().optional().meta({
    description: 'Instead of sql: what follows WHERE; may be left out.',
  }),
  format: z.enum(RESULT_FORMAT_NAMES).optional().meta({
    description:
      'The whole result as a file, streamed, instead of a page: json (one array), ndjson, csv, votable or parquet.',
  }),
  cursor: z.string().max(200).optional().meta({
    description: 'The cursor of the page before, with the same query: goes on behind it.',
  }),
};

const LIMIT =
  'Rows of a page: 1000 if not given, 10,000 at most. With format the rows of the file: as many as the account may have if not given.';

/** In an address or a form everything is text, and fields of the query are named `f.NAME`. */
export const QueryText = z
  .looseObject({
    ...common,
    limit: z.coerce.number().int().min(1).optional().meta({ description: LIMIT }),
  })
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      if (name in common || name === 'limit') continue;
      if (!FIELD.test(name)) {
        context.addIssue(`there is no parameter ${name.slice(0, 80)}`);
      } else if (typeof value !== 'string' || !NUMBER.test(value)) {
        context.addIssue(`${name}: must be a number`);
      }
    }
  });

export const QueryBody = z.strictObject({
  ...common,
  limit: z.int().min(1).optional().meta({ description: LIMIT }),
  fields: z.record(z.string(), z.number()).optional().meta({
    description: 'Numbers for the fields :name of the query, by name.',
  }),
});

export type QueryInput = Omit<z.output<typeof QueryBody>, 'fields'> & {
  fields: Record<string, number>;
};

/** What is asked for, whichever way it came. */
export function queryInput(
  given: z.output<typeof QueryText> | z.output<typeof QueryBody>,
): QueryInput {
  const { survey, sql, selected, tables, conditions, format, cursor, limit } = given;
  const fields: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = FIELD.exec(name)?.[1];
    if (field !== undefined) fields[field] = Number(value);
    else if (name === 'fields') Object.assign(fields, value);
  }
  return { survey, sql, selected, tables, conditions, format, cursor, limit, fields };
}

/** The query itself; undefined where neither way to give it is used, or both. */
export function sourceOf(input: QueryInput): QuerySource | undefined {
  const { sql, selected, tables, conditions } = input;
  if (sql !== undefined) {
    const isBoth = [selected, tables, conditions].some((each) => each !== undefined);
    return isBoth ? undefined : { kind: 'statement', text: sql };
  }
  if (selected === undefined || tables === undefined) return undefined;
  return { kind: 'boxes', selected, tables, conditions: conditions ?? '' };
}
