import type { Part } from './ast.ts';
import { QueryError } from './query-error.ts';
import { isDigit, isInvisible, isSignPart, isSpace, isWordStart } from './tokens/characters.ts';
import { readNumber, readString } from './tokens/literals.ts';
import { readParameter, readQuotedName, readWord } from './tokens/names.ts';
import { refuse, refuseAt } from './tokens/reader.ts';
import type { Reader } from './tokens/reader.ts';
import { SYMBOLS, WRONG_SYMBOLS } from './tokens/symbols.ts';
import type { Token } from './tokens/token.ts';

export function readerOf(text: string, part: Part): Reader {
  return { text, part, at: 0 };
}

/**
 * The next word of a text; comments are passed over. Every character is looked at a few times at
 * most, so that the time for all words grows as the length of the text does. Never throws: where
 * the text ends the word is `end`, and where it cannot be read on it is `bad` and carries the
 * reason, which is told when the grammar gets there: what is wrong further to the left comes first.
 *
 * @param previous - The word before, which must not be `end` or `bad`.
 */
export function nextToken(reader: Reader, previous: Token | undefined): Token {
  try {
    skipBlanks(reader);
    if (reader.at >= reader.text.length) {
      const end = previous?.end ?? 0;
      return { kind: 'end', word: '', text: '', start: end, end };
    }
    const token = readToken(reader);
    if (token.kind === 'string' && previous?.kind === 'string') {
      const advice = 'write a comma between them, or CONCAT()';
      throw refuse(reader, token.start, 'two texts follow one another', advice);
    }
    return token;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { start, end } = error.place ?? { start: reader.at, end: reader.at };
    return { kind: 'bad', word: '', text: '', start, end, error };
  }
}

function skipBlanks(reader: Reader): void {
  const { text } = reader;
  while (reader.at < text.length) {
    if (isSpace(text.charCodeAt(reader.at))) reader.at++;
    else if (text.startsWith('--', reader.at)) skipComment(reader);
    else if (text[reader.at] === ';') skipSemicolon(reader);
    else return;
  }
}

/**
 * Past a comment. ADQL takes every -- for one, MySQL only those with a blank behind them: 2--1 is
 * 2 for the one and 3 for the other, so that without the blank it is refused.
 */
function skipComment(reader: Reader): void {
  const { text } = reader;
  const start = reader.at;
  while (text[reader.at] === '-') reader.at++;
  if (reader.at < text.length && !isSpace(text.charCodeAt(reader.at)))
    throw refuse(
      reader,
      start,
      '-- can mean a comment or two minus signs',
      'write a blank after it for a comment, or - - between numbers',
    );
  while (reader.at < text.length && text[reader.at] !== '\n' && text[reader.at] !== '\r') {
    const code = text.codePointAt(reader.at) ?? 0;
    if (isInvisible(code)) throw refuseAt(reader, reader.at);
    reader.at += code > 0xffff ? 2 : 1;
  }
}

/** Past a semicolon that ends the query; there is only one statement. */
function skipSemicolon(reader: Reader): void {
  const { text } = reader;
  const start = reader.at;
  reader.at++;
  while (reader.at < text.length) {
    if (isSpace(text.charCodeAt(reader.at))) reader.at++;
    else if (text.startsWith('--', reader.at)) skipComment(reader);
    else
      throw refuse(
        reader,
        start,
        'only one statement can be run',
        'delete the semicolon and what follows it',
        start + 1,
      );
  }
}

function readToken(reader: Reader): Token {
  const { text, at } = reader;
  const code = text.charCodeAt(at);
  if (isWordStart(code)) return readWord(reader);
  if (isDigit(code) || (code === 0x2e && isDigit(text.charCodeAt(at + 1))))
    return readNumber(reader);
  if (code === 0x27 || code === 0x22) return readString(reader);
  if (code === 0x60) return readQuotedName(reader);
  if (code === 0x3a && isWordStart(text.charCodeAt(at + 1))) return readParameter(reader);
  return readSymbol(reader);
}

/** The longest sign that stands here: `<=>` is not `<=` and `>`. */
function readSymbol(reader: Reader): Token {
  const { text, at } = reader;
  // Most signs stand alone; the loop is for those that have another one behind them.
  const longest = isSignPart(text.charCodeAt(at + 1)) ? 3 : 1;
  for (let length = longest; length > 0; length--) {
    const symbol = text.slice(at, at + length);
    if (SYMBOLS.has(symbol)) {
      reader.at = at + length;
      const word = symbol === '!=' ? '<>' : symbol;
      return { kind: 'symbol', word, text: symbol, start: at, end: reader.at };
    }
    const wrong = WRONG_SYMBOLS.get(symbol);
    if (wrong !== undefined) throw refuse(reader, at, wrong.problem, wrong.advice, at + length);
  }
  throw refuseAt(reader, at);
}
