import type { Log } from '../log.ts';

const EVERY_MS = 60_000;
const FORGET_AFTER_MS = 10 * EVERY_MS;

/** A log that says the same sentence once a minute, with how often it was left unsaid. */
export interface LimitedLog {
  warn(message: string, facts?: Record<string, unknown>): void;
}

export function limitLog(log: Log, now: () => number = Date.now): LimitedLog {
  const said = new Map<string, { at: number; repeats: number }>();
  return {
    warn(message, facts = {}) {
      const last = said.get(message);
      if (last !== undefined && now() - last.at < EVERY_MS) {
        last.repeats += 1;
        return;
      }
      for (const [old, { at }] of said) if (now() - at >= FORGET_AFTER_MS) said.delete(old);
      said.set(message, { at: now(), repeats: 0 });
      log.warn(message, last ? { ...facts, repeats: last.repeats } : facts);
    },
  };
}
