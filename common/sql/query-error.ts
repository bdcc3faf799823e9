import { BrokerError } from '../errors.ts';
import type { Place } from './ast.ts';
import type { QuerySource } from './compile.ts';
import { isInvisible } from './tokens/characters.ts';

/** Where in the user's text something is wrong, as people count: lines and columns from 1. */
export interface ErrorSpot {
  part: Place['part'];
  line: number;
  column: number;
  /** Characters from there that are meant, at least 1. */
  length: number;
  /** The line of the text, and a line with a caret under the word. */
  excerpt: string;
}

/** What the sandbox says no to: one sentence about one place, and what would be right. */
export class QueryError extends BrokerError {
  readonly code = 'invalid_query';
  readonly place: Place | undefined;
  /** What was asked without any place or advice: `no column gmagg in objects`. */
  readonly problem: string;
  /** What would be right: `did you mean gmag?` */
  readonly advice: string | undefined;

  /**
   * @param problem - One sentence without a full stop; names the user's words, nothing of the server.
   * @param place - The words that caused it; undefined only where the whole query is meant.
   * @param advice - What would be right, without a full stop.
   */
  constructor(problem: string, place?: Place, advice?: string) {
    super(advice === undefined ? problem : `${problem}; ${advice}`);
    this.problem = problem;
    this.place = place;
    this.advice = advice;
  }
}

/** Characters of the excerpt; longer lines are cut around the place. */
const EXCERPT_WIDTH = 100;
const BEFORE_CARET = 60;

/** Where an error is in the text of a query, for people. */
export function explainError(error: QueryError, source: QuerySource): ErrorSpot {
  const part = error.place?.part ?? (source.kind === 'statement' ? 'statement' : 'selected');
  const text = textOf(source, part);
  const start = Math.min(error.place?.start ?? 0, text.length);
  const end = Math.min(error.place?.end ?? start, text.length);
  const before = text.slice(0, start).split(/\r\n|\r|\n/);
  const lineBefore = before[before.length - 1];
  const lineAfter = text.slice(start).split(/[\r\n]/, 1)[0];
  const column = [...lineBefore].length + 1;
  const length = Math.max(1, [...lineAfter.slice(0, end - start)].length);
  const excerpt = drawExcerpt([...lineBefore, ...lineAfter], column - 1, length);
  return { part, line: before.length, column, length, excerpt };
}

function textOf(source: QuerySource, part: Place['part']): string {
  if (source.kind === 'statement') return part === 'statement' ? source.text : '';
  return part === 'statement' ? '' : source[part];
}

/** A line, or what is around the place in it, and carets under the place. */
function drawExcerpt(line: string[], at: number, length: number): string {
  const from = line.length <= EXCERPT_WIDTH ? 0 : Math.max(0, at - BEFORE_CARET);
  const to = Math.min(line.length, from + EXCERPT_WIDTH);
  const shown = line.slice(from, to).map((each) => (isShown(each) ? each : '\ufffd'));
  const head = from > 0 ? '...' : '';
  const tail = to < line.length ? '...' : '';
  // Tabs stay tabs, so that the caret stands right however wide they are drawn.
  const indent = shown.slice(0, at - from).map((each) => (each === '\t' ? each : ' '));
  const carets = '^'.repeat(Math.max(1, Math.min(length, to - at)));
  return `${head}${shown.join('')}${tail}\n${' '.repeat(head.length)}${indent.join('')}${carets}`;
}

function isShown(character: string): boolean {
  return !isInvisible(character.codePointAt(0) ?? 0);
}
