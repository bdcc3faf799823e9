import type { RequestHandler } from 'express';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Times every request under its route's pattern. */
  measure: RequestHandler;
  ledger: Gauge<'survey' | 'outcome'>;
  lag: Gauge<'topic' | 'partition'>;
  deadLetters: Gauge<'survey' | 'fault'>;
  kafkaDelay: Gauge<'survey' | 'statistic'>;
  observationDelay: Gauge<'survey'>;
  stale: Gauge<'survey' | 'step'>;
  staleAge: Gauge<'survey' | 'step'>;
  filters: Gauge<'survey' | 'state'>;
  filterBatches: Gauge<'survey'>;
  filterLag: Gauge<'survey'>;
  databaseUp: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'glint_http_request_duration_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  return {
    registry,
    measure(req, res, next) {
      const stop = duration.startTimer({ method: req.method });
      res.on('finish', () => {
        // The pattern, not the path: a path per object would make as many series.
        const route = (req.route as { path?: unknown } | undefined)?.path;
        stop({
          route: typeof route === 'string' ? `${req.baseUrl}${route}` : 'other',
          status: String(res.statusCode),
        });
      });
      next();
    },
    ledger: new Gauge({
      name: 'glint_alerts',
      help: 'Alerts since the beginning, by survey and what became of them.',
      labelNames: ['survey', 'outcome'],
      registers,
    }),
    lag: new Gauge({
      name: 'glint_kafka_lag_messages',
      help: 'Messages of a Kafka partition not yet stored.',
      labelNames: ['topic', 'partition'],
      registers,
    }),
    deadLetters: new Gauge({
      name: 'glint_dead_letters',
      help: 'Dead letters that wait, by survey and kind of fault.',
      labelNames: ['survey', 'fault'],
      registers,
    }),
    kafkaDelay: new Gauge({
      name: 'glint_kafka_delay_seconds',
      help: 'Kafka timestamp to commit over the last five minutes.',
      labelNames: ['survey', 'statistic'],
      registers,
    }),
    observationDelay: new Gauge({
      name: 'glint_observation_delay_seconds',
      help: 'Observation to commit over the last five minutes, median.',
      labelNames: ['survey'],
      registers,
    }),
    stale: new Gauge({
      name: 'glint_stale_objects',
      help: 'Objects that wait for a step after ingest to be done again.',
      labelNames: ['survey', 'step'],
      registers,
    }),
    staleAge: new Gauge({
      name: 'glint_stale_oldest_seconds',
      help: 'How long the object that waits longest for a step has waited.',
      labelNames: ['survey', 'step'],
      registers,
    }),
    filters: new Gauge({
      name: 'glint_filters',
      help: 'Filters that are on, and that the broker has paused.',
      labelNames: ['survey', 'state'],
      registers,
    }),
    filterBatches: new Gauge({
      name: 'glint_filter_batches',
      help: 'Stored batches that filters have not run on yet.',
      labelNames: ['survey'],
      registers,
    }),
    filterLag: new Gauge({
      name: 'glint_filter_lag_seconds',
      help: 'How long the batch that waits longest for filters has waited.',
      labelNames: ['survey'],
      registers,
    }),
    databaseUp: new Gauge({
      name: 'glint_database_up',
      help: '1 while the database answers.',
      registers,
    }),
  };
}
