import express from 'express';
import type { Express, RequestHandler } from 'express';

import { API_PREFIXES, isApiPath } from './accounts/api-paths.ts';
import { csrf } from './accounts/csrf.ts';
import { findAccount } from './accounts/find-account.ts';
import { accountRoutes } from './accounts/routes.ts';
import { isAnnotationBody, readAnnotationBody } from './annotators/annotation-body.ts';
import { assetRoutes } from './assets.ts';
import { crossOrigin, sessionsStayHome } from './cross-origin.ts';
import { errorHandler, nothingHere } from './error-handler.ts';
import { LASAIR_PREFIXES, lasairErrors } from './lasair-api/lasair-errors.ts';
import { annotatorRoutes } from './routes/annotators.ts';
import { apiRoutes } from './routes/api.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { cutoutRoutes } from './routes/cutouts.ts';
import { emptySkyRoutes } from './routes/empty-sky.ts';
import { filterRoutes } from './routes/filters.ts';
import { filterEventRoutes } from './routes/filter-events.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { lasairAnnotateRoutes } from './routes/lasair-annotate.ts';
import { lasairApiRoutes } from './routes/lasair-api.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { objectRoutes } from './routes/objects.ts';
import { periodRoutes } from './routes/period.ts';
import { queryDownloadRoutes } from './routes/query-download.ts';
import { queryRoutes } from './routes/query.ts';
import { savedQueryRoutes } from './routes/saved-queries.ts';
import { schemaRoutes } from './routes/schema.ts';
import { searchRoutes } from './routes/search.ts';
import { statusRoutes } from './routes/status.ts';
import { streamRoutes } from './routes/streams.ts';
import { watchlistRoutes } from './routes/watchlists.ts';
import { watchmapRoutes } from './routes/watchmaps.ts';
import { securityHeaders } from './security.ts';
import type { Services } from './services.ts';
import { isUpload, readUploads } from './uploads/read-uploads.ts';
import { useViews } from './views.ts';

/** Largest form or JSON that is read. */
const BODY_LIMIT = '1mb';

/** The site and the API. */
export function createApp(services: Services): Express {
  const app = express();
  const assets = assetRoutes();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', services.context.config.trustedProxies);
  useViews(app, { assets: assets.base, editor: assets.hasEditor });

  app.use(securityHeaders());
  app.use(services.metrics.measure);
  app.use(assets.router);
  app.get('/favicon.ico', (_req, res) => {
    res.redirect(302, `${assets.base}/img/glint.svg`);
  });
  app.use(healthRoutes(services));

  // From here on a request has its form read, its account found, and its origin checked.
  app.use(express.urlencoded({ extended: false, limit: BODY_LIMIT }));
  app.use(smallJson());
  app.use(API_PREFIXES, crossOrigin());
  app.use(findAccount(services.context, services.siteUrl));
  app.use(API_PREFIXES, sessionsStayHome());
  // Files are read of whoever has an account, and before the token of their form is looked at.
  app.use(readUploads());
  app.use(readAnnotationBody());
  app.use(csrf(services.siteUrl));

  app.use(accountRoutes(services));
  app.use(homeRoutes(services));
  app.use(searchRoutes(services));
  app.use(objectRoutes(services));
  app.use(periodRoutes(services));
  app.use(cutoutRoutes(services));
  app.use(coverageRoutes(services));
  app.use(emptySkyRoutes());
  app.use(statusRoutes(services));
  app.use(schemaRoutes());
  app.use(queryRoutes(services));
  app.use(savedQueryRoutes(services));
  app.use(filterRoutes(services));
  app.use(ledgerRoutes(services));
  app.use(streamRoutes(services));
  app.use(queryDownloadRoutes(services));
  app.use(watchlistRoutes(services));
  app.use(watchmapRoutes(services));
  app.use(annotatorRoutes(services));
  app.use(lasairAnnotateRoutes(services));
  app.use(filterEventRoutes(services));
  app.use(lasairApiRoutes(services));
  app.use(apiRoutes(services));
  app.use(nothingHere);
  app.use(LASAIR_PREFIXES, lasairErrors(services.context.log));
  app.use(errorHandler(services.context.log));
  return app;
}

/** Reads what programs send, but for what only accounts may send. */
function smallJson(): RequestHandler {
  const read = express.json({ limit: BODY_LIMIT });
  return (req, res, next) => {
    if (isApiPath(req.path) && !isUpload(req) && !isAnnotationBody(req)) read(req, res, next);
    else next();
  };
}
