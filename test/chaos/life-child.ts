import process from 'node:process';

import { z } from 'zod';

import { parseConfig, SURVEYS } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { createLog } from '../../common/log.ts';
import { openDatabase } from '../../common/store/database.ts';
import { startDelivery } from '../../post_ingest/delivery/start-delivery.ts';
import { FILTER_STAGES } from '../../post_ingest/filters/filter-tools.ts';
import { startFilters } from '../../post_ingest/filters/start-filters.ts';

/**
 * Filters or the deliverer as a process of its own. It may be told to die: at the n-th time that a stage
 * is reached it kills itself, as no handler can see.
 */
export const LifeOptions = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('filters'),
    environment: z.record(z.string(), z.string()),
    kill: z.object({ stage: z.enum(FILTER_STAGES), count: z.int() }).optional(),
    /** Beyond this a statement is late, milliseconds. */
    softMs: z.number().optional(),
    survey: z.enum(SURVEYS).default('ztf'),
    /** Its clock is ahead by so much, milliseconds. */
    aheadMs: z.number().default(0),
  }),
  z.object({
    role: z.literal('deliver'),
    environment: z.record(z.string(), z.string()),
    kill: z
      .object({
        stage: z.enum(['read', 'sent', 'recorded']),
        channel: z.enum(['kafka', 'mail', 'webhook']),
      })
      .optional(),
  }),
]);
export type LifeOptions = z.input<typeof LifeOptions>;

const options = LifeOptions.parse(JSON.parse(process.argv[2]));
const config = parseConfig(options.environment);
const db = openDatabase(config.databaseUrl ?? '', { poolSize: 5 });
const log = createLog(options.role, config.logLevel, 'json');
const aheadMs = options.role === 'filters' ? options.aheadMs : 0;
const context: Context = { config, db, log, now: () => new Date(Date.now() + aheadMs) };
const running = await start();

process.once('message', () => void stop());
process.once('disconnect', () => process.exit(1));

async function start(): Promise<{ stop(): Promise<void> }> {
  let reached = 0;
  const die = () => process.kill(process.pid, 'SIGKILL');
  if (options.role === 'deliver') {
    const { kill } = options;
    return startDelivery(context, {
      onStage(stage, channel) {
        if (stage === kill?.stage && channel === kill.channel) die();
      },
    });
  }
  const { kill, softMs, survey } = options;
  return startFilters(context, {
    surveys: [survey],
    limits: { pollMs: 20, ...(softMs !== undefined && { softMs }) },
    onStage(stage) {
      if (stage === kill?.stage && ++reached === kill.count) die();
    },
  });
}

async function stop(): Promise<void> {
  await running.stop();
  await db.close();
  process.exit(0);
}
