import type { QuerySource } from '../../common/sql/compile.ts';

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 1_000_000;
const MAX_OFFSET = Number.MAX_SAFE_INTEGER;
const WHOLE_NUMBER = /^\s*[+-]?\d{1,30}\s*$/;

/** What is wrong with each field, as Lasair's clients know it: `{limit: ['...']}`. */
export type FieldProblems = Record<string, string[]>;

export interface LasairQuery {
  source: QuerySource;
  limit: number;
  offset: number;
}

/** The parameters of Lasair's `query`, from an address, a form or JSON; others are passed over. */
export function readLasairQuery(
  input: unknown,
): { query: LasairQuery } | { problems: FieldProblems } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { problems: { non_field_errors: ['The body must be an object with named fields.'] } };
  }
  const given = input as Record<string, unknown>;
  const problems: FieldProblems = {};
  const text = (name: string, mayBeBlank: boolean): string => {
    const value = given[name];
    if (typeof value === 'string' && (mayBeBlank || value.trim() !== '')) return value;
    problems[name] = [textProblem(value)];
    return '';
  };
  const whole = (name: string, otherwise: number, most: number): number => {
    const value = given[name];
    if (value === undefined) return otherwise;
    const number = wholeNumber(value);
    if (number !== undefined && number >= 0 && number <= most) return number;
    problems[name] = [
      number === undefined
        ? 'This must be a whole number.'
        : `This must be at least 0 and at most ${most}.`,
    ];
    return otherwise;
  };
  const source: QuerySource = {
    kind: 'boxes',
    selected: text('selected', false),
    tables: text('tables', false),
    conditions: text('conditions', true),
  };
  const limit = whole('limit', DEFAULT_LIMIT, MAX_LIMIT);
  const offset = whole('offset', 0, MAX_OFFSET);
  if (Object.keys(problems).length > 0) return { problems };
  return { query: { source, limit, offset } };
}

function textProblem(value: unknown): string {
  if (value === undefined) return 'This field is needed.';
  return value === '' || (typeof value === 'string' && value.trim() === '')
    ? 'This field may not be blank.'
    : 'This must be a text.';
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : undefined;
}
