import { Router } from 'express';
import type { Request, RequestHandler } from 'express';

import { InvalidInputError, NotFoundError } from '../../common/errors.ts';
import { ANSWERED, hasBody } from '../api/endpoint.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { ENDPOINTS } from '../api/endpoints.ts';
import { PROBLEM_CODES, jsonSchema, openapiDocument, parameters } from '../api/openapi.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';

const BASE = '/api/v1';

export function apiRoutes(services: Services): Router {
  const router = Router();
  const document = openapiDocument(ENDPOINTS, BASE);

  router.get(`${BASE}/openapi.json`, (_req, res) => {
    res.json(document);
  });
  for (const each of ENDPOINTS) {
    const path = `${BASE}${each.path.replace(/\{(\w+)\}/g, ':$1')}`;
    router[each.method ?? 'get'](path, handler(services, each));
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
    const schema = req.is('json') === false ? (each.form ?? each.query) : each.query;
    const query = parseInput(schema, hasBody(each) ? bodyOf(req, each) : req.query);
    const answer = await each.handle(services, path, query, { req, res });
    if (answer !== ANSWERED) res.json(answer);
  };
}

/** @throws {InvalidInputError} if there is none that could be read. */
function bodyOf(req: Request, { query }: Endpoint): unknown {
  if (req.body !== undefined) return req.body as unknown;
  // Nothing was sent, and nothing needs to be.
  if (!isSent(req) && query.safeParse({}).success) return {};
  if (Object.keys(query.shape).length === 0) return {};
  throw new InvalidInputError(
    'The body must be JSON with Content-Type application/json, or a form.',
  );
}

function isSent({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

interface Member {
  name: string;
  type: string;
  description: string;
}

/** What the documentation page shows of an endpoint. */
function documented(each: Endpoint) {
  const isWithBody = hasBody(each);
  const place = isWithBody ? 'body' : 'query';
  const all = [...parameters(each.parameters, 'path'), ...parameters(each.query, place)];
  return {
    method: (each.method ?? 'get').toUpperCase(),
    isWithBody,
    isGet: (each.method ?? 'get') === 'get',
    isPost: each.method === 'post',
    body: JSON.stringify(examplesOf(all, 'body')),
    scope: each.scope,
    otherForms: each.otherForms,
    otherBodies: each.otherBodies,
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

/** The query string that an example needs. */
function queryExample(all: Record<string, unknown>[]): string {
  const pairs = Object.entries(examplesOf(all, 'query'));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/** What is required there, or has an example. */
function examplesOf(all: Record<string, unknown>[], place: string): Record<string, string> {
  const shown = all.filter(
    (each) => each.in === place && (each.required === true || each.example !== undefined),
  );
  return Object.fromEntries(shown.map(({ name }) => [String(name), exampleOf(all, String(name))]));
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
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  return typeof schema.type === 'string' ? schema.type : 'any';
}
