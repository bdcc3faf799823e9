import type { Log } from '../common/log.ts';

/**
 * Looks for something to do again and again, one look at a time, until stopped. The first one comes
 * after `everyMs`.
 *
 * @param look - Ends soon after the signal.
 * @param describe - What the log says of a look that failed: once, and again when it is something else.
 */
export function keepLooking(
  everyMs: number,
  look: (signal: AbortSignal) => Promise<unknown>,
  { log, describe }: { log: Log; describe: (err: unknown) => string },
): { stop(): Promise<void> } {
  const stopped = new AbortController();
  let looking: Promise<void> | undefined;
  let told = '';
  const lookOnce = async () => {
    try {
      await look(stopped.signal);
      told = '';
    } catch (err) {
      const problem = describe(err);
      if (problem !== told) log.warn(problem);
      told = problem;
    }
  };
  const timer = setInterval(() => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      stopped.abort();
      await looking;
    },
  };
}
