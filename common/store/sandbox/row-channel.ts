import type { Scalar } from '../row-reader.ts';

const GROUP_ROWS = 500;
/** Letters of text after which a group is full, however few its rows are. */
const GROUP_LENGTH = 1 << 20;

/** What comes from the server on one side and is read on the other. */
export interface RowChannel {
  push(row: Scalar[]): void;
  /** No row follows. */
  end(): void;
  /** Nothing more comes: rows that were not read yet are dropped. Later calls change nothing. */
  fail(err: unknown): void;
  /** Until the first row, the end or a failure, which it throws. */
  begun(): Promise<void>;
  /** The rows that are there, or the next that come; undefined at the end. */
  next(): Promise<Scalar[][] | undefined>;
}

/**
 * Holds rows until they are read.
 *
 * @param flow - Stops and starts the server's sending, so that few rows are ever held.
 */
export function createRowChannel(flow: { pause(): void; resume(): void }): RowChannel {
  let rows: Scalar[][] = [];
  let length = 0;
  let isPaused = false;
  let isEnded = false;
  let failure: { err: unknown } | undefined;
  let waiting: (() => void) | undefined;

  const wake = () => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.();
  };
  const something = () => rows.length > 0 || isEnded || failure !== undefined;
  const wait = () => new Promise<void>((resolve) => (waiting = resolve));

  async function begun(): Promise<void> {
    while (!something()) await wait();
    if (failure !== undefined) throw failure.err;
  }

  return {
    push(row) {
      rows.push(row);
      for (const value of row) length += typeof value === 'string' ? value.length : 8;
      if (!isPaused && (rows.length >= GROUP_ROWS || length >= GROUP_LENGTH)) {
        isPaused = true;
        flow.pause();
      }
      // Once for all rows of the packet that is being read.
      if (waiting !== undefined && rows.length === 1) setImmediate(wake);
    },
    end() {
      isEnded = true;
      wake();
    },
    fail(err) {
      if (isEnded) return;
      failure ??= { err };
      rows = [];
      wake();
    },
    begun,
    async next() {
      await begun();
      if (rows.length === 0) return undefined;
      const group = rows;
      rows = [];
      length = 0;
      if (isPaused) {
        isPaused = false;
        flow.resume();
      }
      return group;
    },
  };
}
