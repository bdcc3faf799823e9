import { UpstreamError } from '../../common/errors.ts';

/** Longer is waited for by the next run of the job. */
const MAX_WAIT_SECONDS = 600;
/** Where the server says that it is too much, and not for how long. */
const USUAL_WAIT_SECONDS = 60;

/** Keeps to the rate limits that a server tells in its answers, each kind of request on its own. */
export interface RateGuard {
  /**
   * Waits until a request of this kind is allowed.
   *
   * @throws {UpstreamError} if that is later than a job may wait for, all its waits together.
   */
  wait(kind: string): Promise<void>;
  /** Takes note of an answer. */
  note(kind: string, wasTooMuch: boolean, headers: Headers): void;
}

/** The clock is the machine's own, which nobody sets: milliseconds. */
export function createRateGuard(
  pause: (ms: number) => Promise<void>,
  clock: () => number = () => performance.now(),
): RateGuard {
  const allowedAt = new Map<string, number>();
  let waitedMs = 0;
  return {
    async wait(kind) {
      const ms = (allowedAt.get(kind) ?? 0) - clock();
      if (ms <= 0) return;
      if (waitedMs + ms > MAX_WAIT_SECONDS * 1_000) {
        throw new UpstreamError(
          `the Transient Name Server allows no ${kind} for ${Math.ceil(ms / 1_000)} s: the next run goes on`,
        );
      }
      waitedMs += ms;
      allowedAt.delete(kind);
      await pause(ms);
    },
    note(kind, wasTooMuch, headers) {
      const left = numberIn(headers, 'x-rate-limit-remaining');
      if (!wasTooMuch && (left === undefined || left > 0)) return;
      const seconds =
        numberIn(headers, 'x-rate-limit-reset') ??
        numberIn(headers, 'retry-after') ??
        USUAL_WAIT_SECONDS;
      // A second more: the server's own count is in whole ones.
      allowedAt.set(kind, clock() + (seconds + 1) * 1_000);
    },
  };
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  const number = text === null || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
