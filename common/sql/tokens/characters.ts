/** Refusal of a character: what it is, and what to write. */
export interface Refusal {
  problem: string;
  advice: string;
}

const WORD_START = 1;
const DIGIT = 2;
const SPACE = 4;
const SIGN = 8;

/** What an ASCII character can be part of, by its code. */
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) CLASSES[code] = WORD_START;
  else if (/[0-9]/.test(character)) CLASSES[code] = DIGIT;
  else if (/[ \t\r\n]/.test(character)) CLASSES[code] = SPACE;
  else if (/[-*/&|:<=>]/.test(character)) CLASSES[code] = SIGN;
}

export function isWordStart(code: number): boolean {
  return code < 128 && CLASSES[code] === WORD_START;
}

export function isDigit(code: number): boolean {
  return code < 128 && CLASSES[code] === DIGIT;
}

export function isWordPart(code: number): boolean {
  return code < 128 && (CLASSES[code] & (WORD_START | DIGIT)) !== 0;
}

/** Whether signs of two or three characters can end with it. */
export function isSignPart(code: number): boolean {
  return code < 128 && CLASSES[code] === SIGN;
}

/** Where the word ends that `at` is in. */
export function endOfWord(text: string, at: number): number {
  while (at < text.length && isWordPart(text.charCodeAt(at))) at++;
  return at;
}

/** Space, tab or an end of line; nothing else separates words. */
export function isSpace(code: number): boolean {
  return code < 128 && CLASSES[code] === SPACE;
}

/**
 * Characters that have no place even in a text or a comment, from and to: control characters, those
 * without width, those that turn the direction of writing, variation marks, halves of a pair, tags.
 */
const INVISIBLE: [number, number][] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xffff],
  [0xe0000, 0xe0fff],
];

/** Whether a character, by its code point, cannot be seen and is no blank either. */
export function isInvisible(code: number): boolean {
  if (code >= 0x20 && code < 0x7f) return false;
  return INVISIBLE.some(([from, to]) => code >= from && code <= to);
}

/** What people's keyboards, text processors and web pages make of plain signs. */
const LOOK_ALIKES = new Map<string, string>([
  ...pairs(
    '\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u00b4\u02bc\u2032\u2033',
    "'",
  ),
  ...pairs('\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\ufe63', '-'),
  ...pairs('\u00d7\u2217\u22c5\u00b7\u2219\u204e', '*'),
  ...pairs('\u00f7\u2044\u2215', '/'),
  ...pairs('\u2264\u2a7d', '<='),
  ...pairs('\u2265\u2a7e', '>='),
  ...pairs('\u2260', '<>'),
  ...pairs('\u2227', 'AND'),
  ...pairs('\u2228', 'OR'),
  ...pairs('\u00ac', 'NOT'),
  ...pairs('\u00b2\u00b3\u00b9', 'POW(x, n)'),
  ...pairs('\u221a', 'SQRT(x)'),
  ...pairs('\u201a\u060c\u3001', ','),
]);

/** Says what is wrong with a character outside of strings that is not plain ASCII. */
export function refuseCharacter(character: string): Refusal {
  const code = character.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (isInvisible(code))
    return { problem: `there is an invisible character (${name})`, advice: 'delete it' };
  if (/\p{Zs}/u.test(character))
    return { problem: `this blank is not a plain one (${name})`, advice: 'write a space' };
  const plain =
    code >= 0xff01 && code <= 0xff5e
      ? String.fromCharCode(code - 0xfee0)
      : LOOK_ALIKES.get(character);
  if (plain !== undefined)
    return { problem: `${character} (${name}) is not understood`, advice: `write ${plain}` };
  return {
    problem: `${character} (${name}) is not understood`,
    advice:
      'names of tables and columns have only the letters A to Z, digits and _; text stands in quotes',
  };
}

function pairs(characters: string, plain: string): [string, string][] {
  return [...characters].map((character) => [character, plain]);
}
