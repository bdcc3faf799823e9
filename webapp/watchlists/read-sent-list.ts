import { readWatchlist } from '../../common/watchlists/read-watchlist.ts';
import type { ReadWatchlist, WatchlistInput } from '../../common/watchlists/reading.ts';
import { readInThread } from '../uploads/read-in-thread.ts';

/** Shorter texts are read at once: it takes less than starting a thread. */
const SHORT_LETTERS = 64 << 10;

/**
 * Reads a watchlist that somebody sent; what is long, or a file, in a thread, for it may be made to take
 * seconds.
 *
 * @throws as `readWatchlist`, and as `readInThread`.
 */
export async function readSentList(input: WatchlistInput): Promise<ReadWatchlist> {
  return 'text' in input && input.text.length <= SHORT_LETTERS
    ? readWatchlist(input)
    : readInThread<ReadWatchlist>('webapp/watchlists/read-list-worker', input);
}
