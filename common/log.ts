import { pino } from 'pino';
import pretty from 'pino-pretty';

/** Structured log: a sentence, and the facts beside it. Passwords and tokens never go in. */
export interface Log {
  debug(message: string, facts?: Record<string, unknown>): void;
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
  /** The same log with these facts on every line. */
  with(facts: Record<string, unknown>): Log;
}

/** @param name - Which process speaks: `ingest`, `web`. Lines go to standard error. */
export function createLog(name: string, level: string, format: 'pretty' | 'json'): Log {
  const stream =
    format === 'pretty'
      ? pretty({
          destination: 2,
          sync: true,
          ignore: 'pid,hostname,name',
          translateTime: 'SYS:HH:MM:ss',
        })
      : pino.destination({ dest: 2, sync: true });
  return wrap(pino({ name, level, serializers: { err: serializeError } }, stream));
}

/**
 * An error with its causes, and without the statements that the driver hangs on its errors: the values
 * in them are users' queries, addresses and hashes of passwords.
 */
export function serializeError(err: unknown): unknown {
  if (!(err instanceof Error)) return err;
  const shown: Record<string, unknown> = { ...pino.stdSerializers.errWithCause(err) };
  let level: unknown = shown;
  while (typeof level === 'object' && level !== null) {
    if ('sql' in level) delete level.sql;
    level = 'cause' in level ? level.cause : undefined;
  }
  return shown;
}

/** A log that keeps nothing, for tests and one-shot commands. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
};

function wrap(logger: pino.Logger): Log {
  return {
    debug: (message, facts = {}) => logger.debug(facts, message),
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    error: (message, facts = {}) => logger.error(facts, message),
    with: (facts) => wrap(logger.child(facts)),
  };
}
