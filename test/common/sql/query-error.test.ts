import { expect } from 'chai';

import type { Place } from '../../../common/sql/ast.ts';
import { explainError, QueryError } from '../../../common/sql/query-error.ts';

const WORD = 'gmagg';

function spotOf(text: string, word = WORD) {
  const start = text.indexOf(word);
  const place: Place = { part: 'statement', start, end: start + word.length };
  return explainError(new QueryError('no column', place), { kind: 'statement', text });
}

describe('where an error is', () => {
  it('counts lines and columns from 1, whatever ends a line', () => {
    const { excerpt, ...spot } = spotOf('SELECT\r\n a,\r b,\n gmagg FROM t\n');
    expect(spot).to.deep.equal({ part: 'statement', line: 4, column: 2, length: 5 });
    expect(excerpt).to.equal(' gmagg FROM t\n ^^^^^');
    expect(spotOf('gmagg')).to.include({ line: 1, column: 1, length: 5 });
  });

  it('counts characters, not the units of their code', () => {
    const spot = spotOf("SELECT '🔭é', gmagg");
    expect(spot.column).to.equal(14);
    expect(spot.excerpt).to.equal("SELECT '🔭é', gmagg\n             ^^^^^");
  });

  it('keeps tabs, so that the caret stands under the word', () => {
    expect(spotOf('\ta,\tgmagg').excerpt).to.equal('\ta,\tgmagg\n\t  \t^^^^^');
  });

  it('cuts long lines around the word', () => {
    const { excerpt, column } = spotOf(`${'x, '.repeat(100)}gmagg${', y'.repeat(100)}`);
    const [line, carets] = excerpt.split('\n');
    expect(column).to.equal(301);
    expect(line)
      .to.have.length(106)
      .and.match(/^\.\.\. ?x.*\.\.\.$/);
    expect(line.slice(carets.indexOf('^'), carets.length)).to.equal('gmagg');
    expect(spotOf('gmagg'.repeat(50)).excerpt.split('\n')[1]).to.equal('^^^^^');
    const whole = spotOf('a'.repeat(300), 'a'.repeat(300));
    expect(whole.length).to.equal(300);
    expect(whole.excerpt.split('\n')[1]).to.equal('^'.repeat(100));
  });

  it('marks what cannot be seen', () => {
    expect(spotOf('a\0b\u202e gmagg').excerpt).to.equal('a\ufffdb\ufffd gmagg\n     ^^^^^');
    expect(spotOf('a \ud800', '\ud800')).to.include({ column: 3, length: 1 });
  });

  it('stands behind the last word where something is missing', () => {
    const text = 'SELECT a FROM  \n';
    const place: Place = { part: 'statement', start: 13, end: 13 };
    const spot = explainError(new QueryError('x', place), { kind: 'statement', text });
    expect(spot).to.include({ line: 1, column: 14, length: 1 });
    expect(spot.excerpt).to.equal('SELECT a FROM  \n             ^');
  });

  it('is in the box that the place names', () => {
    const source = {
      kind: 'boxes',
      selected: 'a',
      tables: 't',
      conditions: 'b\nAND gmagg',
    } as const;
    const place: Place = { part: 'conditions', start: 6, end: 11 };
    expect(explainError(new QueryError('x', place), source)).to.deep.equal({
      part: 'conditions',
      line: 2,
      column: 5,
      length: 5,
      excerpt: 'AND gmagg\n    ^^^^^',
    });
    expect(explainError(new QueryError('x'), source)).to.include({ part: 'selected', line: 1 });
  });

  it('is somewhere for every place, even one beyond the text', () => {
    const place: Place = { part: 'tables', start: 50, end: 60 };
    const spot = explainError(new QueryError('x', place), { kind: 'statement', text: 'abc' });
    expect(spot).to.include({ line: 1, column: 1, length: 1 });
  });
});
