import type { ListToken, Name } from '../ast.ts';
import { MAX_NAME_LENGTH } from '../limits.ts';
import { endOfWord, isSpace, isWordPart } from './characters.ts';
import { readString } from './literals.ts';
import { placeOf, refuse } from './reader.ts';
import type { Reader } from './reader.ts';
import type { Token } from './token.ts';

/** Words before a colon in FROM, with what they mean. */
const LIST_WORDS = new Map<string, ListToken['token']>([
  ['WATCHLIST', 'watchlist'],
  ['WATCHLISTS', 'watchlist'],
  ['AREA', 'area'],
  ['AREAS', 'area'],
  ['WATCHMAP', 'area'],
  ['WATCHMAPS', 'area'],
  ['ANNOTATOR', 'annotator'],
  ['ANNOTATORS', 'annotator'],
]);

/** What may stand in back-quotes: nothing that any server could take for something else. */
const PLAIN_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_ .-]*[A-Za-z0-9_.-])?$/;

export function isPlainName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && PLAIN_NAME.test(text);
}

export function readWord(reader: Reader): Token {
  const { text, at: start } = reader;
  const end = endOfWord(text, start);
  reader.at = end;
  const token = checkLength(reader, {
    kind: 'word',
    word: '',
    text: text.slice(start, end),
    start,
    end,
  });
  token.word = token.text.toUpperCase();
  const next = text[end];
  if (next === "'" || next === '"')
    throw refuse(
      reader,
      start,
      `${token.text} stands directly before a text`,
      'write a text without a prefix, and a blank before it',
    );
  const list = next === ':' ? LIST_WORDS.get(token.word) : undefined;
  return list === undefined ? token : readList(reader, token, list);
}

export function readQuotedName(reader: Reader): Token {
  const { text, at: start } = reader;
  let at = start + 1;
  while (at < text.length && text[at] !== '`' && text[at] !== '\n') at++;
  if (text[at] !== '`')
    throw refuse(
      reader,
      start,
      'the name that begins here is not closed on its line',
      'write ` at its end',
      start + 1,
    );
  const name = text.slice(start + 1, at);
  reader.at = at + 1;
  const token: Token = { kind: 'quoted', word: '', text: name, start, end: at + 1 };
  checkLength(reader, token);
  if (!isPlainName(name) || text[at + 1] === '`')
    throw refuse(
      reader,
      start,
      'this is not a name',
      'between back-quotes stand letters A to Z, digits, _, -, . and blanks between them',
      at + 1,
    );
  return token;
}

/** Reads :days, a field. */
export function readParameter(reader: Reader): Token {
  const { text, at: start } = reader;
  const end = endOfWord(text, start + 1);
  reader.at = end;
  const token: Token = {
    kind: 'parameter',
    word: '',
    text: text.slice(start + 1, end),
    start,
    end,
  };
  return checkLength(reader, token);
}

/** Reads on after watchlist, area, watchmap or annotator: a colon, and names with & between. */
function readList(reader: Reader, word: Token, token: ListToken['token']): Token {
  const names: Name[] = [];
  do {
    reader.at++;
    skipPlainBlanks(reader);
    names.push(readListName(reader, word));
    word.end = reader.at;
    skipPlainBlanks(reader);
  } while (reader.text[reader.at] === '&');
  reader.at = word.end;
  return { ...word, kind: 'list', word: '', list: { token, names } };
}

function readListName(reader: Reader, word: Token): Name {
  const { text, at: start } = reader;
  const code = text.charCodeAt(start);
  if (code === 0x27 || code === 0x22) {
    const token = readString(reader);
    return { text: token.text, place: placeOf(reader, start, token.end) };
  }
  let end = start;
  while (
    end < text.length &&
    (isWordPart(text.charCodeAt(end)) || text[end] === '-' || text[end] === '.')
  )
    end++;
  if (end === start)
    throw refuse(
      reader,
      word.start,
      `${word.text}: has no name or number behind it`,
      `write ${word.text.toLowerCase()}:12, or the name in quotes`,
      start,
    );
  reader.at = end;
  return { text: text.slice(start, end), place: placeOf(reader, start, end) };
}

function skipPlainBlanks(reader: Reader): void {
  while (isSpace(reader.text.charCodeAt(reader.at))) reader.at++;
}

function checkLength(reader: Reader, token: Token): Token {
  if (token.text.length > MAX_NAME_LENGTH)
    throw refuse(
      reader,
      token.start,
      `this name has ${token.text.length} characters`,
      `at most ${MAX_NAME_LENGTH} are allowed`,
      token.end,
    );
  return token;
}
