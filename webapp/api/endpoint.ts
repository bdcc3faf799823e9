import type { Request, Response } from 'express';
import type { z } from 'zod';

import type { Scope } from '../../common/store/accounts/api-tokens.ts';
import type { Services } from '../services.ts';

/** Returned by an endpoint that has written its answer itself: a stream. */
export const ANSWERED = Symbol('answered');

/** The request, for endpoints that stream or ask who is there. */
export interface Exchange {
  req: Request;
  res: Response;
}

interface Description {
  /** Below `/api/v1`, with `{name}` for parameters. */
  path: string;
  /** GET where nothing is said. */
  method?: 'get' | 'post' | 'patch' | 'delete';
  operationId: string;
  summary: string;
  description: string;
  /** How the answer's shape is called in the description. */
  answerName: string;
  /** What else it takes as its body. */
  otherBodies?: { mediaType: string; description: string }[];
  /** What else it answers with, where it is asked to. */
  otherForms?: { mediaType: string; description: string }[];
  /** What a token must be for; without it everybody may. */
  scope?: Scope;
  /** Failures it can have besides 400, 429, 500 and 503. */
  failures: { status: number; description: string }[];
}

/** One way into the API: checked, answered and described from one place. */
export interface Endpoint extends Description {
  parameters: z.ZodObject;
  /** What follows the ? of a GET or DELETE; the JSON body of a POST or PATCH. */
  query: z.ZodObject;
  /** The body of a POST that is a form. */
  form?: z.ZodObject;
  answer: z.ZodType;
  handle: (
    services: Services,
    parameters: unknown,
    query: unknown,
    exchange: Exchange,
  ) => Promise<unknown>;
}

/** Whether what is asked comes in the body of the request. */
export function hasBody({ method }: Pick<Endpoint, 'method'>): boolean {
  return method === 'post' || method === 'patch';
}

/** Keeps the types of parameters and answer together; forgets them afterwards. */
export function endpoint<
  Parameters extends z.ZodObject,
  Query extends z.ZodObject,
  Answer extends z.ZodType,
  Form extends z.ZodObject = never,
>(
  definition: Description & {
    parameters: Parameters;
    query: Query;
    form?: Form;
    answer: Answer;
    handle: (
      services: Services,
      parameters: z.output<Parameters>,
      query: z.output<Query> | z.output<Form>,
      exchange: Exchange,
    ) => Promise<z.input<Answer> | typeof ANSWERED>;
  },
): Endpoint {
  return definition as unknown as Endpoint;
}
