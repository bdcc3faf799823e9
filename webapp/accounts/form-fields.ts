import { z } from 'zod';

/** A field of a form as it was typed; absent ones are empty. */
export const field = (most: number) => z.string().max(most).default('');

/** Longer than any password may be: nobody makes us hash a book. */
export const passwordField = field(1_000);

/** What one of several boxes of one name holds, ticked or not. */
export const boxes = z
  .union([z.string(), z.array(z.string()).max(20)])
  .default([])
  .transform((given) => (typeof given === 'string' ? [given] : given));
