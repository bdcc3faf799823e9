import { expect } from 'chai';

import type { QuerySource } from '../../../common/sql/compile.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';
import { explainError, QueryError } from '../../../common/sql/query-error.ts';

/** The refusal of a query, and the words of the text that it points at. */
export function refusalOf(source: QuerySource | string): { message: string; at: string } {
  const given: QuerySource =
    typeof source === 'string' ? { kind: 'statement', text: source } : source;
  try {
    parseQuery(given);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { part, start, end } = error.place ?? { part: 'statement' as const, start: 0, end: 0 };
    expect(explainError(error, given).excerpt).to.match(/\^$/);
    const text = given.kind === 'statement' ? given.text : part === 'statement' ? '' : given[part];
    return { message: error.message, at: text.slice(start, end) };
  }
  throw new Error(`accepted: ${JSON.stringify(source).slice(0, 200)}`);
}

/** Expects each text to be refused with words of a message, at a word. */
export function expectRefusals(cases: [text: string, at: string, message: RegExp][]): void {
  for (const [text, at, message] of cases) {
    const refusal = refusalOf(text);
    expect(refusal.message, text).to.match(message);
    expect(refusal.at, text).to.equal(at);
  }
}
