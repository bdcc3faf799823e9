import { z } from 'zod';

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
  { status: 404, code: 'not_found', meaning: 'There is no such thing.' },
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
    paths: Object.fromEntries(endpoints.map((each) => [each.path, { get: operation(each) }])),
    components: {
      schemas: {
        Problem: jsonSchema(ProblemSchema),
        ...Object.fromEntries(endpoints.map((each) => [each.answerName, jsonSchema(each.answer)])),
      },
    },
  };
}

function operation(each: Endpoint): JsonSchema {
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
    parameters: [...parameters(each.parameters, 'path'), ...parameters(each.query, 'query')],
    responses: {
      200: {
        description: each.summary,
        content: {
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

/** What a zod object says of each of its members. */
export function parameters(schema: z.ZodObject, place: 'path' | 'query'): JsonSchema[] {
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
