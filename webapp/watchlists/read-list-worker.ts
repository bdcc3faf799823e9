import { parentPort, workerData } from 'node:worker_threads';

import { InvalidInputError } from '../../common/errors.ts';
import { readWatchlist } from '../../common/watchlists/read-watchlist.ts';
import type { ReadWatchlist, WatchlistInput } from '../../common/watchlists/reading.ts';
import type { ThreadAnswer, ThreadTask } from '../uploads/read-in-thread.ts';

const { input, folder } = workerData as ThreadTask<WatchlistInput>;
const answer: ThreadAnswer<ReadWatchlist> = await readWatchlist(input, folder).then(
  (read) => ({ read }),
  (err: unknown) => {
    if (!(err instanceof InvalidInputError)) throw err;
    return { problem: err.message };
  },
);
parentPort?.postMessage(answer);
