import { expect } from 'chai';

import type { QuerySource } from '../../../common/sql/compile.ts';
import { MAX_TEXT_BYTES } from '../../../common/sql/limits.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';
import { explainError, QueryError } from '../../../common/sql/query-error.ts';
import { seededRandom } from '../astro/reference.ts';
import { CHARACTERS, WORDS, withMistakes } from './fuzz-texts.ts';
import { LASAIR_QUERIES } from './lasair-queries.ts';
import { readAttacks } from './read-attacks.ts';
import { queryText } from './tree-text.ts';

/** Reads a text; expects a tree, or one sentence about a place that is in the text. */
function read(source: QuerySource): 'accepted' | 'refused' {
  try {
    const { query } = parseQuery(source);
    expect(queryText(query)).to.match(/^[{(s]/);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    expect(error.message).to.match(/^[^\n\r]{5,400}$/);
    const spot = explainError(error, source);
    const lines = spot.excerpt.split('\n');
    expect(lines).to.have.length(2);
    expect(lines[1]).to.match(/^[ \t]*\^+$/);
    return 'refused';
  }
}

const readStatement = (text: string) => read({ kind: 'statement', text });

describe('the parser under any text', () => {
  const random = seededRandom(20_261_121);
  const below = (count: number) => Math.floor(random() * count);
  const oneOf = <Item>(items: readonly Item[]) => items[below(items.length)];
  const times = <Item>(count: number, make: () => Item) => Array.from({ length: count }, make);

  it('bears random characters', () => {
    for (let n = 0; n < 3_000; n++) {
      const characters = times(below(120), () => oneOf(CHARACTERS)).join('');
      readStatement(n % 2 === 0 ? characters : `SELECT a FROM t WHERE ${characters}`);
    }
  });

  it('bears random words', () => {
    let accepted = 0;
    for (let n = 0; n < 6_000; n++) {
      const words = times(1 + below(n % 10 === 0 ? 60 : 8), () => oneOf(WORDS)).join(' ');
      if (readStatement(`SELECT ${words}`) === 'accepted') accepted++;
    }
    // Otherwise nothing but the first word was ever looked at.
    expect(accepted).to.be.above(50);
  });

  it('bears random words in the boxes', () => {
    const words = (count: number) => times(below(count), () => oneOf(WORDS)).join(' ');
    for (let n = 0; n < 3_000; n++)
      read({ kind: 'boxes', selected: words(4), tables: words(4), conditions: words(8) });
  });

  it('bears real queries and attacks with mistakes in them', () => {
    const texts = [
      ...LASAIR_QUERIES.flatMap(({ source }) => (source.kind === 'statement' ? [source.text] : [])),
      ...readAttacks().map((attack) => attack.text.slice(0, 2_000)),
    ];
    for (let n = 0; n < 5_000; n++) readStatement(withMistakes(oneOf(texts), random));
  });

  it('bears 64 kB of anything, in any place', () => {
    const places = [
      '',
      'SELECT ',
      'SELECT a FROM ',
      'SELECT a FROM t WHERE a ',
      "SELECT '",
      'SELECT -- ',
    ];
    const units = [
      ...CHARACTERS,
      ...WORDS.map((word) => `${word} `),
      ...[
        'a.',
        'a,',
        '1,',
        '1+',
        '-1',
        'f(',
        '(SELECT ',
        'a IN (',
        'NOT ',
        'a AND ',
        'a=(',
        "'a',",
      ],
      ...[
        'CASE WHEN ',
        ' WHEN 1 THEN 2',
        'a JOIN ',
        '(a JOIN ',
        ' UNION SELECT 1',
        'watchlist:a&',
        'a&',
      ],
      ...['f() OVER (', ' IS NULL', '1 BETWEEN ', "'''", '`a`', 'light_curve(f() WHERE ', '-- \n'],
    ];
    for (const [n, unit] of units.entries()) {
      const place = places[n % places.length];
      const room = MAX_TEXT_BYTES - place.length;
      const text = place + unit.repeat(Math.floor(room / Buffer.byteLength(unit)));
      expect(Buffer.byteLength(text)).to.be.within(MAX_TEXT_BYTES - 64, MAX_TEXT_BYTES);
      readStatement(text);
    }
  });

  it('bears nesting of any kind and any depth', () => {
    const nests: [open: string, close: string][] = [
      ['(', ')'],
      ['f(', ')'],
      ['- ', ''],
      ['NOT ', ''],
      ['CASE WHEN ', ' THEN 1 END'],
      ['CAST(', ' AS DOUBLE)'],
      ['(SELECT ', ')'],
      ['EXISTS (SELECT ', ')'],
      ['a IN (', ')'],
      ['a IN (SELECT ', ')'],
      ['(SELECT a FROM (SELECT ', ') q)'],
      ['1 + (', ')'],
      ['a AND (b OR ', ')'],
      ['light_curve(f(', '))'],
      ['f() OVER (ORDER BY ', ')'],
    ];
    for (const [open, close] of nests)
      for (const depth of [5, 60, 64, 65, 1_000, 10_000]) {
        const text = `SELECT ${open.repeat(depth)}1${close.repeat(depth)}`;
        const outcome = readStatement(text);
        if (depth === 5) expect(outcome, open).to.equal('accepted');
        if (depth > 64) expect(outcome, open).to.equal('refused');
      }
  });
});
