import { expect } from 'chai';

import { compileQuery } from '../../../common/sql/compile-query.ts';
import type { CompiledQuery, CompileOptions } from '../../../common/sql/compile.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';
import { QueryError } from '../../../common/sql/query-error.ts';

/** What a text is compiled to, for a visitor of ZTF on MariaDB unless it is said otherwise. */
export function compileText(text: string, options: Partial<CompileOptions> = {}): CompiledQuery {
  return compileQuery(parseQuery({ kind: 'statement', text }), {
    survey: 'ztf',
    reader: undefined,
    lists: [],
    now: new Date('2026-11-21T12:00:00Z'),
    dialect: 'mariadb',
    limit: 1_000,
    offset: 0,
    ...options,
  });
}

/** The names and types of the columns of a result. */
export function typesOf(text: string, options?: Partial<CompileOptions>): string {
  const { columns } = compileText(text, options);
  return columns.map(({ name, type }) => `${name} ${type}`).join(', ');
}

/** Why a text is refused, and the words that the refusal points at. */
export function refusal(
  text: string,
  options?: Partial<CompileOptions>,
): { message: string; at: string | undefined } {
  try {
    compileText(text, options);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { place } = error;
    return { message: error.message, at: place && text.slice(place.start, place.end) };
  }
  throw new Error(`accepted: ${text}`);
}

/** Expects each text to be refused at these words, with this message or words of it. */
export function expectRefused(
  cases: [text: string, at: string, message: string | RegExp][],
  options?: Partial<CompileOptions>,
): void {
  for (const [text, at, message] of cases) {
    const refused = refusal(text, options);
    if (typeof message === 'string') expect(refused.message, text).to.equal(message);
    else expect(refused.message, text).to.match(message);
    expect(refused.at, text).to.equal(at);
  }
}
