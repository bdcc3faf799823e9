import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { RESULT_FORMATS, RESULT_FORMAT_NAMES } from '../../common/formats/result-formats.ts';
import { readFieldValues } from '../../common/queries/query-fields.ts';
import { QueryContentSchema } from '../../common/queries/saved-query-content.ts';
import {
  PUBLIC,
  SYSTEM,
  listQueries,
  selectReadableQuery,
} from '../../common/store/saved-queries.ts';
import type { ListedQuery, SavedQuery } from '../../common/store/saved-queries.ts';
import { requireScope } from '../accounts/account.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { LEVEL_NAMES, ownerName } from '../saved-queries/query-list.ts';
import { endpoint } from './endpoint.ts';
import { numberInPath, pageFields } from './page-fields.ts';
import { QueryAnswerSchema, answerQuery } from './query-endpoint.ts';

const Head = {
  id: z.int().meta({ description: 'Number of the query.' }),
  name: z.string(),
  description: z.string(),
  survey: z.enum(SURVEYS),
  level: z.enum(['private', 'public', 'system']).meta({
    description: 'Who may see it: its owner, everybody, everybody and on the streams page.',
  }),
  owner: z.string().meta({ description: 'Login name of the owner; Glint for what comes with it.' }),
  version: z.int().meta({ description: 'Number of the newest version.' }),
  createdAt: z.string().meta({ description: 'When it was made, ISO 8601, UTC.' }),
  updatedAt: z.string().meta({ description: 'When it was changed last, ISO 8601, UTC.' }),
};
const ListSchema = z.strictObject({
  queries: z.array(
    z.strictObject({
      ...Head,
      firstLine: z.string().meta({ description: 'The first line of its text.' }),
    }),
  ),
  hasMore: z.boolean().meta({ description: 'Whether others follow: raise offset.' }),
});
const WholeSchema = z.strictObject({
  ...Head,
  source: z
    .union([
      z.strictObject({ kind: z.literal('statement'), text: z.string() }),
      z.strictObject({
        kind: z.literal('boxes'),
        selected: z.string(),
        tables: z.string(),
        conditions: z.string(),
      }),
    ])
    .meta({ description: 'The query itself: a SELECT, or what follows SELECT, FROM and WHERE.' }),
  fields: QueryContentSchema.shape.fields.meta({
    description: 'Numbers that are given when it runs: :name in the text.',
  }),
});

const IdParameter = z.strictObject({
  id: numberInPath('Number of the query.'),
});
const MISSING = { status: 404, description: 'There is no such query that you may see.' };

export const savedQueriesEndpoint = endpoint({
  path: '/saved-queries',
  operationId: 'listSavedQueries',
  summary: 'Queries that people keep',
  description:
    'Public ones, those of the streams page, and with a token of the scope read your own; the last changed first.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    show: z.enum(['mine', 'public', 'system']).optional().meta({
      description: 'Only these; all that you may see if not given.',
    }),
    find: z.string().max(100).default('').meta({
      description: 'Text in the name, the description or the owner’s name.',
    }),
    ...pageFields('Queries'),
  }),
  answerName: 'SavedQueries',
  answer: ListSchema,
  failures: [{ status: 401, description: 'show=mine without a token.' }],
  async handle({ context }, _parameters, { show, find, limit, offset }, { res }) {
    const ownerId = show === 'mine' ? requireScope(res, 'read').userId : readerOf(res);
    const found = await listQueries(context.db, {
      ...(show === undefined || show === 'mine' ? { ownerId } : {}),
      levels: { mine: [], public: [PUBLIC], system: [SYSTEM], all: [PUBLIC, SYSTEM] }[
        show ?? 'all'
      ],
      find,
      limit: limit + 1,
      offset,
    });
    const queries = found.slice(0, limit);
    return {
      queries: queries.map((query) => ({ ...headOf(query), firstLine: query.firstLine })),
      hasMore: found.length > limit,
    };
  },
});

export const savedQueryEndpoint = endpoint({
  path: '/saved-queries/{id}',
  operationId: 'getSavedQuery',
  summary: 'A query that somebody keeps',
  description: 'Its newest version. Private ones need a token of their owner, of the scope read.',
  parameters: IdParameter,
  query: z.strictObject({}),
  answerName: 'SavedQuery',
  answer: WholeSchema,
  failures: [MISSING],
  async handle({ context }, { id }, _query, { res }) {
    const query = await selectReadableQuery(context.db, id, readerOf(res));
    return { ...headOf(query), source: query.source, fields: query.fields };
  },
});

export const runSavedQueryEndpoint = endpoint({
  path: '/saved-queries/{id}/run',
  operationId: 'runSavedQuery',
  summary: 'Rows of a query that somebody keeps',
  description:
    'Runs the newest version, as /queries does. A number for a field :days of the query is given as f.days=14; otherwise it is the default that the query has.',
  parameters: IdParameter,
  query: z.looseObject({
    limit: z.coerce.number().int().min(1).optional().meta({ description: 'As of /queries.' }),
    cursor: z.string().max(200).optional().meta({ description: 'As of /queries.' }),
    format: z.enum(RESULT_FORMAT_NAMES).optional().meta({ description: 'As of /queries.' }),
  }),
  answerName: 'QueryPage',
  answer: QueryAnswerSchema,
  scope: 'query',
  otherForms: RESULT_FORMAT_NAMES.map((name) => ({
    mediaType: RESULT_FORMATS[name].mediaType.split(';')[0],
    description: `format=${name}: ${RESULT_FORMATS[name].description}`,
  })),
  failures: [MISSING, { status: 504, description: 'The query ran longer than it may.' }],
  async handle(services, { id }, { limit, cursor, format, ...rest }, exchange) {
    requireScope(exchange.res, 'query');
    const saved = await selectReadableQuery(services.context.db, id, readerOf(exchange.res));
    const fields = readFieldValues(saved.fields, rest);
    const { source, survey } = saved;
    const texts =
      source.kind === 'statement'
        ? { sql: source.text }
        : { selected: source.selected, tables: source.tables, conditions: source.conditions };
    return answerQuery(services, { survey, ...texts, fields, limit, cursor, format }, exchange);
  },
});

function headOf(query: ListedQuery | SavedQuery) {
  return {
    id: query.queryId,
    name: query.name,
    description: query.description,
    survey: query.survey,
    level: LEVEL_NAMES[query.level],
    owner: ownerName(query),
    version: query.version,
    createdAt: query.createdAt.toISOString(),
    updatedAt: query.updatedAt.toISOString(),
  };
}
