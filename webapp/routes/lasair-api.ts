import { Router } from 'express';
import type { RequestHandler } from 'express';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { RESULT_FORMATS } from '../../common/formats/result-formats.ts';
import { writeJson } from '../../common/formats/write-json.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import { REQUESTS_PER_HOUR, countRequest } from '../../common/store/accounts/request-limits.ts';
import { requireScope } from '../accounts/account.ts';
import { refusalText } from '../lasair-api/query-refusal.ts';
import { readLasairQuery } from '../lasair-api/query-parameters.ts';
import { askerOf } from '../query/run-for-page.ts';
import { openResult } from '../query-output/open-result.ts';
import { rowCapOf } from '../query-output/row-caps.ts';
import { sendResult } from '../query-output/send-result.ts';
import type { Services } from '../services.ts';

const FORMAT = {
  ...RESULT_FORMATS.json,
  write: (result: Parameters<typeof writeJson>[0]) => writeJson(result, 'lasair'),
};

/** Lasair's addresses for programs, of today's two surveys: its clients run unchanged. */
export function lasairApiRoutes(services: Services): Router {
  const router = Router();
  for (const survey of SURVEYS) {
    router.all(
      `/${survey}/api/query/`,
      query(services, () => survey),
    );
  }
  // Lasair's own path has no survey: each generation is a host of its own there.
  router.all('/api/query/', query(services, surveyOf));
  router.use(
    SURVEYS.map((survey) => `/${survey}/api/`),
    (_req, res) => {
      res.status(404).json({ detail: 'There is no such method here; /api/ lists them.' });
    },
  );
  return router;
}

function query(services: Services, surveyFor: (asked: unknown) => Survey): RequestHandler {
  return async (req, res) => {
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (!isRead && req.method !== 'POST') {
      res.set('Allow', 'GET, POST').status(405);
      res.json({ detail: `${req.method} does nothing here: use GET or POST.` });
      return;
    }
    const account = requireScope(res, 'query');
    const { db, now, config } = services.context;
    await countRequest(db, account.userId, REQUESTS_PER_HOUR[account.role], now());
    const survey = surveyFor(req.query.survey);
    const read = readLasairQuery(isRead ? req.query : (req.body ?? {}));
    if ('problems' in read) {
      res.status(400).json(read.problems);
      return;
    }
    const limit = Math.min(read.query.limit, rowCapOf(account));
    const request = { ...read.query, survey, limit, timeoutMs: config.sandboxApiTimeoutMs };
    try {
      const result = await openResult(services, askerOf(req, res), req.path, request);
      await sendResult(res, result, FORMAT, limit);
    } catch (err) {
      if (!(err instanceof QueryError) || res.headersSent) throw err;
      res.status(400).type('application/json').send(refusalText(err, request.source));
    }
  };
}

function surveyOf(asked: unknown): Survey {
  if (asked === undefined) return 'ztf';
  const survey = SURVEYS.find((each) => each === asked);
  if (survey === undefined) {
    throw new InvalidInputError(`survey: must be one of ${SURVEYS.join(', ')}`);
  }
  return survey;
}
