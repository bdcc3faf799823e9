import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';

import {
  BrokerError,
  InvalidInputError,
  NotFoundError,
  describeError,
} from '../../common/errors.ts';
import { endBackfill, selectBackfill } from '../../common/store/backfills.ts';
import { selectOptionalFilter } from '../../common/store/filters.ts';
import { listQueries, selectReadableQuery } from '../../common/store/saved-queries.ts';
import { accountOf, requireScope } from '../accounts/account.ts';
import { problemOf as failureOf } from '../error-handler.ts';
import { BackfillInput, askForBackfill } from '../filters/backfill-form.ts';
import {
  MOST_DRY_RUN_NIGHTS,
  keepOn,
  keepSettings,
  selectOwnQuery,
  switchOff,
  switchOn,
  tryOut,
} from '../filters/filter-actions.ts';
import { FilterListInput, filterLists } from '../filters/filter-list.ts';
import { FilterPageInput, filterPage } from '../filters/filter-page.ts';
import type { ShownOnce } from '../filters/filter-page.ts';
import { FilterSettingsSchema, readSettingsForm } from '../filters/filter-settings.ts';
import { settingsPage } from '../filters/settings-page.ts';
import { newKafkaLogin, testWebhook } from '../filters/try-delivery.ts';
import { WhyInput, whyPage } from '../filters/why-page.ts';
import { parseInput } from '../parse-input.ts';
import { queryFailure } from '../query/failure.ts';
import { askerOf } from '../query/run-for-page.ts';
import { sentence } from '../saved-queries/query-form.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { queryNumber } from './saved-queries.ts';

const DEFAULT_NIGHTS = 7;
const MOST_CHOICES = 300;

const TryInput = z.object({
  nights: z.coerce.number().int().min(1).max(MOST_DRY_RUN_NIGHTS).default(DEFAULT_NIGHTS),
});
const SwitchInput = z.object({ to: z.enum(['on', 'off', 'keep']) });

