import { InvalidInputError } from '../../common/errors.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectDraftContent } from '../../common/store/lists/watchlist-drafts.ts';
import type { WatchlistDraft } from '../../common/store/lists/watchlist-drafts.ts';
import { MAX_SOURCES } from '../../common/watchlists/watchlist.ts';
import type { ReadWatchlist } from '../../common/watchlists/reading.ts';
import { MAX_TEXT_BYTES } from '../uploads/upload.ts';
import { readSentList } from './read-sent-list.ts';

const NOTHING_READ: ReadWatchlist = {
  sources: [],
  faults: [],
  repeats: [],
  layout: null,
  counts: { lines: 0, empty: 0, comments: 0, header: 0 },
};

/** A draft as it is understood now. */
export interface OpenDraft {
  draft: WatchlistDraft;
  read: ReadWatchlist;
  /** What was sent, where it is a text that a form can hold. */
  text: string | undefined;
  /** Why nothing of it can be read. */
  fault: string | undefined;
}

/** Reads what was sent for a draft: always from what was kept, never from what a page sends back. */
export async function openDraft(db: Queries, draft: WatchlistDraft): Promise<OpenDraft> {
  const content = await selectDraftContent(db, draft);
  const { fileName } = draft;
  const text = textOf(content);
  try {
    const input = fileName === null ? { text: text ?? '' } : { bytes: content, name: fileName };
    return { draft, read: await readSentList(input), text, fault: undefined };
  } catch (err) {
    // The page that shows it can take something else.
    if (!(err instanceof InvalidInputError)) throw err;
    return { draft, read: NOTHING_READ, text, fault: err.message };
  }
}

/**
 * The sources that a draft would save.
 *
 * @throws {InvalidInputError} if there are none, or more than a list may have.
 */
export function usableSources({ read, fault }: Pick<OpenDraft, 'read' | 'fault'>) {
  const { sources } = read;
  if (fault !== undefined) throw new InvalidInputError(fault);
  if (sources.length === 0) {
    throw new InvalidInputError('There is no source in it: a line is like 194.494, 48.851, name.');
  }
  if (sources.length > MAX_SOURCES) {
    throw new InvalidInputError(
      `A watchlist has ${MAX_SOURCES} sources at most, and these are ${sources.length}: make several lists.`,
    );
  }
  return sources;
}

/** @returns undefined for bytes that are no UTF-8, hold what no text has, or are too many. */
export function textOf(content: Buffer): string | undefined {
  if (content.length > MAX_TEXT_BYTES) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return isPlain(text) && !/^\s*<\?xml|^\s*<VOTABLE|^SIMPLE {2}=/i.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A form's field keeps no character zero. */
function isPlain(text: string): boolean {
  return !text.includes('\0');
}

/**
 * Whether the text that a form brings is another than the one it was given.
 *
 * @param sent - undefined where the form has no place for it.
 */
export function isCorrected(sent: string | undefined, kept: string | undefined): boolean {
  return sent !== undefined && normalised(sent) !== normalised(kept ?? '');
}

/** Lines end in one way, whatever a browser made of them. */
function normalised(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/^\ufeff/, '')
    .trimEnd();
}
