import { BusyError, RateLimitError } from '../../errors.ts';

export interface SlotLimits {
  /** Queries that run at once. */
  total: number;
  /** Of them, those that may run for long: the rest stays for pages. */
  long: number;
  /** Queries of one holder that run at once. */
  perHolder: number;
  /** Queries that wait at once, over all holders. */
  waiting: number;
  /** Queries of one holder that wait at once. */
  waitingPerHolder: number;
  /** Longest wait, milliseconds. */
  waitMs: number;
}

export interface Slots {
  /**
   * Waits for a place.
   *
   * @param asked.isLong - Whether the query may take longer than one of a page.
   * @param asked.signal - Aborted when nobody waits any more.
   * @returns Gives the place back; may be called twice.
   * @throws {RateLimitError} if the holder's own queries are in the way.
   * @throws {BusyError} if those of others are.
   */
  take(asked: Asked): Promise<() => void>;
  running(): number;
}

interface Asked {
  holder: string;
  isLong?: boolean;
  signal?: AbortSignal;
}

interface Waiter {
  asked: Asked;
  begin: () => void;
}

/** Shares places out: first come, first served, but nobody holds more than a few. */
export function createSlots(limits: SlotLimits): Slots {
  const heldBy = new Map<string, number>();
  const waiters: Waiter[] = [];
  let running = 0;
  let runningLong = 0;

  const held = (holder: string) => heldBy.get(holder) ?? 0;
  const isFree = ({ holder, isLong = false }: Asked) =>
    running < limits.total &&
    held(holder) < limits.perHolder &&
    !(isLong && runningLong >= limits.long);

  function hold({ holder, isLong = false }: Asked): () => void {
    running++;
    if (isLong) runningLong++;
    heldBy.set(holder, held(holder) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      running--;
      if (isLong) runningLong--;
      if (held(holder) === 1) heldBy.delete(holder);
      else heldBy.set(holder, held(holder) - 1);
      const next = waiters.find((waiter) => isFree(waiter.asked));
      next?.begin();
    };
  }

  function refusal(holder: string): Error {
    if (held(holder) < limits.perHolder) {
      return new BusyError(
        'too many queries of other people run at the moment; try again in a few seconds',
      );
    }
    return new RateLimitError(
      `${limits.perHolder} of your queries are running already, and more cannot run at once; wait for one to end`,
      { details: { retryAfterSeconds: Math.ceil(limits.waitMs / 1_000) } },
    );
  }

  return {
    running: () => running,
    take(asked) {
      const { holder, signal } = asked;
      if (isFree(asked)) return Promise.resolve(hold(asked));
      const own = waiters.filter((waiter) => waiter.asked.holder === holder).length;
      if (waiters.length >= limits.waiting || own >= limits.waitingPerHolder) {
        return Promise.reject(refusal(holder));
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
        };
        const waiter: Waiter = {
          asked,
          begin() {
            leave();
            resolve(hold(asked));
          },
        };
        const giveUp = () => {
          leave();
          reject(signal?.reason as Error);
        };
        const timer = setTimeout(() => {
          leave();
          reject(refusal(holder));
        }, limits.waitMs);
        signal?.addEventListener('abort', giveUp);
        waiters.push(waiter);
      });
    },
  };
}
