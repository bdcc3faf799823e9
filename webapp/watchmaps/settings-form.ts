import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { WatchmapSettings } from '../../common/watchmaps/watchmap.ts';
import { field } from '../accounts/form-fields.ts';
import { parseInput } from '../parse-input.ts';

/** Longer than any of them may be: what is too long is told in the words of the settings. */
const MOST = 20_000;
const ticked = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => value !== undefined && value !== '' && value !== '0');

const SettingsForm = z.object({
  name: field(MOST),
  description: field(MOST),
  active: ticked,
  public: ticked,
});

export const NEW_SETTINGS: WatchmapSettings = {
  name: '',
  description: '',
  active: true,
  public: false,
};

/** What was written into the form, right or wrong: it is shown again until it is kept. */
export function readSettingsForm(body: unknown): WatchmapSettings {
  return parseInput(SettingsForm, body ?? {});
}

/** @throws {InvalidInputError} saying in a sentence each what is wrong. */
export function checkSettings(written: WatchmapSettings): WatchmapSettings {
  const parsed = WatchmapSettings.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    [...new Set(parsed.error.issues.map(({ message }) => message))].join('; '),
  );
}