/** Saved queries that run on the stream: lists, pages, settings, what is done with them. */
export function filterRoutes(services: Services): Router {
  const { context } = services;
  const { db, now } = context;
  const router = Router();

  router.get('/filters/', async (req, res) => {
    const reader = readerOf(res);
    const input = parseInput(FilterListInput, req.query);
    res.render('filters', {
      title: 'Filters',
      isFilters: true,
      isLoggedIn: accountOf(res) !== undefined,
      now: now(),
      ...(await filterLists(db, input, reader, now())),
    });
  });

  router.get('/filters/create/', async (_req, res) => {
    const { userId } = requireScope(res, 'write');
    const queries = await listQueries(db, { ownerId: userId, byName: true, limit: MOST_CHOICES });
    res.render('filter-create', { title: 'New filter', isFilters: true, queries });
  });

  router.get('/filters/:id/', async (req, res) => {
    const input = parseInput(FilterPageInput, req.query);
    await renderFilter(req, res, input);
  });

  router.get('/filters/:id/settings/', async (req, res) => {
    const query = await ownQuery(req, res);
    res.render('filter-settings', await settingsPage(services, query));
  });

  router.post('/filters/:id/settings/', async (req, res) => {
    const query = await ownQuery(req, res);
    const raw = z.record(z.string(), z.unknown()).parse(req.body ?? {});
    try {
      await keepSettings(services, query, readSettings(raw));
      res.redirect(303, `/filters/${query.queryId}/?done=settings`);
    } catch (err) {
      const problem = problemOf(err, query.source);
      res.status(problem.status);
      res.render(
        'filter-settings',
        await settingsPage(services, query, { raw, problem: problem.text }),
      );
    }
  });

  router.post('/filters/:id/dry-run/', async (req, res) => {
    const query = await ownQuery(req, res);
    const { nights } = parseInput(TryInput, req.body);
    await countedEditorOf(res, context);
    await orProblem(req, res, query, 'tried', () =>
      tryOut(services, query, nights, askerOf(req, res).signal),
    );
  });

  router.post('/filters/:id/switch/', async (req, res) => {
    const query = await ownQuery(req, res);
    const { to } = parseInput(SwitchInput, req.body);
    const done = ({ on: 'on', off: 'off', keep: 'kept' } as const)[to];
    await orProblem(req, res, query, done, async () => {
      if (to === 'on') await switchOn(services, query);
      else if (to === 'off') await switchOff(services, query.queryId);
      else await keepOn(services, query.queryId);
    });
  });

  router.post('/filters/:id/backfills/', async (req, res) => {
    const query = await ownQuery(req, res);
    await countedEditorOf(res, context);
    await orProblem(req, res, query, 'backfill', () =>
      askForBackfill(services, query.queryId, parseInput(BackfillInput, req.body)),
    );
  });

  router.post('/filters/:id/backfills/:backfill/end/', async (req, res) => {
    const { queryId } = await ownQuery(req, res);
    if (!/^[1-9]\d{0,17}$/.test(req.params.backfill)) throw new NotFoundError('No such run.');
    const { backfillId } = await selectBackfill(db, queryId, BigInt(req.params.backfill));
    await endBackfill(db, backfillId, { state: 'ended', now: now() });
    res.redirect(303, `/filters/${queryId}/?done=ended#backfills`);
  });

  router.post('/filters/:id/test/', async (req, res) => {
    const query = await ownQuery(req, res);
    await orShown(req, res, query, async () => ({ test: await testWebhook(services, query) }));
  });

  router.post('/filters/:id/kafka-login/', async (req, res) => {
    const query = await ownQuery(req, res);
    // Shown in this answer and nowhere else.
    await orShown(req, res, query, async () => ({
      login: await newKafkaLogin(services, query.userId),
    }));
  });

  router.get('/filters/:id/why/', async (req, res) => {
    const { query, filter } = await readable(req, res);
    const input = parseInput(WhyInput, req.query);
    const { holder, signal } = askerOf(req, res);
    const asker = { readerId: readerOf(res), holder, signal };
    const page = await whyPage(services, query, filter, input, asker);
    if ('status' in page) res.status(page.status);
    res.render('filter-why', page);
  });

  // Addresses of Lasair's.
  const elsewhere = { run: '', update: 'edit/', delete: 'delete/' };
  for (const [word, place] of Object.entries(elsewhere)) {
    router.get(`/filters/:id/${word}/`, (req, res) => {
      res.redirect(302, `/queries/${queryNumber(req.params.id)}/${place}`);
    });
  }

  async function ownQuery(req: Request<{ id: string }>, res: Response) {
    const account = requireScope(res, 'write');
    return selectOwnQuery(db, queryNumber(req.params.id), account);
  }

  /** A filter that this reader may see; a query that is none has its own page. */
  async function readable(req: Request<{ id: string }>, res: Response) {
    const query = await selectReadableQuery(db, queryNumber(req.params.id), readerOf(res));
    const filter = await selectOptionalFilter(db, query.queryId);
    if (filter === undefined) {
      throw new NotFoundError(`Query ${query.queryId} is not run on the stream.`);
    }
    return { query, filter };
  }

  async function renderFilter(
    req: Request<{ id: string }>,
    res: Response,
    input: z.infer<typeof FilterPageInput>,
    { problem, ...shownOnce }: { problem?: string } & ShownOnce = {},
  ): Promise<void> {
    const query = await selectReadableQuery(db, queryNumber(req.params.id), readerOf(res));
    const filter = await selectOptionalFilter(db, query.queryId);
    if (filter === undefined) {
      const isOwn = query.userId === readerOf(res);
      res.redirect(
        302,
        isOwn ? `/filters/${query.queryId}/settings/` : `/queries/${query.queryId}/`,
      );
      return;
    }
    res.render('filter', {
      ...(await filterPage(services, query, filter, input, readerOf(res), shownOnce)),
      problem,
      now: now(),
    });
  }

  /** Does something with a filter; what the form can mend is told on the filter's page. */
  async function orProblem(
    req: Request<{ id: string }>,
    res: Response,
    query: Awaited<ReturnType<typeof ownQuery>>,
    done: NonNullable<z.infer<typeof FilterPageInput>['done']>,
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await work();
    } catch (err) {
      const problem = problemOf(err, query.source);
      // Without a filter there is no page that could show it.
      if ((await selectOptionalFilter(db, query.queryId)) === undefined) throw err;
      res.status(problem.status);
      await renderFilter(req, res, {}, { problem: problem.text });
      return;
    }
    res.redirect(303, `/filters/${query.queryId}/?done=${done}`);
  }

  /** Does something whose outcome is shown once, on the filter's page; so is what went wrong. */
  async function orShown(
    req: Request<{ id: string }>,
    res: Response,
    { queryId }: Awaited<ReturnType<typeof ownQuery>>,
    work: () => Promise<ShownOnce>,
  ): Promise<void> {
    if ((await selectOptionalFilter(db, queryId)) === undefined) {
      throw new NotFoundError(`Query ${queryId} is not run on the stream.`);
    }
    let shown: Parameters<typeof renderFilter>[3];
    try {
      shown = await work();
    } catch (err) {
      if (!(err instanceof BrokerError)) throw err;
      context.log.warn(`filter ${queryId}: ${describeError(err)}`, { queryId });
      res.status(failureOf(err).status);
      shown = { problem: sentence(err.message) };
    }
    res.set('cache-control', 'no-store');
    await renderFilter(req, res, {}, shown);
  }

  return router;
}

function readSettings(raw: Record<string, unknown>) {
  return parseInput(FilterSettingsSchema, readSettingsForm(raw));
}

/** What the form or the query can mend, as a sentence; anything else is thrown on. */
function problemOf(
  err: unknown,
  source: Parameters<typeof queryFailure>[1],
): { status: number; text: string } {
  if (err instanceof InvalidInputError) return { status: 400, text: sentence(err.message) };
  const failure = queryFailure(err, source);
  if (failure === undefined) throw err;
  const { status, message, spot } = failure;
  const place = spot === undefined ? '' : ` (line ${spot.line}, column ${spot.column})`;
  return { status, text: sentence(`${message}${place}`) };
}
