import { availableParallelism } from 'node:os';

import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { BusyError, describeError } from '../common/errors.ts';
import { findPeriod } from '../common/features/periodogram/find-period.ts';
import type { PeriodAnswer } from '../common/features/periodogram/period-answer.ts';
import { PeriodAnswerSchema } from '../common/features/periodogram/period-answer.ts';
import type { PeriodOrder } from '../common/features/periodogram/period-order.ts';
import { startWorker } from '../common/start-worker.ts';
import { selectPackedHistory, selectPeriod, storePeriod } from '../common/store/periods.ts';
import type { PackedHistory, StoredPeriod } from '../common/store/periods.ts';

export interface FoundPeriod extends StoredPeriod {
  /** Undefined for an object of which no points are stored. */
  history: PackedHistory | undefined;
}

export interface PeriodFinder {
  /**
   * The period of an object that exists: as kept from an earlier search of the same history, or
   * searched for now, in a thread of its own.
   *
   * @throws {BusyError} if too many are being searched for already, or this one takes too long.
   */
  find(survey: Survey, id: string): Promise<FoundPeriod>;
  /** Breaks off what is being searched. */
  stop(): Promise<void>;
}

export interface PeriodFinderLimits {
  /** Searches at once. */
  running: number;
  /** Searches that wait for those to end. */
  waiting: number;
  timeoutMs: number;
}

const LIMITS: PeriodFinderLimits = {
  running: Math.max(1, Math.min(4, availableParallelism() - 1)),
  waiting: 8,
  timeoutMs: 30_000,
};

export function createPeriodFinder(context: Context, limits = LIMITS): PeriodFinder {
  const { db, log, now } = context;
  const underWay = new Map<string, Promise<StoredPeriod>>();
  const breakOff = new AbortController();
  const queue = createQueue(limits);

  const search = async (survey: Survey, id: string, history: PackedHistory) => {
    const order: PeriodOrder = { survey, points: history.points };
    const answer = await queue(() => searchInThread(order, limits.timeoutMs, breakOff.signal));
    const found = { computedAt: now(), answer };
    try {
      await storePeriod(db, survey, id, history.version, found);
    } catch (err) {
      // The answer is as good; the next who asks waits again.
      log.warn(`the period of ${id} was not kept: ${describeError(err)}`);
    }
    return found;
  };

  return {
    async find(survey, id) {
      const history = await selectPackedHistory(db, survey, id);
      if (history === undefined) {
        return { history, computedAt: now(), answer: findPeriod([]) };
      }
      const kept = await selectPeriod(db, survey, id, history.version);
      if (kept !== undefined) return { ...kept, history };
      const key = `${survey} ${id} ${history.version}`;
      let found = underWay.get(key);
      if (found === undefined) {
        found = search(survey, id, history).finally(() => underWay.delete(key));
        underWay.set(key, found);
      }
      return { ...(await found), history };
    },
    async stop() {
      breakOff.abort();
      await Promise.allSettled(underWay.values());
    },
  };
}

/** Lets so many go on at once, has so many wait in order, and refuses the rest. */
function createQueue({ running, waiting }: PeriodFinderLimits) {
  const waiters: (() => void)[] = [];
  let active = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (active >= running) {
      if (waiters.length >= waiting) {
        throw new BusyError('Too many periods are being searched for; try again in a few seconds.');
      }
      // Whoever ends hands its place on: nobody comes between.
      await new Promise<void>((resolve) => waiters.push(resolve));
    } else active++;
    try {
      return await work();
    } finally {
      const next = waiters.shift();
      if (next === undefined) active--;
      else next();
    }
  };
}

function searchInThread(
  order: PeriodOrder,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PeriodAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new BusyError('The site is being stopped; try again in a few seconds.'));
      return;
    }
    const worker = startWorker('common/features/periodogram/period-worker', order);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stopped);
      void worker.terminate();
      settle();
    };
    const stopped = () =>
      end(() => reject(new BusyError('The site is being stopped; try again in a few seconds.')));
    const timer = setTimeout(
      () =>
        end(() =>
          reject(new BusyError('The search for this period took too long; try again later.')),
        ),
      timeoutMs,
    );
    signal.addEventListener('abort', stopped);
    worker.once('message', (message) =>
      end(() => {
        const answer = PeriodAnswerSchema.safeParse(message);
        if (answer.success) resolve(answer.data);
        else reject(answer.error);
      }),
    );
    worker.once('error', (err) => end(() => reject(err)));
    worker.once('exit', () => end(() => reject(new Error('a period thread ended by itself'))));
  });
}
