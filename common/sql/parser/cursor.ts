import type { Name, Part, Place } from '../ast.ts';
import type { ListReference } from '../compile.ts';
import { MAX_MEMBERS, MAX_NESTING, MAX_TABLES } from '../limits.ts';
import { QueryError } from '../query-error.ts';
import { nextToken, readerOf } from '../tokenize.ts';
import type { Reader } from '../tokens/reader.ts';
import type { Token } from '../tokens/token.ts';
import { insteadOf, isColumnWord, isFreeWord, misspeltKeyword } from './keywords.ts';

/** What is counted over a whole query, however many texts it comes in. */
export interface Tally {
  tables: number;
  selects: number;
  references: ListReference[];
}

/** Where in a text the grammar stands. */
export interface Cursor {
  part: Part;
  reader: Reader;
  /** The last word that was taken. */
  previous: Token | undefined;
  /** Words that were read and not yet taken. */
  ahead: Token[];
  /** The last word taken for an alias without AS: it may have been meant as a keyword. */
  bareAlias: Token | undefined;
  nesting: number;
  tally: Tally;
}

export function createCursor(text: string, part: Part, tally: Tally): Cursor {
  const reader = readerOf(text, part);
  return { part, reader, previous: undefined, ahead: [], bareAlias: undefined, nesting: 0, tally };
}

/** The word that comes next, or one further on; the last one stands for all behind it. */
export function peek(cursor: Cursor, count = 0): Token {
  const { ahead } = cursor;
  while (ahead.length <= count) {
    const last = ahead.at(-1) ?? cursor.previous;
    if (last !== undefined && isLast(last)) return last;
    ahead.push(nextToken(cursor.reader, last));
  }
  return ahead[count];
}

/** The next word, which is taken; the last one stays. */
export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  if (isLast(token)) return token;
  cursor.ahead.shift();
  cursor.previous = token;
  return token;
}

function isLast(token: Token): boolean {
  return token.kind === 'end' || token.kind === 'bad';
}

/** Whether the next word is this keyword or sign. */
export function isAt(cursor: Cursor, word: string): boolean {
  return peek(cursor).word === word;
}

/** Takes the keyword or sign if it comes next. */
export function accept(cursor: Cursor, word: string): Token | undefined {
  return isAt(cursor, word) ? take(cursor) : undefined;
}

/** @param where - What it is needed for: `after GROUP`. */
export function expect(cursor: Cursor, word: string, where: string): Token {
  if (isAt(cursor, word)) return take(cursor);
  throw unexpected(cursor, `${word} ${where}`, [word]);
}

/** @throws {QueryError} if anything is left of the text. */
export function expectEnd(cursor: Cursor, expected: string): void {
  if (peek(cursor).kind !== 'end') throw unexpected(cursor, expected);
}

/** One level deeper; left again by counting down. Nobody's stack is deeper than these levels. */
export function enter(cursor: Cursor, token: Token): void {
  if (++cursor.nesting <= MAX_NESTING) return;
  throw refuse(
    cursor,
    token,
    `more than ${MAX_NESTING} levels are nested here`,
    'write it flatter, or in several queries',
  );
}

export function leave(cursor: Cursor): void {
  cursor.nesting--;
}

/**
 * A name, as it is or in back-quotes.
 *
 * @param where - After a dot every word is a name; where a value must stand, more words than
 *   elsewhere are.
 */
export function acceptName(
  cursor: Cursor,
  where: 'anywhere' | 'value' | 'after dot' = 'anywhere',
): Name | undefined {
  const token = peek(cursor);
  if (token.kind === 'word') {
    if (where === 'anywhere' && !isFreeWord(token.word)) return undefined;
    if (where === 'value' && !isColumnWord(token.word)) return undefined;
  } else if (token.kind !== 'quoted') return undefined;
  take(cursor);
  return { text: token.text, place: placeOf(cursor, token) };
}

/** Counts what is read beside the rest: tables, sub-queries in FROM, lists, light curves. */
export function countTables(cursor: Cursor, place: Place, count = 1): void {
  cursor.tally.tables += count;
  if (cursor.tally.tables > MAX_TABLES)
    throw new QueryError(
      `more than ${MAX_TABLES} tables, lists and light curves are named`,
      place,
      'write several queries',
    );
}

/** How long a list may be, and how the refusal of a longer one goes on: `more than 500 ...`. */
export interface ListLimit {
  most: number;
  what: string;
  advice: string;
}

const MEMBERS: ListLimit = { most: MAX_MEMBERS, what: 'members stand here', advice: 'write fewer' };

/** One or more, with commas between. */
export function parseList<Member>(
  cursor: Cursor,
  parseMember: (cursor: Cursor) => Member,
  { most, what, advice } = MEMBERS,
): Member[] {
  const members: Member[] = [];
  do {
    if (members.length === most)
      throw refuse(cursor, peek(cursor), `more than ${most} ${what}`, advice);
    members.push(parseMember(cursor));
  } while (accept(cursor, ','));
  return members;
}

export function placeOf(cursor: Cursor, token: Token): Place {
  return { part: cursor.part, start: token.start, end: token.end };
}

/** From one place to the end of the last word taken. */
export function placeFrom(cursor: Cursor, start: number): Place {
  return { part: cursor.part, start, end: Math.max(start, cursor.previous?.end ?? 0) };
}

export function refuse(cursor: Cursor, token: Token, problem: string, advice?: string): QueryError {
  return token.error ?? new QueryError(problem, placeOf(cursor, token), advice);
}

const CLAUSES = ['FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT'];

/**
 * That the next word is not what has to come.
 *
 * @param expected - What could come, for people: `a comma or FROM`.
 * @param keywords - Keywords that the word may be meant to be.
 */
export function unexpected(
  cursor: Cursor,
  expected: string,
  keywords?: Iterable<string>,
): QueryError {
  const token = peek(cursor);
  if (token.error !== undefined) return token.error;
  const instead = insteadOf(token.word);
  if (instead !== undefined)
    return refuse(cursor, token, `${token.word} is not available`, instead);
  const isWhole = cursor.part === 'statement' && /the end( after LIMIT)?$/.test(expected);
  if (isWhole && CLAUSES.includes(token.word))
    return refuse(
      cursor,
      token,
      `${token.word} stands too late or twice`,
      `the order is ${CLAUSES.join(', ')}`,
    );
  const alias = cursor.bareAlias === cursor.previous ? cursor.bareAlias : undefined;
  for (const suspect of alias === undefined ? [token] : [alias, token]) {
    const meant = suspect.kind === 'word' && misspeltKeyword(suspect.word, keywords);
    if (meant)
      return refuse(
        cursor,
        suspect,
        `${suspect.text} is not understood here`,
        `did you mean ${meant}?`,
      );
  }
  return refuse(cursor, token, `expected ${expected}, found ${describe(token)}`);
}

/** A word as messages name it. */
export function describe(token: Token): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'string') return `the text '${cut(token.text)}'`;
  if (token.kind === 'parameter') return `:${cut(token.text)}`;
  return cut(token.text);
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
