import { InvalidInputError } from '../errors.ts';
import { sourceKey } from './source-key.ts';
import { MAX_SOURCES } from './watchlist.ts';
import type { WatchlistSource } from './watchlist.ts';
import type { ReadWatchlist, WatchlistLayout } from './reading.ts';

const MAX_TEXT = 120;
/** Bad lines and repeats are kept to be shown: a file with more rows is no list, and its rows no matter. */
const MAX_ROWS = 3 * MAX_SOURCES;

/** Takes line by line what was read, so that each is counted once. */
export interface SourceGatherer {
  /**
   * @param text - Called only where the line has to be shown.
   * @param source - Or why there is none.
   * @throws {InvalidInputError} if there are far more than a list may have.
   */
  add(line: number, text: () => string, source: WatchlistSource | string): void;
  empty(): void;
  comment(): void;
  header(): void;
  /** @throws {InvalidInputError} if there are too many sources. */
  result(layout: WatchlistLayout | null): ReadWatchlist;
}

export function createGatherer(): SourceGatherer {
  const sources: WatchlistSource[] = [];
  const faults: ReadWatchlist['faults'] = [];
  const repeats: ReadWatchlist['repeats'] = [];
  const counts = { lines: 0, empty: 0, comments: 0, header: 0 };
  const lineOfSource = new Map<string, number>();
  const lineOfPlace = new Map<string, number>();
  return {
    add(line, text, source) {
      counts.lines++;
      if (sources.length + faults.length + repeats.length >= MAX_ROWS) {
        throw new InvalidInputError(
          `It has more than ${MAX_ROWS} lines or rows, and a watchlist has ${MAX_SOURCES} sources at most: make several lists.`,
        );
      }
      if (typeof source === 'string') {
        faults.push({ line, text: shown(text()), reason: source });
        return;
      }
      const key = sourceKey(source);
      const same = lineOfSource.get(key);
      if (same !== undefined) {
        repeats.push({ line, ofLine: same, text: shown(text()), isKept: false });
        return;
      }
      lineOfSource.set(key, line);
      const place = `${source.ra} ${source.decl}`;
      const ofLine = lineOfPlace.get(place);
      if (ofLine === undefined) lineOfPlace.set(place, line);
      else repeats.push({ line, ofLine, text: shown(text()), isKept: true });
      sources.push(source);
    },
    empty() {
      counts.lines++;
      counts.empty++;
    },
    comment() {
      counts.lines++;
      counts.comments++;
    },
    header() {
      counts.lines++;
      counts.header++;
    },
    result(layout) {
      if (sources.length > MAX_SOURCES) {
        throw new InvalidInputError(
          `The list has ${sources.length} sources; the most are ${MAX_SOURCES}: make several lists.`,
        );
      }
      return { sources, faults, repeats, layout, counts };
    },
  };
}

function shown(text: string): string {
  const line = text.replace(/\p{Cc}/gu, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}
