import process from 'node:process';

import { z } from 'zod';

import { parseConfig, SURVEYS } from '../../../common/config.ts';
import { describeError } from '../../../common/errors.ts';
import { createLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { STORE_STAGES } from '../../../ingest/pipeline/store-batch.ts';
import { startIngest } from '../../../ingest/start-ingest.ts';

/**
 * Ingest as a process of its own that can be told to die: at the n-th time a stage is reached it
 * kills itself, as no handler can see. It tells its parent the first stage it reaches and, ten
 * times a second, its statistics.
 */
export const ChildOptions = z.object({
  environment: z.record(z.string(), z.string()),
  survey: z.enum(SURVEYS),
  kill: z.object({ stage: z.enum(STORE_STAGES), count: z.int() }).optional(),
});
export type ChildOptions = z.input<typeof ChildOptions>;

const { environment, survey, kill } = ChildOptions.parse(JSON.parse(process.argv[2]));
const config = parseConfig(environment);
const log = createLog('ingest', config.logLevel, 'json');
const db = openDatabase(config.databaseUrl ?? '', { poolSize: config.databasePoolSize });
let reached = 0;
let isAlive = false;

const ingest = await startIngest(
  { config, db, log, now: () => new Date() },
  {
    surveys: [survey],
    pollSeconds: 1,
    onStage(stage) {
      if (!isAlive) process.send?.({ stage });
      isAlive = true;
      if (stage === kill?.stage && ++reached === kill.count) process.kill(process.pid, 'SIGKILL');
    },
  },
);

const timer = setInterval(() => {
  const { bufferedBytes, waitingFor } = ingest.stats()[survey] ?? {};
  process.send?.({ bufferedBytes, waitingFor, memoryBytes: process.memoryUsage().rss });
}, 100);

void ingest.failed.then((reason) => {
  log.error(`ingest gave up: ${describeError(reason)}`);
  process.exit(1);
});
process.once('message', () => void stop());
process.once('disconnect', () => process.exit(1));

async function stop(): Promise<void> {
  clearInterval(timer);
  await ingest.stop();
  await db.close();
  process.exit(0);
}
