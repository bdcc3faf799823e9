import { Router } from 'express';

import { SYSTEM_QUERIES } from '../../common/queries/system-queries/system-queries.ts';
import {
  SYSTEM,
  selectReadableQuery,
  selectSystemQueries,
} from '../../common/store/saved-queries.ts';
import { answerAs } from '../query/failure.ts';
import { askerOf, runForPage } from '../query/run-for-page.ts';
import { sentence } from '../saved-queries/query-form.ts';
import { openLink } from '../saved-queries/query-page.ts';
import {
  streamCard,
  streamCards,
  streamInput,
  streamResult,
} from '../saved-queries/stream-page.ts';
import { fieldNumbers } from '../query/query-input.ts';
import type { Services } from '../services.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { queryNumber } from './saved-queries.ts';

const ORDER = SYSTEM_QUERIES.map(({ key }) => key);

/** The system queries, run without SQL. */
export function streamRoutes(services: Services): Router {
  const { db } = services.context;
  const router = Router();

  router.get('/streams/', async (_req, res) => {
    res.render('streams', {
      title: 'Streams',
      isStreams: true,
      groups: streamCards(await selectSystemQueries(db), ORDER),
    });
  });

  router.get('/streams/:id/', async (req, res) => {
    const query = await selectReadableQuery(db, queryNumber(req.params.id), readerOf(res));
    if (query.level !== SYSTEM) {
      res.redirect(302, `/queries/${query.queryId}/`);
      return;
    }
    const input = streamInput(query, req.query);
    const { parsed, answer, failure } = await runForPage(services, askerOf(req, res), input);
    if (failure !== undefined) answerAs(res, failure);
    res.render('stream', {
      title: query.name,
      isStreams: true,
      ...streamCard(query, input.fields),
      failure: failure && { ...failure, message: sentence(failure.message) },
      open: openLink(query, fieldNumbers(input).numbers),
      result:
        parsed !== undefined && answer !== undefined
          ? streamResult(query.queryId, input, parsed, answer)
          : undefined,
    });
  });
  return router;
}
