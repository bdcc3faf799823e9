import { setTimeout as sleep } from 'node:timers/promises';

import type { Context } from '../common/context.ts';
import { RateLimitError, describeError } from '../common/errors.ts';
import type { Match } from '../common/filters/filter.ts';
import { selectMatchesAfter, selectNextSeqs } from '../common/store/outbox.ts';
import { limitLog } from '../common/stream/limit-log.ts';

const POLL_MS = 250;
const BUSY_POLL_MS = 2_000;
const HEARTBEAT_MS = 15_000;
const MOST_AT_ONCE = 200;
const MOST_OF_ONE = 20;
const MOST_LISTENERS = 2_000;
const RETRY_SECONDS = 30;

/** Somebody who is told of the matches of a filter as they come. */
export interface Listener {
  queryId: number;
  /** Who listens: asked again at every match whether they may. Undefined for a visitor. */
  readerId: number | undefined;
  /** Matches with greater numbers are told. */
  after: bigint;
  /** Account or address: nobody may have too many. */
  holder: string;
  /** @returns Whether more can be taken now; otherwise nothing comes until `isReady`. */
  take(matches: Match[]): boolean;
  isReady(): boolean;
  /** Something must come from time to time, or proxies end the connection. */
  beat(): void;
  /** This process stops, or they may listen no longer. */
  end(): void;
}

/** New matches for live pages and programs, read once for all who listen. */
export interface MatchEvents {
  /**
   * @returns Ends the listening.
   * @throws {RateLimitError} if the holder, or the site, has too many listeners.
   */
  listen(listener: Listener): () => void;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/**
 * Looks for new matches while somebody listens: one statement for all filters that are listened to,
 * and one more for each that has something new. No connection of the database is kept for a listener.
 */
export function createMatchEvents({ db, log }: Pick<Context, 'db' | 'log'>): MatchEvents {
  const listeners = new Set<Listener>();
  const warnings = limitLog(log);
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  let beatenAt = Date.now();

  const look = async (): Promise<void> => {
    const ready = [...listeners].filter((each) => each.isReady());
    const ends = await selectNextSeqs(db, [...new Set(ready.map(({ queryId }) => queryId))]);
    const reads = new Map<string, Promise<Match[]>>();
    for (const listener of ready) {
      const { queryId, after } = listener;
      const filter = ends.get(queryId);
      // Deleted, or made private since.
      if (filter === undefined || (filter.isPrivate && filter.userId !== listener.readerId)) {
        listener.end();
        continue;
      }
      if (filter.nextSeq <= after + 1n) continue;
      const key = `${queryId} ${after}`;
      let read = reads.get(key);
      if (read === undefined) {
        read = selectMatchesAfter(db, queryId, after, MOST_AT_ONCE);
        reads.set(key, read);
      }
      const matches = await read;
      if (matches.length === 0 || !listeners.has(listener)) continue;
      listener.after = matches[matches.length - 1].seq;
      listener.take(matches);
    }
  };

  const run = async (): Promise<void> => {
    while (listeners.size > 0 && !stopped.signal.aborted) {
      let pause = POLL_MS;
      try {
        await look();
      } catch (err) {
        warnings.warn(`live pages wait: ${describeError(err)}`);
        pause = BUSY_POLL_MS;
      }
      if (Date.now() - beatenAt >= HEARTBEAT_MS) {
        beatenAt = Date.now();
        for (const listener of listeners) listener.beat();
      }
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
    running = undefined;
  };

  return {
    listen(listener) {
      const own = [...listeners].filter(({ holder }) => holder === listener.holder).length;
      if (own >= MOST_OF_ONE || listeners.size >= MOST_LISTENERS || stopped.signal.aborted) {
        throw new RateLimitError(
          `There are ${own} live connections of yours, of at most ${MOST_OF_ONE}: end some, or ask again without text/event-stream.`,
          { details: { retryAfterSeconds: RETRY_SECONDS } },
        );
      }
      listeners.add(listener);
      running ??= run();
      return () => listeners.delete(listener);
    },
    async stop() {
      stopped.abort();
      for (const listener of listeners) listener.end();
      listeners.clear();
      await running;
    },
  };
}
