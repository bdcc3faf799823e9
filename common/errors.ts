/**
 * The few kinds of failure the broker knows. Throw at the depth that knows, catch only where
 * something can be done: the web error handler, the job runner, the dead letters, `bin/`.
 */
export interface ErrorOptions {
  cause?: unknown;
  /** Facts for the log and the API answer: nothing private. */
  details?: Record<string, unknown>;
}

/** Base of all errors that the broker itself raises; `code` never changes once published. */
export abstract class BrokerError extends Error {
  abstract readonly code: string;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean = false;
  readonly details: Record<string, unknown>;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.details = options.details ?? {};
  }
}

/** What the caller gave cannot be used; the message says what to change. */
export class InvalidInputError extends BrokerError {
  readonly code = 'invalid_input';
}

/** There is no such thing, or the caller may not know that there is. */
export class NotFoundError extends BrokerError {
  readonly code = 'not_found';
}

/** Nobody is logged in, or the password or token is not right. */
export class UnauthenticatedError extends BrokerError {
  readonly code = 'unauthenticated';
}

/** Whoever is logged in may not do this. */
export class ForbiddenError extends BrokerError {
  readonly code = 'forbidden';
}

/** Too many requests; `details.retryAfterSeconds` says when the next may come. */
export class RateLimitError extends BrokerError {
  readonly code = 'rate_limited';
  override readonly retryable = true;
}

/** A query that ran longer than it may; the message says how long it had and what would be faster. */
export class QueryTimeoutError extends BrokerError {
  readonly code = 'query_timeout';
}

/** A setting, an installed program or the database schema does not fit. */
export class SetupError extends BrokerError {
  readonly code = 'setup';
}

/** A service we depend on (MySQL, Kafka, a schema registry) did not answer. */
export class UpstreamError extends BrokerError {
  readonly code = 'upstream_unavailable';
  override readonly retryable = true;
}

/** So much is being worked on that this has to wait; the message says what. */
export class BusyError extends BrokerError {
  readonly code = 'busy';
  override readonly retryable = true;
}

/** Why a packet went to the dead letters. */
export type PacketFault =
  | 'not_avro'
  | 'damaged'
  | 'unknown_schema'
  | 'unsupported_schema'
  | 'other_survey'
  | 'invalid_alert'
  | 'invalid_annotation'
  | 'too_large';

/** A packet that no adapter can read; it goes to the dead letters with this reason. */
export class PacketError extends BrokerError {
  readonly code = 'unreadable_packet';
  readonly fault: PacketFault;

  constructor(fault: PacketFault, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.fault = fault;
  }
}

/** One line about anything that was thrown, with the causes behind it. */
export function describeError(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  const cause = err.cause === undefined ? '' : `: ${describeError(err.cause)}`;
  return `${err.message || err.name}${cause}`;
}
