import { parameterNames } from '../../common/queries/query-fields.ts';
import { compileRequest } from '../../common/queries/run-query.ts';
import { parseQuery } from '../../common/sql/parse-query.ts';
import type { ErrorSpot } from '../../common/sql/query-error.ts';
import type { Services } from '../services.ts';
import { queryFailure } from './failure.ts';
import { fieldNumbers, isBlank } from './query-input.ts';
import type { QueryInput } from './query-input.ts';

/** What the editor is told while somebody types. */
export interface TextCheck {
  outcome: 'empty' | 'fine' | 'wrong' | 'unknown';
  /** What the query gives, when it could run. */
  summary?: string;
  problem?: string;
  advice?: string;
  spot?: ErrorSpot;
}

const NAMED = 3;

/** Whether the text could run: nothing is read but what lists it names. */
export async function checkText(
  { context, sandbox }: Services,
  reader: { userId: number } | undefined,
  input: QueryInput,
): Promise<TextCheck> {
  if (isBlank(input)) return { outcome: 'empty' };
  const { survey, source } = input;
  try {
    // Fields may still be without a number: any will do to see whether the rest is right.
    const names = parameterNames(parseQuery(source));
    const numbers = fieldNumbers(input).numbers;
    const fields = { ...Object.fromEntries(names.map((name) => [name, 1])), ...numbers };
    const services = { db: context.db, sandbox, now: context.now };
    const { columns, tables } = await compileRequest(services, { survey, source, reader, fields });
    const shown = columns.slice(0, NAMED).map(({ name }) => name);
    const more = columns.length > NAMED ? ` and ${columns.length - NAMED} more` : '';
    const from = [...new Set(tables.map(({ table }) => table))].join(', ');
    return {
      outcome: 'fine',
      summary: `${shown.join(', ')}${more}${from === '' ? '' : ` from ${from}`}`,
    };
  } catch (err) {
    const failure = queryFailure(err, source);
    if (failure === undefined) throw err;
    if (failure.status !== 400) return { outcome: 'unknown' };
    const { problem, advice, spot } = failure;
    return { outcome: 'wrong', problem, ...(advice && { advice }), ...(spot && { spot }) };
  }
}
