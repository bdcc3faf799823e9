import type { WatchlistSource } from './watchlist.ts';

/** A list as somebody pasted or uploaded it: text, the bytes of a file, or where the file lies. */
export type WatchlistInput =
  { text: string } | { bytes: Uint8Array; name: string } | { path: string; name: string };

/** A line or row that is no source, and why. */
export interface SourceFault {
  /** Line of a text, row of a table, from 1. */
  line: number;
  /** The line as it was written, cut. */
  text: string;
  reason: string;
}

/** A line that says again what another has said. */
export interface SourceRepeat {
  line: number;
  /** The line that said it first. */
  ofLine: number;
  text: string;
  /**
   * False where name, place and radius are those of the other line: it is left out. True where
   * another name stands at the same place, or the same name with another radius: it is kept.
   */
  isKept: boolean;
}

/** How the list was understood: for the preview. */
export interface WatchlistLayout {
  format: 'text' | 'fits' | 'votable' | 'parquet';
  /** What stands between the values of a text; a blank for any number of blanks. */
  delimiter: ',' | '|' | ';' | '\t' | ' ' | null;
  hasHeader: boolean;
  /** Names of the columns read, as the header has them, or `column 1`; null for those that are not there. */
  columns: { name: string | null; ra: string; decl: string; radius: string | null };
}

/**
 * What was read. Nothing is lost: `lines` is the sum of `empty`, `comments`, `header`, sources,
 * faults, and those repeats that are not kept.
 */
export interface ReadWatchlist {
  sources: WatchlistSource[];
  faults: SourceFault[];
  repeats: SourceRepeat[];
  /** Null where nothing was read that has one. */
  layout: WatchlistLayout | null;
  counts: { lines: number; empty: number; comments: number; header: number };
}
