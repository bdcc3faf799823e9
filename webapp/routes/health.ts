import { Router } from 'express';

import { SURVEYS } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { BrokerError, describeError } from '../../common/errors.ts';
import { ALL_TABLES } from '../../common/schema/tables.ts';
import { selectBacklog } from '../../common/store/batches.ts';
import { checkSchemaVersion } from '../../common/store/migrate.ts';
import {
  selectAllTotals,
  selectFaultCounts,
  selectRecentRates,
} from '../../common/store/night-report.ts';
import { countStale } from '../../common/store/stale-objects.ts';
import type { Services } from '../services.ts';

const RATE_MS = 5 * 60_000;

/** What machines ask: does the process live, can it serve, what does it count. */
export function healthRoutes(services: Services): Router {
  const { context, metrics } = services;
  const router = Router();

  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });

  router.get('/readyz', async (_req, res) => {
    res.set('Cache-Control', 'no-store');
    try {
      await checkSchemaVersion(context.db, ALL_TABLES);
      res.json({ status: 'ready' });
    } catch (err) {
      context.log.warn(`not ready: ${describeError(err)}`);
      // Others' words, such as those of the server about an account, are for the log.
      const reason = err instanceof BrokerError ? err.message : 'the database cannot be used';
      res.status(503).json({ status: 'not ready', reason });
    }
  });

  router.get('/metrics', async (_req, res) => {
    try {
      await refresh(services);
      metrics.databaseUp.set(1);
    } catch (err) {
      // What the process itself measures is still worth having.
      context.log.debug(`metrics without the database: ${describeError(err)}`);
      metrics.databaseUp.set(0);
    }
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

async function refreshFilters({ db, now }: Context, metrics: Services['metrics']): Promise<void> {
  for (const survey of SURVEYS) {
    const { oldest, batches, filters, paused } = await selectBacklog(db, survey);
    metrics.filters.set({ survey, state: 'on' }, filters);
    metrics.filters.set({ survey, state: 'paused' }, paused);
    metrics.filterBatches.set({ survey }, batches);
    const lagMs = oldest === null ? 0 : now().getTime() - oldest.getTime();
    metrics.filterLag.set({ survey }, Math.max(0, lagMs / 1_000));
  }
}

async function refresh({ context, metrics, lag }: Services): Promise<void> {
  const since = new Date(context.now().getTime() - RATE_MS);
  const [totals, faults, rates, stale, { partitions }] = await Promise.all([
    selectAllTotals(context.db),
    selectFaultCounts(context.db),
    selectRecentRates(context.db, since),
    countStale(context.db),
    lag.read(),
  ]);
  await refreshFilters(context, metrics);
  metrics.lag.reset();
  metrics.deadLetters.reset();
  metrics.kafkaDelay.reset();
  metrics.observationDelay.reset();
  metrics.stale.reset();
  metrics.staleAge.reset();
  for (const { survey, step, objects, oldest } of stale) {
    metrics.stale.set({ survey, step }, objects);
    const ageMs = context.now().getTime() - oldest.getTime();
    metrics.staleAge.set({ survey, step }, ageMs / 1_000);
  }
  for (const { survey, ...row } of totals) {
    metrics.ledger.set({ survey, outcome: 'received' }, row.received);
    metrics.ledger.set({ survey, outcome: 'stored' }, row.stored);
    metrics.ledger.set({ survey, outcome: 'known' }, row.known);
    metrics.ledger.set({ survey, outcome: 'dead_lettered' }, row.deadLettered);
  }
  for (const { survey, fault, state, count } of faults) {
    if (state === 'waiting') metrics.deadLetters.set({ survey, fault }, count);
  }
  for (const { survey, kafkaDelayMs, kafkaDelayMaxMs, observationDelayS } of rates) {
    if (kafkaDelayMs !== null) {
      metrics.kafkaDelay.set({ survey, statistic: 'median' }, kafkaDelayMs / 1_000);
    }
    if (kafkaDelayMaxMs !== null) {
      metrics.kafkaDelay.set({ survey, statistic: 'max' }, kafkaDelayMaxMs / 1_000);
    }
    if (observationDelayS !== null) metrics.observationDelay.set({ survey }, observationDelayS);
  }
  for (const { topic, partitionId, lag: messages } of partitions) {
    if (messages !== null) metrics.lag.set({ topic, partition: partitionId }, Number(messages));
  }
}
