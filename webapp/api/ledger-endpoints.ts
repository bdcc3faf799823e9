import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { NotFoundError } from '../../common/errors.ts';
import { CHANNELS, matchId } from '../../common/filters/filter.ts';
import { OUTCOMES } from '../../common/filters/verdicts.ts';
import { ID_HINT, parseObjectId } from '../../common/store/objects.ts';
import { AlertNumber, ledgerOfAlert, ledgerOfObject, verdictsOf } from '../ledger/ledger.ts';
import type { Ledger, NamedMatch } from '../ledger/ledger.ts';
import type { NamedVerdict } from '../ledger/named-verdict.ts';
import { NO_REFUSAL, explainRefusals } from '../ledger/refusals.ts';
import type { Refusal } from '../ledger/refusals.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { endpoint } from './endpoint.ts';
import { NamedValueSchema } from './filter-shapes.ts';

const Survey = z.enum(SURVEYS).meta({ description: 'ztf or lsst.', example: 'ztf' });
const Time = z.string().meta({ description: 'ISO 8601, UTC.' });

const MatchSchema = z.strictObject({
  id: z.string().meta({ description: 'What a receiver recognises a repeat by.' }),
  filter: z.int(),
  name: z.string(),
  seq: z.int(),
  kind: z.enum(['alert', 'annotation', 'backfill']),
  alert: z.string().nullable().meta({ description: 'Newest alert that was known then.' }),
  matchedAt: Time,
  deliveries: z.array(
    z.strictObject({
      channel: z.enum(CHANNELS),
      outcome: z.enum(['sent', 'rejected', 'dropped']),
      at: Time,
      place: z.string(),
    }),
  ),
});
const VerdictSchema = z.strictObject({
  filter: z.int(),
  name: z.string(),
  version: z.int(),
  outcome: z.enum(OUTCOMES),
  reason: z.string().meta({ description: 'Why it failed; of your own filters only.' }),
  at: Time,
  batch: z.string().nullable().meta({ description: '`run` of /filters/{id}/why: all conditions.' }),
  failed: z
    .array(
      z.strictObject({
        condition: z.string().meta({ description: 'As it is written in the query.' }),
        held: z.boolean().nullable().meta({ description: 'null: a comparison with NULL.' }),
        values: z.array(NamedValueSchema),
      }),
    )
    .meta({
      description: 'Where it refused: conditions that did not hold, with what they went by.',
    }),
  open: z.array(z.string()).meta({
    description:
      'Where it refused and none of those is known: conditions on lists and other tables, of which no values are kept. One of them did not hold.',
  }),
});
const LedgerSchema = z.strictObject({
  survey: Survey,
  object: z.string().meta({ description: 'Empty for what belongs to no object.' }),
  alerts: z.array(
    z.strictObject({
      alert: z.string(),
      observedAt: Time,
      arrival: z
        .strictObject({
          topic: z.string(),
          partition: z.int(),
          offset: z.string().nullable().meta({ description: 'null without Kafka.' }),
          sentAt: Time,
          storedAt: Time,
          batch: z.string(),
        })
        .nullable()
        .meta({ description: 'null where it is not known how it came.' }),
      steps: z
        .array(
          z.strictObject({
            step: z.string(),
            objects: z.number(),
            ms: z.number(),
            failure: z.string().optional(),
          }),
        )
        .nullable()
        .meta({ description: 'What each step did for its batch; null where it is not kept.' }),
      filteredAt: Time.nullable().meta({ description: 'When all filters had run on it.' }),
      verdicts: z
        .array(VerdictSchema)
        .nullable()
        .meta({ description: 'Of your own filters and public ones; null where none are kept.' }),
      matches: z.array(MatchSchema),
    }),
  ),
  otherMatches: z.array(MatchSchema).meta({ description: 'Those that annotations caused.' }),
  annotationRuns: z
    .array(
      z.strictObject({
        annotators: z.array(z.string()),
        writtenAt: Time,
        filteredAt: Time.nullable(),
        verdicts: z.array(VerdictSchema),
      }),
    )
    .meta({ description: 'What filters said after annotations of the object.' }),
  stale: z.array(
    z.strictObject({
      step: z.string(),
      reason: z.string(),
      since: Time,
      dueAt: Time,
      tries: z.int(),
    }),
  ),
  next: z.number().nullable().meta({ description: 'Give it as `before` for earlier alerts.' }),
});

