import { z } from 'zod';

import type { DraftSettings } from '../../common/store/lists/watchlist-drafts.ts';
import { DEFAULT_RADIUS_ARCSEC, WatchlistSettings } from '../../common/watchlists/watchlist.ts';
import { field } from '../accounts/form-fields.ts';
import { LIST_FIELDS, NEW_LIST, checkWritten } from '../lists/settings-form.ts';
import { parseInput } from '../parse-input.ts';

const SettingsForm = z.object({ ...LIST_FIELDS, radius: field(100) });

export const NEW_SETTINGS: DraftSettings = { ...NEW_LIST, radius: String(DEFAULT_RADIUS_ARCSEC) };

/** What was written into the form, right or wrong: it is shown again until it is kept. */
export function readSettingsForm(body: unknown): DraftSettings {
  return parseInput(SettingsForm, body ?? {});
}

/** @throws {InvalidInputError} saying in a sentence each what is wrong. */
export function checkSettings(written: DraftSettings): WatchlistSettings {
  const { radius, ...rest } = written;
  const radiusArcsec = radius.trim() === '' ? DEFAULT_RADIUS_ARCSEC : radius.trim();
  return checkWritten(WatchlistSettings, { ...rest, radiusArcsec });
}

/** The settings of a list as its form shows them. */
export function writtenSettings(list: WatchlistSettings): DraftSettings {
  const { radiusArcsec, ...rest } = list;
  return { ...rest, radius: String(radiusArcsec) };
}
