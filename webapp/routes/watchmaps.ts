import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { difference, intersection, union } from '../../common/moc/combine.ts';
import { EMPTY_MOC } from '../../common/moc/moc.ts';
import type { Moc } from '../../common/moc/moc.ts';
import { applyShapes } from '../../common/moc/shapes.ts';
import { selectMatchesOf } from '../../common/store/lists/list-matches.ts';
import {
  changeCoverage,
  copyWatchmap,
  createWatchmap,
  deleteWatchmap,
  editWatchmap,
  matchWatchmapAgain,
} from '../../common/store/lists/watchmap-edits.ts';
import {
  selectCoverage,
  selectOwnWatchmap,
  selectWatchmap,
  selectWatchmaps,
} from '../../common/store/lists/watchmaps.ts';
import type { Watchmap } from '../../common/store/lists/watchmaps.ts';
import { countHitsOfMaps } from '../../common/store/lists/watchmap-results.ts';
import { accountOf } from '../accounts/account.ts';
import { formProblem } from '../accounts/form-problem.ts';
import { parseInput } from '../parse-input.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';
import { uploadOf } from '../uploads/upload.ts';
import { progressView } from '../lists/progress.ts';
import { countedEditorOf, listEditorOf } from '../lists/list-editor.ts';
import { listsPage } from '../lists/lists-page.ts';
import type { ShownLists } from '../lists/lists-page.ts';
import { sendPieces } from '../lists/send-pieces.ts';
import { NEW_LIST } from '../lists/settings-form.ts';
import { SwitchInput } from '../lists/switch-input.ts';
import { drawPage } from '../watchmaps/draw-page.ts';
import type { Drawing } from '../watchmaps/draw-page.ts';
import { watchmapHitsCsv } from '../watchmaps/hits-csv.ts';
import { readUploadedMoc } from '../watchmaps/read-upload.ts';
import { createRegionMemory } from '../watchmaps/region-memory.ts';
import { MOC_FORMATS, sendMoc } from '../watchmaps/send-moc.ts';
import { checkSettings, readSettingsForm } from '../watchmaps/settings-form.ts';
import { pressButton, readDrawForm, shapesOf } from '../watchmaps/shape-form.ts';
import { WatchmapInput, watchmapPage } from '../watchmaps/watchmap-page.ts';
import { listNumber } from '../lists/list-number.ts';

const FormatInput = z.object({ format: z.enum(MOC_FORMATS).default('fits') });
const OperationInput = z.object({
  operation: z.enum(['union', 'difference', 'intersection', 'replace']).default('replace'),
});
const CombineInput = OperationInput.extend({ other: z.string().max(20).default('') });
type Operation = z.infer<typeof OperationInput>['operation'];

const OPERATIONS: Record<Operation, (before: Moc, other: Moc) => Moc> = {
  union,
  difference,
  intersection,
  replace: (_, other) => other,
};

const SHOWN: ShownLists<Watchmap> = {
  noun: 'watchmap',
  size: 'area',
  select: selectWatchmaps,
  idOf: ({ watchmapId }) => watchmapId,
  countHits: countHitsOfMaps,
};

