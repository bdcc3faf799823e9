import { expect } from 'chai';

import { nextToken, readerOf } from '../../../common/sql/tokenize.ts';
import type { Token } from '../../../common/sql/tokens/token.ts';
import { expectRefusals, refusalOf } from './refusals.ts';

/** All words of a text, the last one `end` or `bad`. */
function tokensOf(text: string): Token[] {
  const reader = readerOf(text, 'statement');
  const tokens = [nextToken(reader, undefined)];
  for (;;) {
    const last = tokens[tokens.length - 1];
    if (last.kind === 'end' || last.kind === 'bad') return tokens;
    tokens.push(nextToken(reader, last));
  }
}

const kindsOf = (text: string) => tokensOf(text).map((token) => token.kind);
const textsOf = (text: string) => tokensOf(text).map((token) => token.text);

describe('words of a query', () => {
  it('are read with their places', () => {
    const text = `SELECT\tgMag, 'it''s' , :days\r\n  FROM \`g r\``;
    const tokens = tokensOf(text);
    expect(tokens.map(({ kind }) => kind).join(' ')).to.equal(
      'word word symbol string symbol parameter word quoted end',
    );
    expect(tokens.map((token) => text.slice(token.start, token.end))).to.deep.equal([
      'SELECT',
      'gMag',
      ',',
      `'it''s'`,
      ',',
      ':days',
      'FROM',
      '`g r`',
      '',
    ]);
    expect(tokens.map((token) => token.text)).to.deep.equal([
      'SELECT',
      'gMag',
      ',',
      `it's`,
      ',',
      'days',
      'FROM',
      'g r',
      '',
    ]);
    expect(tokens[1].word).to.equal('GMAG');
  });

  it('take the longest sign', () => {
    expect(textsOf('a<=>b<=c<>d<<e!=f>=-1').join(' ')).to.equal(
      'a <=> b <= c <> d << e != f >= - 1 ',
    );
    expect(tokensOf('a!=b')[1].word).to.equal('<>');
  });

  it('tell numbers from dots', () => {
    expect(textsOf('1.5 .5 5. 1e3 1E-3 2.e+1 a.b').join(' ')).to.equal(
      '1.5 .5 5. 1e3 1E-3 2.e+1 a . b ',
    );
  });

  it('leave comments out, where both ADQL and MySQL see one', () => {
    expect(textsOf("a -- b ' /* ` ;\nc --\nd ----- e\r f --")).to.deep.equal([
      'a',
      'c',
      'd',
      'f',
      '',
    ]);
    expectRefusals([
      ['SELECT 2--1', '--', /comment or two minus signs.*- - between/],
      ['SELECT 2 --1', '--', /comment or two minus signs/],
      ['SELECT 1 --x', '--', /write a blank after it/],
      ['SELECT 1 ---x', '---', /write a blank after it/],
    ]);
  });

  it('read Lasair’s words in FROM as one', () => {
    const lists = tokensOf(
      `watchlist:12 WatchLists:'My SNe' area:3&4 areas: 5 & 6 watchmap:north-1 annotator:a.b&"c d" x`,
    ).map(
      (token) => token.list && [token.list.token, ...token.list.names.map((name) => name.text)],
    );
    expect(lists.slice(0, -2)).to.deep.equal([
      ['watchlist', '12'],
      ['watchlist', 'My SNe'],
      ['area', '3', '4'],
      ['area', '5', '6'],
      ['area', 'north-1'],
      ['annotator', 'a.b', 'c d'],
    ]);
    expect(kindsOf('watchlist area')).to.deep.equal(['word', 'word', 'end']);
    expectRefusals([
      ['SELECT a FROM watchlist:', 'watchlist:', /watchlist:12, or the name in quotes/],
      ['SELECT a FROM area:3&', 'area:3&', /area:12/],
      ['SELECT a FROM watchlist:My nice SNe', 'SNe', /a comma, JOIN/],
      [`SELECT a FROM watchlist:'x`, `'`, /not closed/],
    ]);
  });

  it('are refused where another server or people could take them for something else', () => {
    expectRefusals([
      ['SELECT 1 /* x */', '/*', /write -- and a blank/],
      ['SELECT/*!50000 1*/', '/*', /does not begin a comment/],
      ['SELECT 1 # x', '#', /write -- and a blank/],
      ['SELECT a || b', '||', /OR, or CONCAT\(\)/],
      ['SELECT a && b', '&&', /write AND/],
      ['SELECT !a', '!', /NOT, or <>/],
      ['SELECT a == b', '==', /write =/],
      ['SELECT a => b', '=>', /write >=/],
      ['SELECT a ** 2', '**', /POW\(x, n\)/],
      ['SELECT a::int', '::', /CAST\(x AS DOUBLE\)/],
      ['SELECT @a := 1', '@', /variables/],
      ['SELECT a := 1', ':=', /write = to compare/],
      ['SELECT ?', '?', /a field such as :days/],
      ['SELECT {d 1}', '{', /round brackets/],
      ["SELECT a->'$.b'", '->', /JSON_EXTRACT/],
      ["SELECT 'a\\' OR 1'", '\\', /a quote within a text is written twice/],
      ['SELECT \\N', '\\', /delete it/],
      ["SELECT x'41'", 'x', /without a prefix/],
      ["SELECT _utf8mb4'a'", '_utf8mb4', /without a prefix/],
      ['SELECT 0x41', '0x41', /decimal digits/],
      ['SELECT 2mass', '2mass', /do not begin with a digit/],
      ['SELECT 1.5.3', '1.5.3', /neither a number nor a name/],
      ["SELECT 'a' 'b'", "'b'", /CONCAT\(\)/],
      ["SELECT 'a\nb'", "'", /not closed on its line/],
      ["SELECT 'a", "'", /write ' at its end/],
      ['SELECT "a', '"', /write " at its end/],
      ['SELECT `a', '`', /write ` at its end/],
      ['SELECT `a``b`', '`a`', /not a name/],
      ['SELECT ``', '``', /not a name/],
      ['SELECT `a;b`', '`a;b`', /not a name/],
      ['SELECT `a `', '`a `', /not a name/],
      ['SELECT 1e999', '1e999', /too large/],
      [`SELECT ${'9'.repeat(66)}`, '9'.repeat(66), /66 digits; at most 65/],
      [`SELECT ${'a'.repeat(65)}`, 'a'.repeat(65), /65 characters; at most 64/],
    ]);
  });

  it('say what to write for characters that look like others', () => {
    for (const [character, advice] of [
      ['\u2018', "write '"],
      ['\u201d', "write '"],
      ['\u2212', 'write -'],
      ['\u2013', 'write -'],
      ['\u00d7', 'write *'],
      ['\u2264', 'write <='],
      ['\u2260', 'write <>'],
      ['\u00b2', 'write POW(x, n)'],
      ['\uff1b', 'write ;'],
      ['\uff33', 'write S'],
      ['\u00a0', 'write a space'],
      ['\u3000', 'write a space'],
      ['\u0430', 'letters A to Z'],
      ['\u017f', 'letters A to Z'],
      ['\u{1f52d}', 'letters A to Z'],
    ]) {
      const { message, at } = refusalOf(`SELECT a ${character} b`);
      expect(message).to.contain(advice);
      expect(message).to.contain('U+');
      expect(at).to.equal(character);
    }
  });

  it('hold nothing invisible, not even in texts and comments', () => {
    const hidden =
      '\0 \b \u001b \u007f \u0085 \u00ad \u200b \u200d \u2028 \u202e \u2066 \ufeff \ufffe';
    for (const character of [...hidden.split(' '), '\ud800', '\udc00', '\u{e0041}'])
      for (const text of [
        `SELECT ${character}`,
        `SELECT 'a${character}b'`,
        `SELECT 1 -- ${character}`,
      ])
        expect(refusalOf(text), text).to.deep.include({ at: character });
  });

  it('tell the leftmost mistake', () => {
    expect(refusalOf('SELECT a FORM b WHERE c # d').at).to.equal('FORM');
    expect(refusalOf('SELECT a # d').at).to.equal('#');
  });
});
