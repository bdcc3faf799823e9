import { BrokerError } from '../errors.ts';
import type { Place } from './ast.ts';

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
