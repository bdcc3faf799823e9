import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { CHANNELS } from '../../common/filters/filter.ts';
import { dryRunRefusal } from '../../common/filters/dry-run.ts';
import { selectOutputs } from '../../common/store/filter-outputs.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import type { Backfill } from '../../common/store/backfills.ts';
import type { ListedFilter } from '../../common/store/filter-report.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { dateOf } from '../figures/filter-nights.ts';
import { FilterSettingsSchema, settingsInput } from '../filters/filter-settings.ts';
import { lastDryRun } from '../filters/filter-actions.ts';
import { LEVEL_NAMES, ownerName } from '../saved-queries/query-list.ts';
import type { Services } from '../services.ts';
import { numberInPath } from './page-fields.ts';

const State = z.enum(['on', 'paused', 'off']).meta({
  description: 'on; paused by the broker, for a reason; off by its owner.',
});

/** A value that a condition goes by. */
export const NamedValueSchema = z.strictObject({
  name: z.string(),
  unit: z.string().optional(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});

export const FilterIdParameter = z.strictObject({
  id: numberInPath('Number of the filter, and of the saved query that it runs.'),
});
export const FILTER_MISSING = {
  status: 404,
  description: 'There is no such filter that you may see.',
};
export const NOT_YOURS = {
  status: 403,
  description: 'It is another’s, or the token lacks the scope.',
};

const Head = {
  id: z.int().meta({ description: 'Number of the filter, and of the saved query that it runs.' }),
  name: z.string(),
  survey: z.enum(SURVEYS),
  level: z.enum(['private', 'public', 'system']),
  owner: z.string().meta({ description: 'Login name of the owner.' }),
  version: z.int().meta({ description: 'Version of the saved query that runs.' }),
  state: State,
  stateReason: z.string().meta({ description: 'Why it is paused.' }),
};

export const ListedFilterSchema = z.strictObject({
  ...Head,
  matchesTonight: z.int(),
  matchesLastNight: z.int(),
  lastMatchAt: z.string().nullable().meta({ description: 'ISO 8601, UTC.' }),
});

export const FilterSchema = z.strictObject({
  ...Head,
  stateSince: z.string().meta({ description: 'Since when it is so, ISO 8601, UTC.' }),
  expiresAt: z.string().nullable().meta({ description: 'When it is switched off by itself.' }),
  matches: z.int().meta({ description: 'Matches that it has had altogether.' }),
  settings: FilterSettingsSchema.nullable().meta({
    description: 'How it runs and where it sends; null for what is another’s.',
  }),
  outputs: z
    .array(
      z.strictObject({
        channel: z.enum(CHANNELS),
        isActive: z.boolean(),
        sent: z.int(),
        waiting: z.int().meta({ description: 'Matches that are not sent yet.' }),
        lastSentAt: z.string().nullable(),
        problem: z.string().meta({ description: 'What went wrong last; empty where nothing did.' }),
      }),
    )
    .nullable()
    .meta({ description: 'How far each output got; null for what is another’s.' }),
  dryRun: z
    .strictObject({ share: z.number(), alerts: z.int(), refusal: z.string().nullable() })
    .nullable()
    .meta({ description: 'What the last dry run of the newest version found, in short.' }),
});

export const BackfillSchema = z.strictObject({
  id: z.int(),
  version: z.int(),
  from: z.string().meta({ description: 'First night.' }),
  to: z.string().meta({ description: 'Last night.' }),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'ended']),
  objects: z.int().meta({ description: 'Objects asked about so far.' }),
  matches: z.int().meta({ description: 'Matches that were new.' }),
  problem: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});

export function listedFilter(filter: ListedFilter, readerId: number | undefined) {
  return {
    id: filter.queryId,
    name: filter.name,
    survey: filter.survey,
    level: LEVEL_NAMES[filter.level],
    owner: ownerName(filter),
    version: filter.version,
    state: filter.state,
    stateReason: filter.userId === readerId ? filter.stateReason : '',
    matchesTonight: filter.matchesTonight,
    matchesLastNight: filter.matchesLastNight,
    lastMatchAt: filter.lastMatchAt?.toISOString() ?? null,
  };
}

/** A filter as its owner gets it, or anybody where it is public. */
export async function wholeFilter(
  { context }: Services,
  query: SavedQuery,
  filter: StoredFilter,
  readerId: number | undefined,
): Promise<z.input<typeof FilterSchema>> {
  const { db, config } = context;
  const isOwner = query.userId === readerId;
  const outputs = isOwner ? await selectOutputs(db, query.queryId) : [];
  const found = isOwner ? lastDryRun(filter, query.version) : undefined;
  return {
    id: query.queryId,
    name: query.name,
    survey: query.survey,
    level: LEVEL_NAMES[query.level],
    owner: ownerName(query),
    version: filter.version,
    state: filter.state,
    stateReason: isOwner ? filter.stateReason : '',
    stateSince: filter.stateSince.toISOString(),
    expiresAt: filter.expiresAt?.toISOString() ?? null,
    matches: Number(filter.nextSeq - 1n),
    settings: isOwner ? settingsInput(filter, outputs) : null,
    outputs: isOwner
      ? outputs.map((output) => ({
          channel: output.channel,
          isActive: output.isActive,
          sent: output.sent,
          waiting: output.isActive ? Number(filter.nextSeq - output.nextSeq) : 0,
          lastSentAt: output.lastSentAt?.toISOString() ?? null,
          problem: output.problem,
        }))
      : null,
    dryRun:
      found === undefined
        ? null
        : {
            share: found.share,
            alerts: found.alerts,
            refusal: dryRunRefusal(found, config.filterMaxShare) ?? null,
          },
  };
}

export function backfillShape(backfill: Backfill): z.input<typeof BackfillSchema> {
  return {
    id: Number(backfill.backfillId),
    version: backfill.version,
    from: dateOf(backfill.nights.first),
    to: dateOf(backfill.nights.last),
    state: backfill.state,
    objects: backfill.objects,
    matches: backfill.passed,
    problem: backfill.problem,
    createdAt: backfill.createdAt.toISOString(),
    endedAt: backfill.endedAt?.toISOString() ?? null,
  };
}
