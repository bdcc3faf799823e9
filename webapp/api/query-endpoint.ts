import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { RESULT_FORMATS, RESULT_FORMAT_NAMES } from '../../common/formats/result-formats.ts';
import { runQuery } from '../../common/queries/run-query.ts';
import { REQUESTS_PER_HOUR, countRequest } from '../../common/store/accounts/request-limits.ts';
import { requireScope } from '../accounts/account.ts';
import { askerOf } from '../query/run-for-page.ts';
import { openResult } from '../query-output/open-result.ts';
import { rowCapOf } from '../query-output/row-caps.ts';
import { ROW_LIMIT_HEADER, sendResult } from '../query-output/send-result.ts';
import type { Services } from '../services.ts';
import { ANSWERED, endpoint } from './endpoint.ts';
import type { Exchange } from './endpoint.ts';
import { MAX_PAGE_ROWS, QueryBody, QueryText, queryInput, sourceOf } from './query-input.ts';
import type { QueryInput } from './query-input.ts';
import { readCursor, writeCursor } from './query-cursor.ts';
import type { CursorQuery } from './query-cursor.ts';
import { withPlace } from './query-problem.ts';

const PAGE_ROWS = 1_000;

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const QueryAnswerSchema = z.strictObject({
  survey: z.enum(SURVEYS),
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        type: z.enum([
          'double',
          'float',
          'int',
          'id',
          'decimal',
          'bool',
          'text',
          'timestamp',
          'json',
          'null',
        ]),
        unit: z.string().nullable(),
        ucd: z.string().nullable(),
        description: z.string().nullable(),
      }),
    )
    .meta({
      description: 'What the schema says of each column; null for what the query works out.',
    }),
  rows: z.array(z.array(Cell)).meta({
    description:
      'Values in the order of the columns; 64-bit ids, and whole numbers beyond 2^53, are strings.',
  }),
  hasMore: z.boolean().meta({ description: 'Whether rows follow.' }),
  cursor: z.string().nullable().meta({
    description:
      'For the next page, with the same query; null behind the last row. It does not end.',
  }),
  isOrdered: z.boolean().meta({
    description:
      'Whether the query has an ORDER BY: without one, rows may come twice or be missed from page to page.',
  }),
  elapsedMs: z.number().meta({ description: 'Time that the query took [ms]' }),
});

const shared = {
  path: '/queries',
  summary: 'Rows of a SELECT',
  parameters: z.strictObject({}),
  answerName: 'QueryPage',
  answer: QueryAnswerSchema,
  scope: 'query' as const,
  otherForms: RESULT_FORMAT_NAMES.map((name) => ({
    mediaType: RESULT_FORMATS[name].mediaType.split(';')[0],
    description: `format=${name}: ${RESULT_FORMATS[name].description}`,
  })),
  failures: [
    { status: 401, description: 'There is no token, or it is not valid.' },
    { status: 403, description: 'The token has not the scope query.' },
    {
      status: 504,
      description: 'The query ran longer than it may; the detail says what to change.',
    },
    {
      status: 429,
      description: 'Too many requests within an hour; Retry-After says when to go on.',
    },
  ],
};

const DESCRIPTION = `Runs a SELECT in the language of the query page and answers with a page of its rows and what the schema says of the columns, or with format= as a file that is streamed: whole or, where something fails on the way, broken off with a reset of the connection. Rows at once: 10,000, for power users 1,000,000; the header ${ROW_LIMIT_HEADER} of a file says how many it may have. Requests in any hour: 1,000, for power users 100,000. A refused query is a problem with code invalid_query, whose details have the place: part, line, column, length, excerpt, and advice.`;

export const getQueryEndpoint = endpoint({
  ...shared,
  method: 'get',
  operationId: 'getQuery',
  description: `${DESCRIPTION} A number for a field :name of the query is given as f.name=14.`,
  query: QueryText,
  handle: (services, _parameters, query, exchange) =>
    answerQuery(services, queryInput(query), exchange),
});

export const postQueryEndpoint = endpoint({
  ...shared,
  method: 'post',
  operationId: 'postQuery',
  description:
    'The same with the query in the body, as JSON or as a form: for long ones. A form has fields of the query as f.name=14.',
  query: QueryBody,
  form: QueryText,
  handle: (services, _parameters, query, exchange) =>
    answerQuery(services, queryInput(query), exchange),
});

/**
 * A page or a file of a query's rows.
 *
 * @throws whatever running it throws; a QueryError with its place in the details.
 */
export async function answerQuery(
  services: Services,
  input: QueryInput,
  exchange: Exchange,
): Promise<z.input<typeof QueryAnswerSchema> | typeof ANSWERED> {
  const { db, now } = services.context;
  const account = requireScope(exchange.res, 'query');
  await countRequest(db, account.userId, REQUESTS_PER_HOUR[account.role], now());
  const source = sourceOf(input);
  if (source === undefined) {
    throw new InvalidInputError('sql: give either sql, or selected and tables');
  }
  const query = { survey: input.survey, source, fields: input.fields };
  const offset = input.cursor === undefined ? 0 : readCursor(query, input.cursor);
  const most = rowCapOf(account);
  try {
    if (input.format === undefined) {
      const limit = limitOf(input.limit ?? PAGE_ROWS, Math.min(most, MAX_PAGE_ROWS));
      return await answerPage(services, exchange, query, { limit, offset });
    }
    const limit = limitOf(input.limit ?? most, most);
    const timeoutMs = services.context.config.sandboxApiTimeoutMs;
    const request = { ...query, limit, offset, timeoutMs };
    const result = await openResult(services, askerOf(exchange.req, exchange.res), 'api', request);
    await sendResult(exchange.res, result, RESULT_FORMATS[input.format], limit);
    return ANSWERED;
  } catch (err) {
    throw withPlace(err, source);
  }
}

function limitOf(asked: number, most: number): number {
  if (asked <= most) return asked;
  throw new InvalidInputError(`limit: at most ${most} rows may be had at once here`);
}

async function answerPage(
  services: Services,
  { req, res }: Exchange,
  query: CursorQuery,
  { limit, offset }: { limit: number; offset: number },
): Promise<z.input<typeof QueryAnswerSchema>> {
  const { reader, holder, signal } = askerOf(req, res);
  const { db, now, config } = services.context;
  const answer = await runQuery(
    { db, sandbox: services.sandbox, now },
    { ...query, reader, holder, signal, limit, offset, timeoutMs: config.sandboxApiTimeoutMs },
  );
  const { rows, hasMore, isOrdered, elapsedMs } = answer;
  return {
    survey: query.survey,
    columns: answer.columns.map(({ name, type, unit, ucd, description }) => ({
      name,
      type,
      unit: unit ?? null,
      ucd: ucd ?? null,
      description: description ?? null,
    })),
    rows,
    hasMore,
    cursor: hasMore ? writeCursor(query, offset + rows.length) : null,
    isOrdered,
    elapsedMs,
  };
}
