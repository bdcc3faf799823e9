import { z } from 'zod';

import { WatchmapSettings } from '../../common/watchmaps/watchmap.ts';
import { LIST_FIELDS, checkWritten } from '../lists/settings-form.ts';
import { parseInput } from '../parse-input.ts';

const SettingsForm = z.object(LIST_FIELDS);

/** What was written into the form, right or wrong: it is shown again until it is kept. */
export function readSettingsForm(body: unknown): WatchmapSettings {
  return parseInput(SettingsForm, body ?? {});
}

/** @throws {InvalidInputError} saying in a sentence each what is wrong. */
export function checkSettings(written: WatchmapSettings): WatchmapSettings {
  return checkWritten(WatchmapSettings, written);
}
