import { Router } from 'express';
import type { RequestHandler } from 'express';

import { NotFoundError } from '../../common/errors.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { ENDPOINTS } from '../api/endpoints.ts';
import { PROBLEM_CODES, jsonSchema, openapiDocument, parameters } from '../api/openapi.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';

const BASE = '/api/v1';

export function apiRoutes(services: Services): Router {
  const router = Router();
  const document = openapiDocument(ENDPOINTS, BASE);

  // Answers are public and read-only: a notebook page elsewhere may fetch them.
  router.use('/api/', (_req, res, next) => {
    res.set('Access-Control-Allow-Origin', '*');
    res.set('Cross-Origin-Resource-Policy', 'cross-origin');
    next();
  });
  router.get(`${BASE}/openapi.json`, (_req, res) => {
    res.json(document);
  });
  for (const each of ENDPOINTS) {
    router.get(`${BASE}${each.path.replace(/\{(\w+)\}/g, ':$1')}`, handler(services, each));
  }
  router.get('/api/', (_req, res) => {
    res.render('api', {
      title: 'API',
      isApi: true,
      base: BASE,
      endpoints: ENDPOINTS.map(documented),
      problems: PROBLEM_CODES,
    });
  });
  router.use('/api/', (req) => {
    throw new NotFoundError(
      `There is no endpoint ${(req.baseUrl + req.path).slice(0, 100)}; /api lists them.`,
    );
  });
  return router;
}

function handler(services: Services, each: Endpoint): RequestHandler {
  return async (req, res) => {
    const path = parseInput(each.parameters, req.params);
    const query = parseInput(each.query, req.query);
    res.json(await each.handle(services, path, query));
  };
}

interface Member {
  name: string;
  type: string;
  description: string;
}

/** What the documentation page shows of an endpoint. */
function documented(each: Endpoint) {
  const all = [...parameters(each.parameters, 'path'), ...parameters(each.query, 'query')];
  return {
    path: each.path,
    operationId: each.operationId,
    summary: each.summary,
    description: each.description,
    answerName: each.answerName,
    parameters: all.map((parameter) => ({
      ...parameter,
      type: typeName(parameter.schema as Record<string, unknown>),
    })),
    hasParameters: all.length > 0,
    example: `${BASE}${each.path.replace(/\{(\w+)\}/g, (_, name: string) => exampleOf(all, name))}${queryExample(all)}`,
    members: membersOf(jsonSchema(each.answer)),
  };
}

/** The required parts of a query string, with their examples. */
function queryExample(all: Record<string, unknown>[]): string {
  const needed = all.filter((each) => each.in === 'query' && each.required === true);
  if (needed.length === 0) return '';
  const pairs = needed.map(({ name }) => [String(name), exampleOf(all, String(name))]);
  return `?${new URLSearchParams(pairs).toString()}`;
}

function exampleOf(all: Record<string, unknown>[], name: string): string {
  const parameter = all.find((each) => each.name === name);
  return typeof parameter?.example === 'string' ? parameter.example : `{${name}}`;
}

/** The top members of an answer: of the first form where there are several. */
function membersOf(schema: Record<string, unknown>): Member[] {
  const forms = (schema.oneOf ?? schema.anyOf) as Record<string, unknown>[] | undefined;
  const properties = ((forms?.[0] ?? schema).properties ?? {}) as Record<
    string,
    Record<string, unknown>
  >;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeName(property),
    description: typeof property.description === 'string' ? property.description : '',
  }));
}

function typeName(schema: Record<string, unknown>): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => String(value)).join(' | ');
  const forms = (schema.anyOf ?? schema.oneOf) as Record<string, unknown>[] | undefined;
  if (forms !== undefined) return [...new Set(forms.map(typeName))].join(' | ');
  if (schema.type === 'array')
    return `array of ${typeName(schema.items as Record<string, unknown>)}`;
  return typeof schema.type === 'string' ? schema.type : 'any';
}
