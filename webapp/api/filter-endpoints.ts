import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { nightOfDate } from '../../common/astro/time.ts';
import { InvalidInputError, NotFoundError } from '../../common/errors.ts';
import { QueryContentSchema } from '../../common/queries/saved-query-content.ts';
import { listFilters } from '../../common/store/filter-report.ts';
import { deleteFilter, selectOptionalFilter } from '../../common/store/filters.ts';
import { insertQuery } from '../../common/store/save-query.ts';
import { selectReadableQuery } from '../../common/store/saved-queries.ts';
import type { Actor } from '../../common/store/saved-queries.ts';
import { openContent } from '../../common/filters/open-filter.ts';
import { requireScope } from '../accounts/account.ts';
import {
  keepOn,
  keepSettings,
  queryServices,
  selectOwnQuery,
  switchOff,
  switchOn,
} from '../filters/filter-actions.ts';
import { FilterSettingsSchema, checkSettings } from '../filters/filter-settings.ts';
import type { FilterSettingsInput } from '../filters/filter-settings.ts';
import { parseInput } from '../parse-input.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';
import { endpoint } from './endpoint.ts';
import {
  FILTER_MISSING,
  FilterIdParameter,
  FilterSchema,
  ListedFilterSchema,
  NOT_YOURS,
  listedFilter,
  wholeFilter,
} from './filter-shapes.ts';
import { pageFields } from './page-fields.ts';
import { withPlace } from './query-problem.ts';

export const filtersEndpoint = endpoint({
  path: '/filters',
  operationId: 'listFilters',
  summary: 'Filters on the stream',
  description:
    'Public ones that are on; with show=mine and a token of the scope read your own, in whatever state.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    show: z.enum(['mine', 'public']).default('public').meta({ description: 'Whose.' }),
    ...pageFields('Filters'),
  }),
  answerName: 'Filters',
  answer: z.strictObject({ filters: z.array(ListedFilterSchema), hasMore: z.boolean() }),
  failures: [{ status: 401, description: 'show=mine without a token.' }],
  async handle({ context }, _parameters, { show, limit, offset }, { res }) {
    const readerId = show === 'mine' ? requireScope(res, 'read').userId : readerOf(res);
    const found = await listFilters(context.db, {
      whose: show,
      // Public ones are listed to programs whoever owns them.
      readerId: show === 'mine' ? readerId : undefined,
      nid: nightOfDate(context.now()),
      limit: limit + 1,
      offset,
    });
    return {
      filters: found.slice(0, limit).map((filter) => listedFilter(filter, readerId)),
      hasMore: found.length > limit,
    };
  },
});

export const createFilterEndpoint = endpoint({
  path: '/filters',
  method: 'post',
  operationId: 'createFilter',
  summary: 'Makes a filter',
  description:
    'Of a query that you keep, by its number; or of a new one, which is kept under its name. The filter is off: try it with dry-run, then switch it on.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    query: z.int().positive().optional().meta({ description: 'Number of a saved query of yours.' }),
    name: z.string().optional().meta({ description: 'Of the new query.' }),
    description: z.string().default(''),
    survey: z.enum(SURVEYS).default('ztf'),
    sql: z.string().optional().meta({ description: 'The new query itself.' }),
    settings: FilterSettingsSchema.prefault({}),
  }),
  answerName: 'Filter',
  answer: FilterSchema,
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle(services, _parameters, { query, settings, ...content }, { res }) {
    const { db } = services.context;
    const actor = requireScope(res, 'write');
    const queryId = query ?? (await keepNewQuery(services, actor, content, settings));
    const saved = await selectOwnQuery(db, queryId, actor);
    await keepSettings(services, saved, settings);
    return answer(services, queryId, actor);
  },
});

export const filterEndpoint = endpoint({
  path: '/filters/{id}',
  operationId: 'getFilter',
  summary: 'A filter',
  description:
    'Private ones, and how a filter is set, need a token of its owner, of the scope read.',
  parameters: FilterIdParameter,
  query: z.strictObject({}),
  answerName: 'Filter',
  answer: FilterSchema,
  failures: [FILTER_MISSING],
  async handle(services, { id }, _query, { res }) {
    const query = await selectReadableQuery(services.context.db, id, readerOf(res));
    const filter = await selectOptionalFilter(services.context.db, id);
    if (filter === undefined) throw new NotFoundError(`Query ${id} is not run on the stream.`);
    return wholeFilter(services, query, filter, readerOf(res));
  },
});

export const changeFilterEndpoint = endpoint({
  path: '/filters/{id}',
  method: 'patch',
  operationId: 'changeFilter',
  summary: 'Changes a filter',
  description:
    'Its settings as a whole, or switches it: on runs the newest version of the query and needs a dry run of it; keep leaves it on for another period. The query itself is changed on its own page.',
  parameters: FilterIdParameter,
  query: z.strictObject({
    settings: FilterSettingsSchema.optional(),
    state: z.enum(['on', 'off', 'keep']).optional(),
  }),
  answerName: 'Filter',
  answer: FilterSchema,
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle(services, { id }, { settings, state }, { res }) {
    const actor = requireScope(res, 'write');
    const query = await selectOwnQuery(services.context.db, id, actor);
    if (settings !== undefined) await keepSettings(services, query, settings);
    if (state === 'on') await switchOn(services, query);
    else if (state === 'off') await switchOff(services, id);
    else if (state === 'keep') await keepOn(services, id);
    return answer(services, id, actor);
  },
});

export const deleteFilterEndpoint = endpoint({
  path: '/filters/{id}',
  method: 'delete',
  operationId: 'deleteFilter',
  summary: 'Ends a filter',
  description: 'With all that it matched. The saved query stays.',
  parameters: FilterIdParameter,
  query: z.strictObject({}),
  answerName: 'FilterEnded',
  answer: z.strictObject({ id: z.int() }),
  scope: 'write',
  failures: [NOT_YOURS, FILTER_MISSING],
  async handle({ context }, { id }, _query, { res }) {
    const query = await selectOwnQuery(context.db, id, requireScope(res, 'write'));
    if ((await selectOptionalFilter(context.db, id)) === undefined) {
      throw new NotFoundError(`Query ${id} is not run on the stream.`);
    }
    await context.db.transaction((tx) => deleteFilter(tx, query.queryId));
    return { id };
  },
});

async function answer(services: Services, queryId: number, { userId }: Actor) {
  const { db } = services.context;
  const query = await selectReadableQuery(db, queryId, userId);
  const filter = await selectOptionalFilter(db, queryId);
  if (filter === undefined) throw new NotFoundError(`Query ${queryId} is not run on the stream.`);
  return wholeFilter(services, query, filter, userId);
}

/** Keeps the query of a new filter; nothing where it cannot be one. @returns Its number. */
async function keepNewQuery(
  services: Services,
  { userId }: Actor,
  given: { name?: string; sql?: string; survey: Survey; description: string },
  settings: FilterSettingsInput,
): Promise<number> {
  const { db, now } = services.context;
  const { name, sql, survey, description } = given;
  if (name === undefined || sql === undefined) {
    throw new InvalidInputError('Give the number of a saved query, or a name and its sql.');
  }
  const source = { kind: 'statement' as const, text: sql };
  const content = parseInput(QueryContentSchema, { name, description, survey, source, fields: [] });
  try {
    checkSettings(settings, await openContent(queryServices(services), content, userId));
  } catch (err) {
    throw withPlace(err, source);
  }
  return db.transaction((tx) => insertQuery(tx, userId, content, now()));
}
