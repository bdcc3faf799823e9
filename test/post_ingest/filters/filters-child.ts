import process from 'node:process';

import { z } from 'zod';

import { parseConfig } from '../../../common/config.ts';
import { createLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { FILTER_STAGES } from '../../../post_ingest/filters/filter-tools.ts';
import { startFilters } from '../../../post_ingest/filters/start-filters.ts';

/** Filters as a process of its own that kills itself the n-th time it reaches a stage. */
export const ChildOptions = z.object({
  environment: z.record(z.string(), z.string()),
  kill: z.object({ stage: z.enum(FILTER_STAGES), count: z.int() }),
  softMs: z.number(),
});
export type ChildOptions = z.input<typeof ChildOptions>;

const { environment, kill, softMs } = ChildOptions.parse(JSON.parse(process.argv[2]));
const config = parseConfig(environment);
const db = openDatabase(config.databaseUrl ?? '', { poolSize: 5 });
let reached = 0;

startFilters(
  { config, db, log: createLog('filters', 'warn', 'json'), now: () => new Date() },
  {
    surveys: ['ztf'],
    limits: { pollMs: 5, softMs, roundAlerts: 20 },
    onStage(stage) {
      if (stage === kill.stage && ++reached === kill.count) process.kill(process.pid, 'SIGKILL');
    },
  },
);
process.once('disconnect', () => process.exit(1));
