import { DEEPEST, LONGEST } from './annotation.ts';

const NO_JSON = /(?:^|[[:,\s])-?(?:NaN|Infinity)\b/;

/** A classdict as it is kept, or why it cannot be. */
export type ReadClassdict = { text: string } | { problem: string };

/**
 * Reads a classdict: JSON as text, as Lasair's clients send it, or the object itself. The text is kept
 * to the letter, so that no number loses digits. What one database or the other could not read in JSON
 * is refused here, for a single such row would fail the queries of everybody.
 */
export function readClassdict(given: unknown): ReadClassdict {
  const text = typeof given === 'string' ? given.trim() : JSON.stringify(given);
  if (text === undefined || text === '') return { problem: 'This field may not be blank.' };
  if (text.length > LONGEST.classdict) {
    return { problem: `Ensure this field has no more than ${LONGEST.classdict} characters.` };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      problem: NO_JSON.test(text)
        ? 'NaN and Infinity are no JSON: leave the key out, or send null.'
        : 'This must be JSON, such as {"probability": 0.9}.',
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'This must be a JSON object, such as {"probability": 0.9}.' };
  }
  const problem = problemWithin(value, 1);
  return problem === undefined ? { text } : { problem };
}

function problemWithin(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return isWhole(value) ? undefined : HALF_LETTER;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : 'A number in it is too large.';
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEEPEST) return `It is nested deeper than ${DEEPEST} levels.`;
  for (const [key, inner] of Object.entries(value)) {
    const problem = isWhole(key) ? problemWithin(inner, depth + 1) : HALF_LETTER;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const HALF_LETTER = 'A text in it has half of a letter (a lone surrogate such as \\ud800).';

/** Whether it is a text that UTF-8 can say. */
function isWhole(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
