import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Database } from './store/database.ts';

/** What every part of a process is handed; built once, in `bin/`. */
export interface Context {
  config: Config;
  db: Database;
  log: Log;
  /** The clock. Tests turn it. */
  now: () => Date;
}
