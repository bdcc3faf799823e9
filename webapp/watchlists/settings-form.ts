import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import type { DraftSettings } from '../../common/store/watchlist-drafts.ts';
import { DEFAULT_RADIUS_ARCSEC, WatchlistSettings } from '../../common/watchlists/watchlist.ts';
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
  radius: field(100),
  active: ticked,
  public: ticked,
});

export const NEW_SETTINGS: DraftSettings = {
  name: '',
  description: '',
  radius: String(DEFAULT_RADIUS_ARCSEC),
  active: true,
  public: false,
};

/** What was written into the form, right or wrong: it is shown again until it is kept. */
export function readSettingsForm(body: unknown): DraftSettings {
  return parseInput(SettingsForm, body ?? {});
}

/** @throws {InvalidInputError} saying in a sentence each what is wrong. */
export function checkSettings(written: DraftSettings): WatchlistSettings {
  const { radius, ...rest } = written;
  const parsed = WatchlistSettings.safeParse({
    ...rest,
    radiusArcsec: radius.trim() === '' ? DEFAULT_RADIUS_ARCSEC : radius.trim(),
  });
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    [...new Set(parsed.error.issues.map(({ message }) => message))].join('; '),
  );
}

/** The settings of a list as its form shows them. */
export function writtenSettings(list: WatchlistSettings): DraftSettings {
  const { radiusArcsec, ...rest } = list;
  return { ...rest, radius: String(radiusArcsec) };
}
