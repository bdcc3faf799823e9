import type { Part, Place } from '../ast.ts';
import { QueryError } from '../query-error.ts';
import { refuseCharacter } from './characters.ts';

/** A text on its way from left to right. */
export interface Reader {
  text: string;
  part: Part;
  at: number;
}

export function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

export function placeOf(reader: Reader, start: number, end: number): Place {
  return { part: reader.part, start, end };
}

/** A refusal of the text from `start` to `end`, of one character at least. */
export function refuse(
  reader: Reader,
  start: number,
  problem: string,
  advice: string,
  end = reader.at,
): QueryError {
  return new QueryError(problem, placeOf(reader, start, Math.max(end, start + 1)), advice);
}

/** A refusal of the character at an offset. */
export function refuseAt(reader: Reader, at: number): QueryError {
  const character = characterAt(reader.text, at);
  const { problem, advice } = refuseCharacter(character);
  return refuse(reader, at, problem, advice, at + character.length);
}
