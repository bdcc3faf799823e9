import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import { countAnnotations } from '../../common/store/annotations/annotation-lists.ts';
import { deleteWithAnnotations } from '../../common/store/annotations/annotations.ts';
import { replaceAnnotatorKey } from '../../common/store/annotations/annotator-keys.ts';
import {
  insertAnnotator,
  listAnnotators,
  selectOwnAnnotator,
  selectReadableAnnotator,
  updateAnnotator,
} from '../../common/store/annotations/annotators.ts';
import { ID_HINT, parseObjectId } from '../../common/store/objects.ts';
import { accountOf, requireScope } from '../accounts/account.ts';
import { formProblem } from '../accounts/form-problem.ts';
import { NEW_FORM, formOf, readAnnotatorForm } from '../annotators/annotator-form.ts';
import type { AnnotatorForm } from '../annotators/annotator-form.ts';
import { AnnotatorPageInput, annotatorPage } from '../annotators/annotator-page.ts';
import { annotationHistoryPage } from '../annotators/object-annotations.ts';
import { parseInput } from '../parse-input.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';

const PAGE_ROWS = 50;

const ListInput = z.object({
  find: z.string().trim().max(100).default(''),
  page: z.coerce.number().int().min(0).max(10_000).default(0),
});
const HistoryInput = z.object({
  topic: z.string().min(1).max(255).optional(),
  before: AnnotatorPageInput.shape.before,
});
const DeleteInput = z.object({
  count: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
});

/** Annotators: lists, pages, making, keys, and what was ever said of an object. */
export function annotatorRoutes(services: Services): Router {
  const { context } = services;
  const { db, now } = context;
  const router = Router();

  router.get('/annotators/', async (req, res) => {
    const { find, page } = parseInput(ListInput, req.query);
    const readerId = readerOf(res);
    const found = await listAnnotators(db, {
      ...{ readerId, isOwn: false, find },
      ...{ limit: PAGE_ROWS + 1, offset: page * PAGE_ROWS },
    });
    const shown = found.slice(0, PAGE_ROWS);
    const address = (number: number) =>
      `/annotators/?${new URLSearchParams({ ...(find !== '' && { find }), page: String(number) }).toString()}`;
    res.render('annotators', {
      title: 'Annotators',
      isAnnotators: true,
      find,
      isLoggedIn: accountOf(res) !== undefined,
      own: shown.filter(({ userId }) => userId === readerId),
      others: shown.filter(({ userId }) => userId !== readerId),
      previous: page > 0 ? address(page - 1) : undefined,
      next: found.length > PAGE_ROWS ? address(page + 1) : undefined,
    });
  });

  router.get('/annotators/create/', (_req, res) => {
    requireScope(res, 'write');
    renderForm(res, NEW_FORM);
  });

  router.post('/annotators/create/', async (req, res) => {
    const { userId } = requireScope(res, 'write');
    const form = readAnnotatorForm(req.body);
    try {
      const key = await db.transaction((tx) =>
        insertAnnotator(tx, userId, form.topic, form, now()),
      );
      await showKey(res, form.topic, userId, key);
    } catch (err) {
      renderForm(res, form, { problem: formProblem(err, res) });
    }
  });

  router.get('/annotators/:topic/', async (req, res) => {
    const readerId = readerOf(res);
    const annotator = await selectReadableAnnotator(db, req.params.topic, readerId);
    const input = parseInput(AnnotatorPageInput, req.query);
    res.render('annotator', await annotatorPage(services, annotator, input, readerId));
  });

  router.get('/annotators/:topic/edit/', async (req, res) => {
    const { userId } = requireScope(res, 'write');
    const annotator = await selectOwnAnnotator(db, req.params.topic, userId);
    renderForm(res, formOf(annotator), { edited: annotator.topic });
  });

  router.post('/annotators/:topic/edit/', async (req, res) => {
    const { userId } = requireScope(res, 'write');
    const { topic } = req.params;
    const form = { ...readAnnotatorForm(req.body), topic };
    try {
      await db.transaction((tx) => updateAnnotator(tx, topic, userId, form, now()));
      res.redirect(303, `/annotators/${topic}/`);
    } catch (err) {
      // Who may not change it learns no more than that.
      await selectOwnAnnotator(db, topic, userId);
      renderForm(res, form, { edited: topic, problem: formProblem(err, res) });
    }
  });

  router.post('/annotators/:topic/key/', async (req, res) => {
    const { userId } = requireScope(res, 'write');
    const { topic } = req.params;
    const key = await db.transaction(async (tx) => {
      await selectOwnAnnotator(tx, topic, userId);
      return replaceAnnotatorKey(tx, topic, now());
    });
    await showKey(res, topic, userId, key);
  });

  router.get('/annotators/:topic/delete/', async (req, res) => {
    const { userId } = requireScope(res, 'write');
    const annotator = await selectOwnAnnotator(db, req.params.topic, userId);
    await renderDelete(res, annotator.topic);
  });

  router.post('/annotators/:topic/delete/', async (req, res) => {
    const { userId } = requireScope(res, 'write');
    const { topic } = await selectOwnAnnotator(db, req.params.topic, userId);
    const confirmed = DeleteInput.safeParse(req.body ?? {});
    // More may have come since the number was shown: what goes is what was confirmed.
    if (!confirmed.success || confirmed.data.count < (await countAnnotations(db, topic))) {
      res.status(409);
      await renderDelete(res, topic, confirmed.success);
      return;
    }
    await deleteWithAnnotations(db, topic, userId, now());
    res.redirect(303, '/annotators/');
  });

  router.get('/object/:id/annotations/', async (req, res) => {
    const object = parseObjectId(req.params.id);
    if (object === undefined) throw new NotFoundError(`There is no such object. ${ID_HINT}`);
    const input = parseInput(HistoryInput, req.query);
    res.render('object-annotations', await annotationHistoryPage(db, object, readerOf(res), input));
  });
  return router;

  /** The key is shown once: in the answer to the form that made it. */
  async function showKey(res: Response, topic: string, userId: number, key: string) {
    const annotator = await selectOwnAnnotator(db, topic, userId);
    res.set('Cache-Control', 'no-store');
    res.render('annotator', await annotatorPage(services, annotator, {}, userId, key));
  }

  async function renderDelete(res: Response, topic: string, hasGrown = false) {
    const count = await countAnnotations(db, topic);
    const title = `Delete ${topic}`;
    res.render('annotator-delete', { title, isAnnotators: true, topic, count, hasGrown });
  }
}

function renderForm(
  res: Response,
  form: AnnotatorForm,
  { edited, problem }: { edited?: string; problem?: string } = {},
): void {
  res.render('annotator-form', {
    title: edited === undefined ? 'New annotator' : `Edit ${edited}`,
    isAnnotators: true,
    action: edited === undefined ? '/annotators/create/' : `/annotators/${edited}/edit/`,
    edited,
    problem,
    form,
  });
}
