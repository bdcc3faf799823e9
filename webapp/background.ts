import { describeError } from '../common/errors.ts';
import type { Log } from '../common/log.ts';

/** Work that nobody waits for, but that the process ends before it stops. */
export interface Background {
  /** Begins the work; a failure is logged. @param what - What it does, for the log. */
  run(what: string, work: () => Promise<void>): void;
  /** When all that has begun is done. */
  settled(): Promise<void>;
}

export function createBackground(log: Log): Background {
  const underWay = new Set<Promise<void>>();
  return {
    run(what, work) {
      const done = work().catch((err: unknown) => {
        log.error(`${what} failed: ${describeError(err)}`, { err });
      });
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
