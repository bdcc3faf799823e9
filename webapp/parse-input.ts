import type { z } from 'zod';

import { InvalidInputError } from '../common/errors.ts';

/**
 * A request's parameters, checked.
 *
 * @throws {InvalidInputError} naming every parameter that does not fit.
 */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new InvalidInputError(problems.join('; ').slice(0, 500));
}
