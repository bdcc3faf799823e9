import express, { Router } from 'express';
import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { CoverageQuery, coveragePage } from '../coverage-page.ts';
import { lasairCoverage } from '../coverage.ts';
import { mapPolicy } from '../map-policy.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';

const Posted = z.object({ date1: z.string().max(40), date2: z.string().max(40) });

export function coverageRoutes({ context }: Services): Router {
  const router = Router();
  const { db, now } = context;

  router.get('/coverage/', mapPolicy(), async (req, res) => {
    const page = await coveragePage(db, parseInput(CoverageQuery, req.query), now());
    res.status(page.problem === undefined ? 200 : 400).render('coverage', page);
  });

  // The form as Lasair's programs send it.
  router.post('/coverage/', express.urlencoded({ extended: false, limit: '4kb' }), (req, res) => {
    const { date1, date2 } = parseInput(Posted, req.body ?? {});
    res.redirect(303, `/coverage/?${new URLSearchParams({ date1, date2 }).toString()}`);
  });

  router.get('/coverageAjax/:nid1/:nid2/', async (req, res) => {
    const { nid1, nid2 } = req.params;
    if (![nid1, nid2].every((nid) => /^\d{1,9}$/.test(nid))) {
      throw new NotFoundError('Nights are whole numbers: /coverageAjax/3620/3627/.');
    }
    res.json(await lasairCoverage(db, Number(nid1), Number(nid2)));
  });
  return router;
}
