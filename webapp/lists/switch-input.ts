import { z } from 'zod';

const onOff = z.enum(['on', 'off']).transform((word) => word === 'on');

/** A button that switches one thing of a list. */
export const SwitchInput = z
  .object({ active: onOff.optional(), public: onOff.optional() })
  .refine((input) => input.active !== undefined || input.public !== undefined, {
    message: 'say what is switched: active or public, on or off',
  });
