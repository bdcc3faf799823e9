import type { z } from 'zod';

import { listSettings } from '../lists/list-settings.ts';

/** Ranges of cells that the watchmaps of an account may have together. */
export const MAX_RANGES_OF_ACCOUNT = 4_000_000;

/** What the owner of a watchmap chooses, besides what it covers. */
export const WatchmapSettings = listSettings('watchmap');
export type WatchmapSettings = z.output<typeof WatchmapSettings>;
