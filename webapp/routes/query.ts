import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import { selectListChoices } from '../../common/store/lists/list-choices.ts';
import { parseInput } from '../parse-input.ts';
import { checkText } from '../query/check-text.ts';
import { answerAs, queryFailure } from '../query/failure.ts';
import { readGuide } from '../query/guide.ts';
import { objlistJson } from '../query/objlist-json.ts';
import { isBlank, queryLink, readQueryInput } from '../query/query-input.ts';
import type { QueryInput } from '../query/query-input.ts';
import { queryPage } from '../query/query-page.ts';
import { askerOf, runForPage } from '../query/run-for-page.ts';
import type { Asker, PageOutcome } from '../query/run-for-page.ts';
import { boxesOfStatement, statementOfBoxes } from '../query/switch-form.ts';
import { functionGroups, queryWords } from '../query/words.ts';
import { queryLists } from '../saved-queries/query-list.ts';
import type { Services } from '../services.ts';

const NO_BOXES =
  'The three boxes cannot say this: they have no UNION and no sub-queries in FROM, and join all tables to objects of the survey.';

const Posted = z.record(z.string(), z.unknown());
const NEWEST = { find: '', sort: 'newest', page: 0 } as const;
/** The form of 2019, and what has come to it since. */
const Objlist = z.object({
  sqlquery: z.string().default(''),
  page: z.string().default('0'),
  json: z.string().default(''),
  survey: z.string().default('ztf'),
});

/** The page where people write SQL, and the address of 2019 for it. */
export function queryRoutes(services: Services): Router {
  const router = Router();
  const { context } = services;
  const words = queryWords();
  const guide = readGuide();

  const show = async (
    res: Response,
    asker: Asker,
    input: QueryInput,
    outcome: PageOutcome,
    notice?: string,
  ) => {
    if (asker.signal.aborted) return;
    const userId = asker.reader?.userId;
    // Whoever is told that the database is away keeps the text.
    const [lists, saved] =
      outcome.failure?.status === 503
        ? [[], []]
        : await Promise.all([
            selectListChoices(context.db, userId),
            isBlank(input) ? queryLists(context.db, NEWEST, userId) : [],
          ]);
    // Going back shows what was there; everything else asks anew.
    res.set('Cache-Control', 'private, no-cache');
    if (outcome.failure !== undefined) answerAs(res, outcome.failure);
    res.render(
      'query',
      queryPage(input, outcome, {
        lists,
        saved,
        maySave: userId !== undefined,
        wordsAddress: words.address,
        timeoutMs: context.config.sandboxTimeoutMs,
        notice,
      }),
    );
  };
  const run = async (res: Response, asker: Asker, input: QueryInput) => {
    try {
      await show(res, asker, input, await runForPage(services, asker, input));
    } catch (err) {
      // Nobody is there to be told.
      if (!asker.signal.aborted) throw err;
    }
  };

  router.get('/query/', async (req, res) => {
    await run(res, askerOf(req, res), readQueryInput(req.query));
  });

  // The form: what fits an address gets one, so that it can be kept and shared.
  router.post('/query/', async (req, res) => {
    const raw = parseInput(Posted, req.body ?? {});
    const asker = askerOf(req, res);
    const input = readQueryInput(raw);
    if (typeof raw.switch === 'string') {
      const { changed, outcome, notice } = switched(input, raw.switch, context.now());
      const { address } = queryLink(changed);
      if (notice !== undefined || outcome !== undefined || address === undefined) {
        await show(res, asker, changed, outcome ?? { parsed: undefined, fieldNames: [] }, notice);
      } else res.redirect(303, address);
      return;
    }
    const { address } = queryLink(input);
    if (address === undefined) await run(res, asker, input);
    else res.redirect(303, address);
  });

  router.post('/query/check', async (req, res) => {
    const input = readQueryInput(parseInput(Posted, req.body ?? {}));
    res.set('Cache-Control', 'no-store');
    res.json(await checkText(services, askerOf(req, res).reader, input));
  });

  router.get('/query/words-:digest.json', (req, res) => {
    if (req.path !== words.address)
      throw new NotFoundError('The words of the schema have changed.');
    res.set('Cache-Control', 'public, max-age=31536000, immutable');
    res.type('json').send(words.json);
  });

  router.get('/query/guide/', (_req, res) => {
    res.render('query-guide', {
      title: 'The language of queries',
      isQuery: true,
      guide,
      functionGroups: functionGroups(),
    });
  });

  router.get('/objlist/', async (req, res) => {
    await run(res, askerOf(req, res), readQueryInput(req.query));
  });

  router.post('/objlist/', async (req, res) => {
    const { sqlquery, page, json, survey } = parseInput(Objlist, req.body ?? {});
    const asker = askerOf(req, res);
    const input = readQueryInput({ survey, sql: sqlquery, page });
    if (json === '') {
      await run(res, asker, input);
      return;
    }
    try {
      const { answer, failure } = await runForPage(services, asker, input);
      if (failure !== undefined) {
        answerAs(res, failure);
        res.json({ error: failure.message });
      } else res.type('json').send(answer === undefined ? '[]' : objlistJson(answer));
    } catch (err) {
      if (!asker.signal.aborted) throw err;
    }
  });
  return router;
}

/** The same query in the other form; as it was, with a word why, where that cannot be. */
function switched(
  input: QueryInput,
  wanted: string,
  now: Date,
): { changed: QueryInput; outcome?: PageOutcome; notice?: string } {
  const kept = { ...input, isEdited: true, page: 0, sort: 0 };
  const { source, survey } = input;
  const kind = wanted === 'boxes' ? 'boxes' : 'statement';
  if (source.kind === kind) return { changed: kept };
  if (isBlank(input)) {
    const blank =
      kind === 'boxes'
        ? ({ kind, selected: '', tables: 'objects', conditions: '' } as const)
        : ({ kind, text: '' } as const);
    return { changed: { ...kept, source: blank } };
  }
  try {
    if (source.kind === 'boxes') {
      const text = statementOfBoxes(source, survey, now);
      return { changed: { ...kept, source: { kind: 'statement', text } } };
    }
    const boxes = boxesOfStatement(source.text, survey);
    return boxes === undefined
      ? { changed: kept, notice: NO_BOXES }
      : { changed: { ...kept, source: boxes } };
  } catch (err) {
    if (!(err instanceof QueryError)) throw err;
    const failure = queryFailure(err, source);
    return {
      changed: kept,
      outcome: { parsed: undefined, fieldNames: [], ...(failure && { failure }) },
      notice: 'Mend the query first: then it can be written the other way.',
    };
  }
}
