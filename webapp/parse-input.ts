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
  const problems = parsed.error.issues.map((issue) => {
    if (issue.path.length === 0) return issue.message;
    const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return `${issue.path.join('.')}: ${isMissing ? `give ${article(issue.expected)}, it is missing` : issue.message}`;
  });
  throw new InvalidInputError(problems.join('; ').slice(0, 500));
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
