import type { Log } from '../../common/log.ts';
import type { Database } from '../../common/store/database.ts';
import { insertBatchReport, mergeReports } from '../../common/store/ingest-records.ts';
import type { BatchReport } from '../../common/store/ingest-records.ts';

/** Writes what became of batches where the status page and the benchmark read it. */
export interface BatchReporter {
  add(report: BatchReport): void;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

const EVERY_MS = 1_000;

/**
 * One row a second at the most: a quiet stream makes a batch of every alert. Reports only inform:
 * the stream does not wait for them, and can do without.
 *
 * @param onWritten - Called after each row.
 */
export function openBatchReporter(db: Database, log: Log, onWritten: () => void): BatchReporter {
  let unwritten: BatchReport | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = -Infinity;
  let writing: Promise<void> = Promise.resolve();

  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const report = unwritten;
    if (report === undefined) return;
    unwritten = undefined;
    writtenAt = performance.now();
    writing = insertBatchReport(db, report).then(onWritten, (err: unknown) =>
      log.debug('a batch report was not written', { err }),
    );
  };

  return {
    add(report) {
      unwritten = unwritten === undefined ? report : mergeReports(unwritten, report);
      timer ??= setTimeout(write, Math.max(0, writtenAt + EVERY_MS - performance.now()));
    },
    async close() {
      write();
      await writing;
    },
  };
}
