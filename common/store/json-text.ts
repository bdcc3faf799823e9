import { z } from 'zod';

/** A column that holds JSON: what it says, to be piped into a schema of it. */
export const JsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is not JSON');
    return z.NEVER;
  }
});
