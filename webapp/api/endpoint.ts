import type { z } from 'zod';

import type { Services } from '../services.ts';

/** One way into the API: checked, answered and described from one place. */
export interface Endpoint {
  /** Below `/api/v1`, with `{name}` for parameters. */
  path: string;
  operationId: string;
  summary: string;
  description: string;
  parameters: z.ZodObject;
  query: z.ZodObject;
  answer: z.ZodType;
  /** How the answer's shape is called in the description. */
  answerName: string;
  /** Failures it can have besides 400, 429, 500 and 503. */
  failures: { status: number; description: string }[];
  handle: (services: Services, parameters: unknown, query: unknown) => Promise<unknown>;
}

/** Keeps the types of parameters and answer together; forgets them afterwards. */
export function endpoint<
  Parameters extends z.ZodObject,
  Query extends z.ZodObject,
  Answer extends z.ZodType,
>(
  definition: Omit<Endpoint, 'parameters' | 'query' | 'answer' | 'handle'> & {
    parameters: Parameters;
    query: Query;
    answer: Answer;
    handle: (
      services: Services,
      parameters: z.output<Parameters>,
      query: z.output<Query>,
    ) => Promise<z.input<Answer>>;
  },
): Endpoint {
  return definition as unknown as Endpoint;
}
