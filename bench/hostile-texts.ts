import { MAX_TEXT_BYTES } from '../common/sql/limits.ts';

/** What is said over and over, between a beginning and an end, up to the longest text allowed. */
const PATTERNS: Record<string, [head: string, unit: string, tail?: string]> = {
  blanks: ['SELECT 1', '\n'],
  'one long word': ['SELECT ', 'a'],
  'one long number': ['SELECT ', '1'],
  'one long text': ["SELECT '", 'x', "'"],
  'doubled quotes': ["SELECT '", "''", "'"],
  'a text without an end': ["SELECT '", 'x'],
  'texts side by side': ['SELECT ', "'a'"],
  words: ['SELECT ', 'a '],
  'names with dots': ['SELECT ', 'a.'],
  dots: ['SELECT ', '.'],
  stars: ['SELECT ', '* '],
  dashes: ['SELECT ', '-'],
  comments: ['SELECT 1', '-- \n'],
  'a long comment': ['SELECT 1 -- ', 'x'],
  columns: ['SELECT ', 'a,', 'a'],
  'open brackets': ['SELECT ', '('],
  'closed brackets': ['SELECT ', ')'],
  'empty brackets': ['SELECT ', '()'],
  signs: ['SELECT ', '- ', '1'],
  'a sum': ['SELECT 1', '+1'],
  'a sum in brackets': ['SELECT ', '(1+1)+', '1'],
  conditions: ['SELECT a FROM t WHERE ', 'a<b AND ', '1'],
  'conditions in brackets': ['SELECT a FROM t WHERE ', '(a=1) OR ', '1'],
  'the shortest conditions': ['SELECT a FROM t WHERE a', ' OR a'],
  'OR and AND': ['SELECT a FROM t WHERE 1', ' OR 1 AND 2'],
  'tests by IS': ['SELECT a', ' IS NULL'],
  'a list of digits': ['SELECT a IN (', '1,', '1)'],
  'a list of numbers': ['SELECT a IN (', '12345,', '1)'],
  'a list of names': ['SELECT a IN (', "'ZTF18aaaaaaa',", '1)'],
  'lists within lists': ['SELECT a', ' IN (a'],
  'branches of CASE': ['SELECT CASE', ' WHEN 1 THEN 2', ' END'],
  arguments: ['SELECT f(', 'a,', 'a)'],
  calls: ['SELECT ', 'f('],
  'sub-queries': ['SELECT ', '(SELECT '],
  'sub-queries in FROM': ['SELECT a FROM ', '(SELECT a FROM '],
  tables: ['SELECT a FROM a', ',a'],
  joins: ['SELECT a FROM a', ' JOIN a'],
  unions: ['SELECT 1', ' UNION SELECT 1'],
  lists: ['SELECT a FROM watchlist:', 'a&', 'a'],
  'members of ORDER BY': ['SELECT a FROM t ORDER BY ', 'a,', 'a'],
  misspellings: ['SELECT a FROM t ', 'WHERX '],
  'look-alikes': ['SELECT ', '\u2212'],
  telescopes: ["SELECT '", '\u{1f52d}', "'"],
};

/** Texts of the longest kind that are meant to take long to read, by name. */
export function hostileTexts(): { name: string; text: string }[] {
  return Object.entries(PATTERNS).map(([name, [head, unit, tail = '']]) => {
    const room = MAX_TEXT_BYTES - head.length - tail.length;
    return { name, text: head + unit.repeat(Math.floor(room / Buffer.byteLength(unit))) + tail };
  });
}
