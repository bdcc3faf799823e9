import { expect } from 'chai';

import type { FilterOptions, FilterQuery } from '../../../../common/sql/filter/filter-query.ts';
import { readFilterQuery } from '../../../../common/sql/filter/read-filter.ts';
import type { QuerySource } from '../../../../common/sql/compile.ts';
import { parseQuery } from '../../../../common/sql/parse-query.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');

export function optionsOf(options: Partial<FilterOptions> = {}): FilterOptions {
  return {
    survey: 'ztf',
    reader: { userId: 1 },
    lists: [],
    dialect: 'mariadb',
    now: NOW,
    ...options,
  };
}

/** A text, or the three boxes, as a filter of an owner of ZTF's on MariaDB. */
export function filterOf(
  text: string | Omit<Extract<QuerySource, { kind: 'boxes' }>, 'kind'>,
  options: Partial<FilterOptions> = {},
): FilterQuery {
  const source: QuerySource =
    typeof text === 'string' ? { kind: 'statement', text } : { kind: 'boxes', ...text };
  return readFilterQuery(parseQuery(source), optionsOf(options));
}

/** Expects a text to be refused as a filter at these words, with words of this message. */
export function expectNoFilter(
  text: string,
  at: string | undefined,
  message: RegExp,
  options: Partial<FilterOptions> = {},
): void {
  try {
    filterOf(text, options);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    expect(error.message, text).to.match(message);
    const { place } = error;
    expect(place && text.slice(place.start, place.end), text).to.equal(at);
    expect(error.advice, `advice for ${text}`).to.be.a('string');
    return;
  }
  throw new Error(`accepted as a filter: ${text}`);
}
