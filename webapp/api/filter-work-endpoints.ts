import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { DryRunSchema } from '../../common/filters/dry-run.ts';
import { OUTCOMES } from '../../common/filters/verdicts.ts';
import { endBackfill, selectBackfill, selectBackfills } from '../../common/store/backfills.ts';
import { selectOptionalFilter } from '../../common/store/filters.ts';
import { selectReadableQuery } from '../../common/store/saved-queries.ts';
import { requireScope } from '../accounts/account.ts';
import { BackfillInput, askForBackfill } from '../filters/backfill-form.ts';
import { MOST_DRY_RUN_NIGHTS, selectOwnQuery, tryOut } from '../filters/filter-actions.ts';
import { testWebhook } from '../filters/try-delivery.ts';
import type { FilterRun } from '../filters/filter-runs.ts';
import { explainObject, readObjectId } from '../filters/why.ts';
import { askerOf } from '../query/run-for-page.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { endpoint } from './endpoint.ts';
import {
  BackfillSchema,
  FILTER_MISSING,
  FilterIdParameter,
  NOT_YOURS,
  NamedValueSchema,
  backfillShape,
} from './filter-shapes.ts';

const MAX_BACKFILLS = 100;
const Held = z.strictObject({
  held: z
    .boolean()
    .nullable()
    .optional()
    .meta({ description: 'null: a comparison with NULL; not there: cannot be said.' }),
  values: z.array(NamedValueSchema),
});
const RunSchema = z.strictObject({
  run: z.string().meta({ description: 'Give it as `run` to be told of it.' }),
  at: z.string().meta({ description: 'When the filter ran, ISO 8601, UTC.' }),
  cause: z.enum(['alert', 'annotation']).meta({ description: 'What was new.' }),
  alerts: z.array(z.string()).meta({ description: 'Alerts of the object that it ran on.' }),
  annotators: z.array(z.string()).meta({ description: 'Annotators that had written.' }),
  version: z.int(),
  outcome: z.enum(OUTCOMES),
  reason: z.string().meta({ description: 'Why it failed; of your own filters only.' }),
});

export const dryRunEndpoint = endpoint({
  path: '/filters/{id}/dry-run',
  method: 'post',
  operationId: 'dryRunFilter',
  summary: 'Tries a filter on past nights',
  description:
    'The newest version, on the alerts of the last nights; takes up to 20 s and sends nothing. It is needed before the filter is switched on.',
  parameters: FilterIdParameter,
  query: z.strictObject({
    nights: z.coerce
      .number()
      .int()
      .min(1)
      .max(MOST_DRY_RUN_NIGHTS)
      .default(7)
      .meta({
        description: `How many nights back, ${MOST_DRY_RUN_NIGHTS} at most.`,
      }),
  }),
  answerName: 'DryRun',
  answer: DryRunSchema,
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle(services, { id }, { nights }, { req, res }) {
    const query = await selectOwnQuery(services.context.db, id, requireScope(res, 'write'));
    await countedEditorOf(res, services.context);
    return tryOut(services, query, nights, askerOf(req, res).signal);
  },
});

export const testWebhookEndpoint = endpoint({
  path: '/filters/{id}/test',
  method: 'post',
  operationId: 'testFilterWebhook',
  summary: 'Sends a test to the webhook of a filter',
  description:
    'A made-up match whose id begins with test/. What the receiver answers is told, right or wrong; after ten tests in an hour the next ones have to wait.',
  parameters: FilterIdParameter,
  query: z.strictObject({}),
  answerName: 'WebhookTest',
  answer: z.strictObject({
    taken: z.boolean().meta({ description: 'Whether the receiver answered 2xx.' }),
    status: z.int().nullable().meta({ description: 'Its answer; null where there was none.' }),
    detail: z.string(),
  }),
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle(services, { id }, _query, { res }) {
    const query = await selectOwnQuery(services.context.db, id, requireScope(res, 'write'));
    const { isTaken, status, words } = await testWebhook(services, query);
    return { taken: isTaken, status: status ?? null, detail: words };
  },
});

