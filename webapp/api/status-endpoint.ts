import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { describeStatus } from '../status.ts';
import { endpoint } from './endpoint.ts';

const count = z.int().min(0);
const instant = z.iso.datetime();
const survey = z.enum(SURVEYS);
const counts = {
  received: count.meta({ description: 'Alerts that came in.' }),
  stored: count.meta({ description: 'Alerts stored that were not known before.' }),
  known: count.meta({ description: 'Alerts that had been stored before.' }),
  deadLettered: count.meta({
    description: 'Packets that could not be read; kept with the reason.',
  }),
};

const StatusAnswer = z.strictObject({
  nid: z.int().meta({ description: 'Night: whole days since 2017-01-01 UTC.' }),
  date: z.iso.date(),
  now: instant,
  surveys: z.array(
    z.strictObject({
      survey,
      ...counts,
      rate: z.number().meta({ description: 'Alerts per second over the last five minutes.' }),
      kafkaDelayMs: z
        .number()
        .nullable()
        .meta({ description: 'From the Kafka timestamp to the commit, median [ms]' }),
      kafkaDelayMaxMs: z.number().nullable().meta({ description: 'The same, largest [ms]' }),
      observationDelayS: z
        .number()
        .nullable()
        .meta({ description: 'From the observation to the commit, median [s]' }),
      lastCommit: instant.nullable(),
      lag: count.nullable().meta({ description: 'Messages not yet stored; null if not known.' }),
      kafka: z.enum(['reachable', 'unreachable', 'not configured']),
    }),
  ),
  totals: z
    .array(z.strictObject({ survey, ...counts }))
    .meta({ description: 'Since the beginning.' }),
  partitions: z.array(
    z.strictObject({
      survey,
      topic: z.string(),
      partition: z.int(),
      ...counts,
      nextOffset: z.string().nullable(),
      lag: count.nullable(),
    }),
  ),
  deadLetters: z.array(
    z.strictObject({ survey, fault: z.string(), state: z.string(), count, lastArrived: instant }),
  ),
  stale: z
    .array(
      z.strictObject({ survey, step: z.string(), objects: count, oldest: instant, tries: count }),
    )
    .meta({ description: 'Objects that wait for a step after ingest to be done again.' }),
  rebuilds: z
    .array(
      z.strictObject({ survey, step: z.string(), done: count, total: count, startedAt: instant }),
    )
    .meta({ description: 'Runs of a step over all objects that go on.' }),
  processes: z.array(
    z.strictObject({
      process: z.string(),
      kind: z.string(),
      startedAt: instant,
      seenAt: instant,
    }),
  ),
  jobs: z.array(
    z.strictObject({
      job: z.string(),
      startedAt: instant,
      endedAt: instant.nullable(),
      succeeded: z.boolean().nullable(),
      outcome: z.string().nullable(),
    }),
  ),
});

export const statusEndpoint = endpoint({
  path: '/status',
  operationId: 'getStatus',
  summary: 'What the broker did in a night and does now',
  description:
    'Counts per survey, topic and partition, rate, delays, lag, dead letters, processes and jobs. In every row of counts received = stored + known + deadLettered.',
  parameters: z.strictObject({}),
  answerName: 'Status',
  query: z.strictObject({
    nid: z.coerce
      .number()
      .int()
      .min(0)
      .max(99_999)
      .optional()
      .meta({ description: 'Night: whole days since 2017-01-01 UTC; tonight without.' }),
  }),
  answer: StatusAnswer,
  failures: [],
  async handle(services, _parameters, { nid }) {
    const status = await describeStatus(services, nid);
    return {
      nid: status.nid,
      date: status.date.toISOString().slice(0, 10),
      now: status.now.toISOString(),
      surveys: status.surveys.map((row) => ({
        ...row,
        lastCommit: row.lastCommit?.toISOString() ?? null,
      })),
      totals: status.totals,
      partitions: status.partitions.map(({ partitionId, ...row }) => ({
        ...row,
        partition: partitionId,
      })),
      deadLetters: status.faults.map((row) => ({
        ...row,
        lastArrived: row.lastArrived.toISOString(),
      })),
      stale: status.stale.map((row) => ({ ...row, oldest: row.oldest.toISOString() })),
      rebuilds: status.rebuilds.map(({ survey, step, done, total, startedAt }) => ({
        survey,
        step,
        done,
        total,
        startedAt: startedAt.toISOString(),
      })),
      processes: status.processes.map(({ process, kind, startedAt, seenAt }) => ({
        process,
        kind,
        startedAt: startedAt.toISOString(),
        seenAt: seenAt.toISOString(),
      })),
      jobs: status.jobs.map(({ job, startedAt, endedAt, succeeded, outcome }) => ({
        job,
        startedAt: startedAt.toISOString(),
        endedAt: endedAt?.toISOString() ?? null,
        succeeded,
        outcome,
      })),
    };
  },
});
