import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the work, or until the signal; what the work does afterwards is not looked at. */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return undefined;
  }
  const done = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), {
      once: true,
      signal: done.signal,
    });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    done.abort();
  }
}

/**
 * Waits for the work, or until the signal, and gives a sign of life again and again meanwhile.
 *
 * @throws what the work throws, or what the beat throws.
 */
export async function whileBeating(
  work: Promise<void>,
  beat: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const beating = async () => {
    while (!done.signal.aborted) {
      await sleep(everyMs, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
      if (!done.signal.aborted) await beat();
    }
  };
  try {
    await untilAborted(Promise.race([work, beating()]), signal);
  } finally {
    done.abort();
  }
}
