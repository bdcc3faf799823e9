import { Router } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { positionText } from '../object-view.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { parseInput } from '../parse-input.ts';
import { search } from '../search.ts';
import { CLASS_MEANINGS } from '../surroundings-page.ts';
import type { Services } from '../services.ts';

const SearchQuery = z.object({ query: z.string().default('') });

export function searchRoutes({ context }: Services): Router {
  const router = Router();
  router.get('/search/', async (req, res) => {
    const { query } = parseInput(SearchQuery, req.query);
    const shown = { title: 'Search', isSearch: true, query: query.slice(0, 500) };
    if (query.trim() === '') {
      res.render('search', shown);
      return;
    }
    let result;
    try {
      result = await search(context.db, query);
    } catch (err) {
      if (!(err instanceof InvalidInputError)) throw err;
      // The search page itself says what to write, with the text still in the box.
      res.status(400).render('search', { ...shown, problem: err.message });
      return;
    }
    if (result.hits.length === 1 && result.missing.length === 0) {
      res.redirect(302, `/object/${result.hits[0].object.id}/`);
      return;
    }
    res.status(result.hits.length === 0 ? 404 : 200).render('search', {
      ...shown,
      result,
      isEmpty: result.hits.length === 0,
      centre: result.cone && positionText(result.cone),
      hits: result.hits.map((hit) => ({
        ...hit,
        surveyName: SURVEY_NAMES[hit.object.survey],
        classMeaning: CLASS_MEANINGS[hit.object.classification ?? ''],
      })),
    });
  });
  return router;
}
