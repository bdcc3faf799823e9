import type { Case } from './access.ts';
import { ACCOUNT_ROUTES } from './routes/accounts.ts';
import { ANNOTATOR_ROUTES } from './routes/annotators.ts';
import { FILTER_ROUTES } from './routes/filters.ts';
import { PAGE_ROUTES } from './routes/pages.ts';
import { QUERY_ROUTES } from './routes/queries.ts';
import { WATCHLIST_ROUTES } from './routes/watchlists.ts';
import { WATCHMAP_ROUTES } from './routes/watchmaps.ts';

/** Every route of the site, and what each of those who may ask is answered. */
export const ROUTE_ACCESS: Record<string, Case[]> = {
  ...ACCOUNT_ROUTES,
  ...PAGE_ROUTES,
  ...QUERY_ROUTES,
  ...FILTER_ROUTES,
  ...WATCHLIST_ROUTES,
  ...WATCHMAP_ROUTES,
  ...ANNOTATOR_ROUTES,
};
