import { Router } from 'express';
import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { ID_HINT, parseObjectId } from '../../common/store/objects.ts';
import { parseInput } from '../parse-input.ts';
import { periodPage } from '../period-page.ts';
import { describePeriod } from '../period-view.ts';
import type { Services } from '../services.ts';

const FoldQuery = z.object({
  /** Days to fold with instead of the best period. */
  period: z.coerce.number().min(1e-4).max(1e5).optional(),
});

export function periodRoutes(services: Services): Router {
  const router = Router();

  router.get('/object/:id/period/', async (req, res) => {
    const named = parseObjectId(req.params.id);
    if (named === undefined) throw new NotFoundError(`There is no such object. ${ID_HINT}`);
    if (req.params.id !== named.id) {
      res.redirect(301, `/object/${named.id}/period/`);
      return;
    }
    const { period } = parseInput(FoldQuery, req.query);
    res.render(
      'period',
      periodPage(await describePeriod(services, named.survey, named.id), period),
    );
  });

  return router;
}