export const whyEndpoint = endpoint({
  path: '/filters/{id}/why',
  operationId: 'explainFilter',
  summary: 'Why an object passes a filter, or does not',
  description:
    'Each condition with its values and whether it holds now, and held when the filter ran on an alert or annotation of the object: the last time, or in the run that is chosen. Of then, only values of the object’s own columns are kept.',
  parameters: FilterIdParameter,
  query: z.strictObject({
    object: z.string().max(40).meta({
      description: 'objectId or diaObjectId.',
      example: 'ZTF18acruwxq',
    }),
    run: z
      .string()
      .regex(/^[1-9]\d{0,17}$/, { error: 'must be the number of a run' })
      .optional()
      .meta({ description: 'One of `runs`, or of the ledger; the last one if not given.' }),
  }),
  answerName: 'Why',
  answer: z.strictObject({
    object: z.string(),
    passesNow: z.boolean(),
    version: z.int(),
    conditions: z.array(
      z.strictObject({
        text: z.string(),
        kind: z.enum(['condition', 'join']),
        depth: z.int().meta({ description: '0: must hold; parts of an OR stand beneath it.' }),
        now: Held,
        then: Held.nullable(),
      }),
    ),
    ran: RunSchema.nullable().meta({
      description: 'The run that `then` is about; null where none is known.',
    }),
    earlier: z
      .strictObject({
        version: z.int(),
        conditions: z.array(
          z.strictObject({
            text: z.string(),
            kind: z.enum(['condition', 'join']),
            depth: z.int(),
            then: Held,
          }),
        ),
      })
      .nullable()
      .meta({ description: 'Where another version ran then: its conditions; `then` is null.' }),
    runs: z.array(RunSchema).meta({ description: 'Runs on the object, the newest first.' }),
  }),
  failures: [FILTER_MISSING],
  async handle(services, { id }, { object, run }, { req, res }) {
    const { db } = services.context;
    const query = await selectReadableQuery(db, id, readerOf(res));
    const filter = await selectOptionalFilter(db, id);
    if (filter === undefined) throw new NotFoundError(`Query ${id} is not run on the stream.`);
    const version = filter.state === 'off' ? query.version : filter.version;
    const objectId = readObjectId(query.survey, object);
    const { holder, signal } = askerOf(req, res);
    const why = await explainObject(services, { ...query, version }, objectId, {
      readerId: readerOf(res),
      run: run === undefined ? undefined : BigInt(run),
      holder,
      signal,
    });
    const { ran, earlier, runs } = why;
    return {
      object: objectId,
      passesNow: why.passesNow,
      version,
      conditions: why.conditions.map(({ text, kind, depth, now, then }) => ({
        text,
        kind,
        depth,
        now,
        then: then ?? null,
      })),
      ran: ran === undefined ? null : runShape(ran),
      earlier:
        earlier === undefined
          ? null
          : {
              version: earlier.version,
              conditions: earlier.conditions.map(({ text, kind, depth, held, values }) => ({
                text,
                kind,
                depth,
                then: { held, values },
              })),
            },
      runs: runs.map(runShape),
    };
  },
});

function runShape(run: FilterRun): z.input<typeof RunSchema> {
  return {
    run: run.batchId.toString(),
    at: run.at.toISOString(),
    cause: run.cause,
    alerts: run.alertIds,
    annotators: run.topics,
    version: run.version,
    outcome: run.outcome,
    reason: run.reason,
  };
}

export const backfillsEndpoint = endpoint({
  path: '/filters/{id}/backfills',
  operationId: 'listBackfills',
  summary: 'Runs of a filter over past nights',
  description: 'The newest first, with how far they got.',
  parameters: FilterIdParameter,
  query: z.strictObject({}),
  answerName: 'Backfills',
  answer: z.strictObject({ backfills: z.array(BackfillSchema) }),
  scope: 'read',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle({ context }, { id }, _query, { res }) {
    await selectOwnQuery(context.db, id, requireScope(res, 'read'));
    const found = await selectBackfills(context.db, id, MAX_BACKFILLS);
    return { backfills: found.map(backfillShape) };
  },
});

export const createBackfillEndpoint = endpoint({
  path: '/filters/{id}/backfills',
  method: 'post',
  operationId: 'createBackfill',
  summary: 'Runs a filter over past nights',
  description:
    'What passes goes where the filter sends, marked as of a past night; what was told already is not told again. It begins within a minute.',
  parameters: FilterIdParameter,
  query: z.strictObject(BackfillInput.shape),
  answerName: 'Backfill',
  answer: BackfillSchema,
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle(services, { id }, nights, { res }) {
    const { db } = services.context;
    await selectOwnQuery(db, id, requireScope(res, 'write'));
    await countedEditorOf(res, services.context);
    const backfillId = await askForBackfill(services, id, nights);
    return backfillShape(await selectBackfill(db, id, backfillId));
  },
});

export const endBackfillEndpoint = endpoint({
  path: '/filters/{id}/backfills/{backfill}',
  method: 'delete',
  operationId: 'endBackfill',
  summary: 'Ends a run over past nights',
  description: 'What it matched stays.',
  parameters: FilterIdParameter.extend({
    backfill: z.coerce.number().int().positive().meta({
      description: 'Number of the run.',
      example: '1',
    }),
  }),
  query: z.strictObject({}),
  answerName: 'Backfill',
  answer: BackfillSchema,
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle({ context }, { id, backfill }, _query, { res }) {
    const { db, now } = context;
    await selectOwnQuery(db, id, requireScope(res, 'write'));
    const { backfillId } = await selectBackfill(db, id, BigInt(backfill));
    await endBackfill(db, backfillId, { state: 'ended', now: now() });
    return backfillShape(await selectBackfill(db, id, backfillId));
  },
});
