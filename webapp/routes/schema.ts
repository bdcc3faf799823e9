import { Router } from 'express';
import { z } from 'zod';

import { parseInput } from '../parse-input.ts';
import { schemaPage } from '../schema-page.ts';

const SchemaQuery = z.object({ find: z.string().max(100).default('') });

/** The public tables of the schema description; `?find=` shows the columns that a text occurs in. */
export function schemaRoutes(): Router {
  const router = Router();
  router.get('/schema/', (req, res) => {
    const { find } = parseInput(SchemaQuery, req.query);
    res.render('schema', {
      title: 'Schema',
      isSchema: true,
      find,
      isWhole: find.trim() === '',
      ...schemaPage(find),
    });
  });
  return router;
}
