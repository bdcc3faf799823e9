import { annotationsEndpoint, sendAnnotationsEndpoint } from './annotation-endpoints.ts';
import {
  annotatorEndpoint,
  annotatorKeyEndpoint,
  annotatorsEndpoint,
  changeAnnotatorEndpoint,
  createAnnotatorEndpoint,
  deleteAnnotatorEndpoint,
} from './annotator-endpoints.ts';
import { coverageEndpoint } from './coverage-endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import {
  changeFilterEndpoint,
  createFilterEndpoint,
  deleteFilterEndpoint,
  filterEndpoint,
  filtersEndpoint,
} from './filter-endpoints.ts';
import { filterMatchEventEndpoint, filterMatchesEndpoint } from './filter-match-endpoints.ts';
import {
  backfillsEndpoint,
  createBackfillEndpoint,
  dryRunEndpoint,
  endBackfillEndpoint,
  testWebhookEndpoint,
  whyEndpoint,
} from './filter-work-endpoints.ts';
import { alertLedgerEndpoint, objectLedgerEndpoint } from './ledger-endpoints.ts';
import { objectEndpoint } from './object-endpoint.ts';
import { periodEndpoint } from './period-endpoint.ts';
import { getQueryEndpoint, postQueryEndpoint } from './query-endpoint.ts';
import {
  runSavedQueryEndpoint,
  savedQueriesEndpoint,
  savedQueryEndpoint,
} from './saved-query-endpoints.ts';
import { searchEndpoint } from './search-endpoint.ts';
import { statusEndpoint } from './status-endpoint.ts';
import {
  changeWatchlistEndpoint,
  copyWatchlistEndpoint,
  createWatchlistEndpoint,
  deleteWatchlistEndpoint,
  matchWatchlistEndpoint,
  watchlistEndpoint,
  watchlistsEndpoint,
} from './watchlist-endpoints.ts';
import {
  addSourcesEndpoint,
  removeSourcesEndpoint,
  watchlistHitsEndpoint,
  watchlistSourcesEndpoint,
} from './watchlist-source-endpoints.ts';
import {
  changeWatchmapEndpoint,
  combineWatchmapEndpoint,
  copyWatchmapEndpoint,
  createWatchmapEndpoint,
  deleteWatchmapEndpoint,
  watchmapEndpoint,
  watchmapsEndpoint,
} from './watchmap-endpoints.ts';
import { watchmapHitsEndpoint, watchmapMocEndpoint } from './watchmap-result-endpoints.ts';

/** All of `/api/v1`: the router, the OpenAPI document and the documentation page come from it. */
export const ENDPOINTS: Endpoint[] = [
  objectEndpoint,
  periodEndpoint,
  searchEndpoint,
  getQueryEndpoint,
  postQueryEndpoint,
  savedQueriesEndpoint,
  savedQueryEndpoint,
  runSavedQueryEndpoint,
  filtersEndpoint,
  createFilterEndpoint,
  filterEndpoint,
  changeFilterEndpoint,
  deleteFilterEndpoint,
  dryRunEndpoint,
  testWebhookEndpoint,
  whyEndpoint,
  backfillsEndpoint,
  createBackfillEndpoint,
  endBackfillEndpoint,
  alertLedgerEndpoint,
  objectLedgerEndpoint,
  watchlistsEndpoint,
  createWatchlistEndpoint,
  watchlistEndpoint,
  changeWatchlistEndpoint,
  deleteWatchlistEndpoint,
  copyWatchlistEndpoint,
  matchWatchlistEndpoint,
  watchlistSourcesEndpoint,
  addSourcesEndpoint,
  removeSourcesEndpoint,
  watchlistHitsEndpoint,
  watchmapsEndpoint,
  createWatchmapEndpoint,
  watchmapEndpoint,
  changeWatchmapEndpoint,
  deleteWatchmapEndpoint,
  combineWatchmapEndpoint,
  copyWatchmapEndpoint,
  watchmapMocEndpoint,
  watchmapHitsEndpoint,
  annotationsEndpoint,
  sendAnnotationsEndpoint,
  annotatorsEndpoint,
  createAnnotatorEndpoint,
  annotatorEndpoint,
  changeAnnotatorEndpoint,
  deleteAnnotatorEndpoint,
  annotatorKeyEndpoint,
  filterMatchesEndpoint,
  filterMatchEventEndpoint,
  coverageEndpoint,
  statusEndpoint,
];
