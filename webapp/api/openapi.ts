import { z } from 'zod';

import { hasBody } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';

const PROBLEM_TYPE = 'application/problem+json';

export const ProblemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'Where this kind of failure is explained.' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable name of the failure, for programs.' }),
    detail: z.string().meta({ description: 'A sentence for people.' }),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ description: 'A failure (RFC 9457).' });

/** Codes that any endpoint can answer with. */
export const PROBLEM_CODES = [
  {
    status: 400,
    code: 'invalid_input',
    meaning: 'The request cannot be used; the detail says why.',
  },
  {
    status: 400,
    code: 'invalid_query',
    meaning: 'The query cannot run: the details say where in its text, and what would be right.',
  },
  { status: 401, code: 'unauthenticated', meaning: 'There is no token, or it is not valid.' },
  { status: 403, code: 'forbidden', meaning: 'The token or account may not do this.' },
  { status: 404, code: 'not_found', meaning: 'There is no such thing.' },
  {
    status: 504,
    code: 'query_timeout',
    meaning: 'The query ran longer than it may; the detail says what would be faster.',
  },
  {
    status: 429,
    code: 'rate_limited',
    meaning: 'Too many requests. Go on after the seconds in Retry-After.',
  },
  { status: 500, code: 'internal', meaning: 'A fault of ours; it has been logged.' },
  {
    status: 503,
    code: 'upstream_unavailable',
    meaning: 'The database does not answer. Try again after the seconds in Retry-After.',
  },
  {
    status: 503,
    code: 'busy',
    meaning: 'Too much is being worked on. Try again after the seconds in Retry-After.',
  },
  { status: 503, code: 'setup', meaning: 'The site is being set up or updated.' },
] as const;

type JsonSchema = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document of the endpoints.
 *
 * @param serverUrl - Address below which the endpoints' paths are.
 */
export function openapiDocument(endpoints: Endpoint[], serverUrl: string): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Glint',
      version: '1',
      description:
        'Alerts of sky surveys as objects with light curves. 64-bit ids are strings; values that are not known are null.',
      license: { name: 'BSD-3-Clause', identifier: 'BSD-3-Clause' },
    },
    servers: [{ url: serverUrl }],
    paths: pathsOf(endpoints),
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'The word Token, a blank, and an API token from your profile.',
        },
      },
      schemas: {
        Problem: jsonSchema(ProblemSchema),
        ...Object.fromEntries(endpoints.map((each) => [each.answerName, jsonSchema(each.answer)])),
      },
    },
  };
}

function pathsOf(endpoints: Endpoint[]): JsonSchema {
  const paths: Record<string, JsonSchema> = {};
  for (const each of endpoints) {
    paths[each.path] = { ...paths[each.path], [each.method ?? 'get']: operation(each) };
  }
  return paths;
}

function operation(each: Endpoint): JsonSchema {
  const isWithBody = hasBody(each);
  const failures = [
    { status: 400, description: 'The request cannot be used.' },
    ...each.failures,
    { status: 500, description: 'A fault of ours.' },
    { status: 503, description: 'The database does not answer.' },
  ];
  return {
    operationId: each.operationId,
    summary: each.summary,
    description: each.description,
    ...(each.scope === undefined ? {} : { security: [{ token: [] }] }),
    parameters: [
      ...parameters(each.parameters, 'path'),
      ...(isWithBody ? [] : parameters(each.query, 'query')),
    ],
    ...(isWithBody ? { requestBody: requestBody(each) } : {}),
    responses: {
      200: {
        description: each.summary,
        content: {
          ...otherForms(each),
          'application/json': { schema: { $ref: `#/components/schemas/${each.answerName}` } },
        },
      },
      ...Object.fromEntries(
        failures.map(({ status, description }) => [
          status,
          {
            description,
            content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
}

function requestBody(each: Endpoint): JsonSchema {
  const form = 'application/x-www-form-urlencoded';
  return {
    required: true,
    content: {
      'application/json': { schema: jsonSchema(each.query) },
      ...(each.form === undefined ? {} : { [form]: { schema: jsonSchema(each.form) } }),
      ...Object.fromEntries(
        (each.otherBodies ?? []).map(({ mediaType, description }) => [
          mediaType,
          { schema: { description } },
        ]),
      ),
    },
  };
}

function otherForms({ otherForms: forms = [] }: Endpoint): JsonSchema {
  return Object.fromEntries(
    forms.map(({ mediaType, description }) => [mediaType, { schema: { description } }]),
  );
}

/** What a zod object says of each of its members. */
export function parameters(schema: z.ZodObject, place: 'path' | 'query' | 'body'): JsonSchema[] {
  const { properties = {}, required = [] } = jsonSchema(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, example, ...type }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
    schema: type,
  }));
}

export function jsonSchema(schema: z.ZodType): JsonSchema {
  const whole: JsonSchema = z.toJSONSchema(schema, { io: 'input' });
  delete whole.$schema;
  return whole;
}