/** Watchmaps: their pages, files and forms, and Lasair's addresses of them. */
export function watchmapRoutes(services: Services): Router {
  const { context } = services;
  const { db, now } = context;
  const regions = createRegionMemory();
  const router = Router();

  router.get('/watchmaps/', async (req, res) => {
    const model = await listsPage(db, SHOWN, req.query, res);
    res.render('lists', { title: 'Watchmaps', isWatchmaps: true, ...model });
  });

  router.get('/watchmaps/create/', (_req, res) => {
    listEditorOf(res, context);
    renderDrawing(res, { form: readDrawForm({}), shapes: [], settings: NEW_LIST });
  });

  router.post('/watchmaps/create/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const settings = readSettingsForm(req.body);
    const drawing: Drawing = { form: readDrawForm(req.body), shapes: [], settings };
    let created: number | undefined;
    try {
      const upload = uploadOf(res);
      if (upload !== undefined) {
        const { moc } = await readUploadedMoc(upload);
        created = await createWatchmap(db, editor, checkSettings(settings), moc);
      } else if (drawing.form.do === 'upload') {
        throw new InvalidInputError('Choose a file, or draw.');
      } else {
        draw(drawing);
        if (drawing.form.do === 'save') {
          const { moc } = drawing;
          created = await createWatchmap(db, editor, checkSettings(settings), moc ?? EMPTY_MOC);
        }
      }
    } catch (err) {
      drawing.problem = formProblem(err, res);
    }
    if (created === undefined) renderDrawing(res, drawing);
    else res.redirect(303, `/watchmaps/${created}/`);
  });

  router.get('/watchmaps/:id/', async (req, res) => {
    const watchmap = await readable(res, req.params.id);
    const input = parseInput(WatchmapInput, req.query);
    const model = await watchmapPage(db, regions, watchmap, input, accountOf(res), now());
    res.render('watchmap', model);
  });

  router.get('/watchmaps/:id/progress/json/', async (req, res) => {
    const { watchmapId } = await readable(res, req.params.id);
    res.set('Cache-Control', 'private, no-store');
    res.json(progressView(await selectMatchesOf(db, 'area', watchmapId)));
  });

  router.get('/watchmaps/:id/hits.csv', async (req, res) => {
    const { watchmapId } = await readable(res, req.params.id);
    const fileName = `watchmap-${watchmapId}-hits.csv`;
    const file = { mediaType: 'text/csv; charset=utf-8', fileName };
    await sendPieces(res, file, watchmapHitsCsv(db, watchmapId));
  });

  router.get('/watchmaps/:id/file/', async (req, res) => {
    const watchmap = await readable(res, req.params.id);
    const { format } = parseInput(FormatInput, req.query);
    await sendMoc(res, watchmap.watchmapId, await selectCoverage(db, watchmap), format);
  });

  router.get('/watchmaps/:id/edit/', async (req, res) => {
    const watchmap = await editable(res, req.params.id);
    renderEdit(res, watchmap, watchmap);
  });

  router.post('/watchmaps/:id/edit/', async (req, res) => {
    const editor = listEditorOf(res, context);
    const watchmap = await editable(res, req.params.id);
    const settings = readSettingsForm(req.body);
    await orShowEdit(res, watchmap, settings, () =>
      editWatchmap(db, editor, watchmap.watchmapId, checkSettings(settings)),
    );
  });

  router.post('/watchmaps/:id/file/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const watchmap = await editable(res, req.params.id);
    await orShowEdit(res, watchmap, watchmap, async () => {
      const { operation } = parseInput(OperationInput, req.body ?? {});
      const upload = uploadOf(res);
      if (upload === undefined) throw new InvalidInputError('Choose a file.');
      const { moc } = await readUploadedMoc(upload);
      await changeCoverage(db, editor, watchmap.watchmapId, (before) =>
        OPERATIONS[operation](before, moc),
      );
    });
  });

  router.post('/watchmaps/:id/combine/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const watchmap = await editable(res, req.params.id);
    await orShowEdit(res, watchmap, watchmap, async () => {
      const { operation, other } = parseInput(CombineInput, req.body ?? {});
      if (!/^[1-9]\d{0,8}$/.test(other)) throw new InvalidInputError('Choose a watchmap.');
      const chosen = await selectWatchmap(db, Number(other), editor.userId);
      const moc = await selectCoverage(db, chosen);
      await changeCoverage(db, editor, watchmap.watchmapId, (before) =>
        OPERATIONS[operation](before, moc),
      );
    });
  });

  router.get('/watchmaps/:id/draw/', async (req, res) => {
    const watchmap = await editable(res, req.params.id);
    const moc = await selectCoverage(db, watchmap);
    const drawing = { form: readDrawForm({}), shapes: [], settings: watchmap };
    renderDrawing(res, drawing, { watchmap, moc });
  });

  router.post('/watchmaps/:id/draw/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const watchmap = await editable(res, req.params.id);
    const moc = await selectCoverage(db, watchmap);
    const drawing: Drawing = { form: readDrawForm(req.body), shapes: [], settings: watchmap };
    let isSaved = false;
    try {
      draw(drawing, moc);
      if (drawing.form.do === 'save') {
        await changeCoverage(db, editor, watchmap.watchmapId, (before) =>
          applyShapes(drawing.shapes, before),
        );
        isSaved = true;
      }
    } catch (err) {
      drawing.problem = formProblem(err, res);
    }
    if (isSaved) res.redirect(303, `/watchmaps/${watchmap.watchmapId}/`);
    else renderDrawing(res, drawing, { watchmap, moc });
  });

  router.post('/watchmaps/:id/switch/', async (req, res) => {
    const editor = listEditorOf(res, context);
    const id = listNumber('watchmap', req.params.id);
    await editWatchmap(db, editor, id, parseInput(SwitchInput, req.body ?? {}));
    res.redirect(303, `/watchmaps/${id}/`);
  });

  router.post('/watchmaps/:id/run/', async (req, res) => {
    const id = listNumber('watchmap', req.params.id);
    await matchWatchmapAgain(db, await countedEditorOf(res, context), id);
    res.redirect(303, `/watchmaps/${id}/`);
  });

  router.post('/watchmaps/:id/copy/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const copy = await copyWatchmap(db, editor, listNumber('watchmap', req.params.id));
    res.redirect(303, `/watchmaps/${copy}/`);
  });

  router.get('/watchmaps/:id/delete/', async (req, res) => {
    const watchmap = await editable(res, req.params.id);
    const title = `Delete ${watchmap.name}`;
    res.render('watchmap-delete', { title, isWatchmaps: true, watchmap });
  });

  router.post('/watchmaps/:id/delete/', async (req, res) => {
    await deleteWatchmap(db, listEditorOf(res, context), listNumber('watchmap', req.params.id));
    res.redirect(303, '/watchmaps/');
  });

  // Lasair's addresses whose last word is done by forms here.
  router.get(
    ['/watchmaps/:id/run/', '/watchmaps/:id/copy/', '/watchmaps/:id/switch/'],
    (req, res) => res.redirect(302, `/watchmaps/${listNumber('watchmap', String(req.params.id))}/`),
  );
  return router;

  function readable(res: Response, id: string): Promise<Watchmap> {
    return selectWatchmap(db, listNumber('watchmap', id), readerOf(res));
  }

  /** A watchmap for a page on which its owner changes it. */
  function editable(res: Response, id: string): Promise<Watchmap> {
    return selectOwnWatchmap(db, listNumber('watchmap', id), listEditorOf(res, context).userId);
  }

  /** Makes a change and shows the watchmap, or the form with what is wrong. */
  async function orShowEdit(
    res: Response,
    watchmap: Watchmap,
    settings: Pick<Watchmap, 'name' | 'description' | 'active' | 'public'>,
    change: () => Promise<void>,
  ): Promise<void> {
    try {
      await change();
    } catch (err) {
      renderEdit(res, watchmap, settings, formProblem(err, res));
      return;
    }
    res.redirect(303, `/watchmaps/${watchmap.watchmapId}/`);
  }

  function renderDrawing(
    res: Response,
    drawing: Drawing,
    begin?: { watchmap: Watchmap; moc: Moc },
  ): void {
    res.render('watchmap-draw', {
      title: begin === undefined ? 'New watchmap' : `Draw on ${begin.watchmap.name}`,
      isWatchmaps: true,
      ...drawPage(regions, drawing, begin),
    });
  }
}

/** Takes the shapes of the form and what its button does: those that are right stay where it fails. */
function draw(drawing: Drawing, begin?: Moc): void {
  drawing.shapes = shapesOf(drawing.form);
  const pressed = pressButton(drawing.form);
  drawing.moc = applyShapes(pressed.shapes, begin);
  drawing.shapes = pressed.shapes;
  drawing.form = pressed.form;
}

function renderEdit(
  res: Response,
  watchmap: Watchmap,
  settings: Pick<Watchmap, 'name' | 'description' | 'active' | 'public'>,
  problem?: string,
): void {
  const title = `Edit ${watchmap.name}`;
  res.render('watchmap-edit', { title, isWatchmaps: true, watchmap, settings, problem });
}
