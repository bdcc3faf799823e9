import { MAX_DIGITS } from '../limits.ts';
import { endOfWord, isDigit, isInvisible, isWordPart } from './characters.ts';
import { refuse, refuseAt } from './reader.ts';
import type { Reader } from './reader.ts';
import type { Token } from './token.ts';

export function readNumber(reader: Reader): Token {
  const { text, at: start } = reader;
  let at = endOfDigits(text, start);
  if (text[at] === '.') at = endOfDigits(text, at + 1);
  if (text[at] === 'e' || text[at] === 'E') {
    const sign = text[at + 1] === '-' || text[at + 1] === '+' ? 1 : 0;
    const end = endOfDigits(text, at + 1 + sign);
    if (end > at + 1 + sign) at = end;
  }
  if (isWordPart(text.charCodeAt(at)) || (text[at] === '.' && text[at - 1] !== '.')) {
    const end = endOfWord(text, at + 1);
    const written = excerpt(text.slice(start, end));
    if (/^0[xb]/i.test(written))
      throw refuse(
        reader,
        start,
        `${written} is not a decimal number`,
        'write decimal digits',
        end,
      );
    throw refuse(
      reader,
      start,
      `${written} is neither a number nor a name`,
      'names do not begin with a digit; write a blank after a number',
      end,
    );
  }
  const written = text.slice(start, at);
  const digits = written.replace(/[^0-9]/g, '').length;
  if (digits > MAX_DIGITS) {
    const problem = `this number has ${digits} digits`;
    throw refuse(reader, start, problem, `at most ${MAX_DIGITS} are kept`, at);
  }
  if (!Number.isFinite(Number(written)))
    throw refuse(reader, start, `${excerpt(written)} is too large`, 'numbers end at 1.8e308', at);
  reader.at = at;
  return { kind: 'number', word: '', text: written, start, end: at };
}

export function readString(reader: Reader): Token {
  const { text, at: start } = reader;
  const quote = text.charCodeAt(start);
  let value = '';
  let from = start + 1;
  let at = from;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    if (code === quote) {
      value += text.slice(from, at);
      if (text.charCodeAt(at + 1) !== quote) {
        reader.at = at + 1;
        return { kind: 'string', word: '', text: value, start, end: at + 1 };
      }
      from = at + 1;
      at += 2;
    } else if (code === 0x0a || code === 0x0d) {
      break;
    } else if (code === 0x5c) {
      const advice = 'delete it; a quote within a text is written twice';
      throw refuse(reader, at, 'a backslash has no meaning in a text', advice, at + 1);
    } else if (isInvisible(code)) {
      throw refuseAt(reader, at);
    } else {
      at += code > 0xffff ? 2 : 1;
    }
  }
  const problem = 'the text that begins here is not closed on its line';
  throw refuse(reader, start, problem, `write ${text[start]} at its end`, start + 1);
}

function endOfDigits(text: string, at: number): number {
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at;
}

function excerpt(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}...` : text;
}