export const alertLedgerEndpoint = endpoint({
  path: '/ledger/{survey}/alerts/{alert}',
  operationId: 'getAlertLedger',
  summary: 'What became of an alert',
  description:
    'When it was observed and came, from where, what each step did, what filters said of it and why, what was sent where. With a token of the scope read also of your private filters.',
  parameters: z.strictObject({
    survey: Survey,
    alert: AlertNumber.meta({
      description: 'candid or diaSourceId.',
      example: '787316111015015003',
    }),
  }),
  query: z.strictObject({}),
  answerName: 'Ledger',
  answer: LedgerSchema,
  failures: [{ status: 404, description: 'There is no such alert.' }],
  async handle(services, { survey, alert }, _query, { res }) {
    const readerId = readerOf(res);
    const ledger = await ledgerOfAlert(services.context.db, survey, alert, readerId);
    return answer(ledger, await explainRefusals(services, verdictsOf(ledger), readerId));
  },
});

export const objectLedgerEndpoint = endpoint({
  path: '/ledger/{survey}/objects/{object}',
  operationId: 'getObjectLedger',
  summary: 'What became of the alerts of an object',
  description: 'Ten at a time, the newest first.',
  parameters: z.strictObject({
    survey: Survey,
    object: z.string().max(40).meta({ description: 'Its id.', example: 'ZTF18acruwxq' }),
  }),
  query: z.strictObject({
    before: z.coerce.number().positive().max(1e9).optional().meta({
      description: 'Only alerts observed before: JD (UTC) for ZTF, MJD (TAI) for Rubin.',
    }),
  }),
  answerName: 'Ledger',
  answer: LedgerSchema,
  failures: [{ status: 404, description: 'There is no such object.' }],
  async handle(services, { survey, object }, { before }, { res }) {
    const parsed = parseObjectId(object);
    if (parsed?.survey !== survey) throw new NotFoundError(`There is no such object. ${ID_HINT}`);
    const readerId = readerOf(res);
    const ledger = await ledgerOfObject(services.context.db, survey, parsed.id, readerId, before);
    return answer(ledger, await explainRefusals(services, verdictsOf(ledger), readerId));
  },
});

function answer(
  { survey, objectId, entries, otherMatches, runs, stale, next }: Ledger,
  refusals: ReadonlyMap<NamedVerdict, Refusal>,
): z.input<typeof LedgerSchema> {
  return {
    survey,
    object: objectId,
    alerts: entries.map(({ alert, arrival, batch, verdicts, hasVerdicts, matches }) => ({
      alert: alert.alertId,
      observedAt: new Date(alert.observedAtMs).toISOString(),
      arrival:
        arrival === undefined
          ? null
          : {
              topic: arrival.topic,
              partition: arrival.partition,
              offset: arrival.offset?.toString() ?? null,
              sentAt: arrival.sentAt.toISOString(),
              storedAt: arrival.storedAt.toISOString(),
              batch: arrival.batchId.toString(),
            },
      steps: batch?.steps ?? null,
      filteredAt: batch?.doneAt?.toISOString() ?? null,
      verdicts: hasVerdicts
        ? verdicts.map((verdict) => verdictShape(verdict, batch?.batchId, refusals))
        : null,
      matches: matches.map(matchShape),
    })),
    otherMatches: otherMatches.map(matchShape),
    annotationRuns: runs.map(({ batchId, topics, writtenAt, doneAt, verdicts }) => ({
      annotators: topics,
      writtenAt: writtenAt.toISOString(),
      filteredAt: doneAt?.toISOString() ?? null,
      verdicts: verdicts.map((verdict) => verdictShape(verdict, batchId, refusals)),
    })),
    stale: stale.map(({ step, reason, since, dueAt, tries }) => ({
      step,
      reason,
      since: since.toISOString(),
      dueAt: dueAt.toISOString(),
      tries,
    })),
    next: next ?? null,
  };
}

function verdictShape(
  verdict: NamedVerdict,
  batchId: bigint | undefined,
  refusals: ReadonlyMap<NamedVerdict, Refusal>,
): z.input<typeof VerdictSchema> {
  const { queryId, name, version, outcome, reason, at } = verdict;
  const { failed, open } = refusals.get(verdict) ?? NO_REFUSAL;
  return {
    filter: queryId,
    name,
    version,
    outcome,
    reason,
    at: at.toISOString(),
    batch: batchId?.toString() ?? null,
    failed: failed.map(({ text, held, values }) => ({
      condition: text,
      held: held ?? false,
      values,
    })),
    open,
  };
}

function matchShape({ match, name, deliveries }: NamedMatch): z.input<typeof MatchSchema> {
  return {
    id: matchId(match),
    filter: match.queryId,
    name,
    seq: Number(match.seq),
    kind: match.kind,
    alert: match.alertId,
    matchedAt: match.matchedAt.toISOString(),
    deliveries: deliveries.map(({ channel, outcome, deliveredAt, place }) => ({
      channel,
      outcome,
      at: deliveredAt.toISOString(),
      place,
    })),
  };
}
