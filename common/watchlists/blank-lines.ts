import { readSource, USUAL_UNITS } from './read-source.ts';
import type { WatchlistSource } from './watchlist.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const ANGLE = /^[+-]?\d+(?:\.\d*)?(?:[:hd°]\d*(?:\.\d*)?)*.*\d.*$/i;
const WHOLE = /^[+-]?\d+$/;

/**
 * Reads a line with nothing but blanks between its values: a position and a name, or a name and a
 * position. As names may hold blanks, it has no radius, and what could be one is refused.
 */
export function readBlankLine(line: string): WatchlistSource | string {
  const words = line.replaceAll('"', ' ').trim().split(/\s+/);
  const start = startsWithAngle(words[0])
    ? widthOf(words, 0)
    : widthOf(words, words.length - 6) === 6
      ? 6
      : 2;
  const isFirst = startsWithAngle(words[0]);
  const place = isFirst ? words.slice(0, start) : words.slice(-start);
  const name = isFirst ? words.slice(start) : words.slice(0, -start);
  if (place.length < start) return 'there is no position';
  const doubtful = [name[name.length - 1], name[0]].find((word) => NUMBER.test(word));
  if (isFirst && doubtful !== undefined) {
    return `it is not clear whether ${doubtful} is a radius, part of the position, or belongs to the name: use commas between values`;
  }
  const written = {
    ra: place.slice(0, start / 2).join(' '),
    decl: place.slice(start / 2).join(' '),
    name: name.join(' '),
    radius: '',
  };
  return readSource(written, USUAL_UNITS);
}

function startsWithAngle(word: string): boolean {
  return NUMBER.test(word) || (/^[+-]?\d/.test(word) && ANGLE.test(word) && /[:hd°]/i.test(word));
}

/** How many words from there on are a position: six where they are `h m s d m s`, else two. */
function widthOf(words: readonly string[], from: number): 2 | 6 {
  if (from < 0 || words.length < from + 6) return 2;
  const [h, m, s, d, dm, ds] = words.slice(from);
  const isSexagesimal =
    [h, m, d, dm].every((word) => WHOLE.test(word)) && [s, ds].every((word) => NUMBER.test(word));
  return isSexagesimal ? 6 : 2;
}
