/** A signal that ends a statement: when its time is over, or all is stopped. */
export interface TimeLimit {
  signal: AbortSignal;
  /** Whether it was the time. */
  isOver(): boolean;
  /** To be called when the statement has ended. */
  end(): void;
}

/** @param ms - Time from now on; undefined for as long as it takes. */
export function limitTime(stop: AbortSignal, ms: number | undefined): TimeLimit {
  // Not AbortSignal.any: what follows a signal that lives as long as the process stays in memory.
  const ending = new AbortController();
  const stopped = () => ending.abort(stop.reason);
  stop.addEventListener('abort', stopped);
  let isOver = false;
  const timer =
    ms === undefined
      ? undefined
      : setTimeout(() => {
          isOver = true;
          ending.abort();
        }, ms);
  return {
    signal: ending.signal,
    isOver: () => isOver,
    end() {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopped);
    },
  };
}
