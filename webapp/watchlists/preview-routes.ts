import { Router } from 'express';
import type { Response } from 'express';

import {
  deleteDrafts,
  insertDraft,
  selectDraft,
} from '../../common/store/lists/watchlist-drafts.ts';
import type {
  DraftSettings,
  NewDraft,
  WatchlistDraft,
} from '../../common/store/lists/watchlist-drafts.ts';
import { appendSources, createWatchlist } from '../../common/store/lists/watchlist-edits.ts';
import { selectOwnWatchlist } from '../../common/store/lists/watchlists.ts';
import { MAX_SOURCES } from '../../common/watchlists/watchlist.ts';
import { requireScope } from '../accounts/account.ts';
import { formProblem } from '../accounts/form-problem.ts';
import type { Services } from '../services.ts';
import { MAX_FILE_BYTES, uploadOf } from '../uploads/upload.ts';
import { faultsCsv, previewPage } from './preview-page.ts';
import { isCorrected, openDraft, usableSources } from './read-draft.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { NEW_SETTINGS, checkSettings, readSettingsForm } from './settings-form.ts';
import { pastedText, sentList } from './sent-list.ts';
import type { SentList } from './sent-list.ts';
import { draftNumber, listNumber } from '../lists/list-number.ts';

/** From a pasted text or a file to sources of a list, by way of a page that shows how it was understood. */
export function previewRoutes({ context }: Services): Router {
  const { db, now } = context;
  const router = Router();

  router.get('/watchlists/create/', (_req, res) => {
    requireScope(res, 'write');
    renderForm(res, NEW_SETTINGS);
  });

  router.post('/watchlists/create/', async (req, res) => {
    const { userId } = await countedEditorOf(res, context);
    const settings = readSettingsForm(req.body);
    let sent: SentList;
    try {
      sent = await sentList(req, res);
    } catch (err) {
      renderForm(res, settings, formProblem(err, res));
      return;
    }
    // A file that was chosen is not sent twice: what else is wrong is told beside the preview.
    const draft = { watchlistId: null, settings, fileName: sent.fileName };
    await toPreview(res, userId, draft, sent.content);
  });

  router.post('/watchlists/:id/sources/', async (req, res) => {
    const { userId } = await countedEditorOf(res, context);
    const list = await selectOwnWatchlist(db, listNumber('watchlist', req.params.id), userId);
    const sent = await sentList(req, res);
    const draft = {
      watchlistId: list.watchlistId,
      settings: NEW_SETTINGS,
      fileName: sent.fileName,
    };
    await toPreview(res, userId, draft, sent.content);
  });

  // What was sent is read each time, whoever looks at it how often.
  router.get('/watchlists/previews/:draft/', async (req, res) => {
    const { userId } = await countedEditorOf(res, context);
    const draft = await selectDraft(db, userId, draftNumber(req.params.draft));
    await renderPreview(res, userId, draft, draft.settings);
  });

  // Another text or file in the place of what was sent.
  router.post('/watchlists/previews/:draft/', async (req, res) => {
    const { userId } = await countedEditorOf(res, context);
    const draft = await selectDraft(db, userId, draftNumber(req.params.draft));
    const { watchlistId } = draft;
    const settings = watchlistId === null ? readSettingsForm(req.body) : draft.settings;
    let sent: SentList;
    try {
      sent = await sentList(req, res);
    } catch (err) {
      await renderPreview(res, userId, draft, settings, formProblem(err, res));
      return;
    }
    const isFile = uploadOf(res) !== undefined;
    const fileName = isFile ? sent.fileName : draft.fileName;
    await toPreview(res, userId, { watchlistId, settings, fileName }, sent.content);
  });

  router.get('/watchlists/previews/:draft/problems/', async (req, res) => {
    const { userId } = await countedEditorOf(res, context);
    const draft = await selectDraft(db, userId, draftNumber(req.params.draft));
    const { read } = await openDraft(db, draft);
    res.attachment('bad-lines.csv').type('text/csv').send(faultsCsv(read.faults));
  });

  router.post('/watchlists/previews/:draft/save/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const draft = await selectDraft(db, editor.userId, draftNumber(req.params.draft));
    const { watchlistId } = draft;
    const settings = watchlistId === null ? readSettingsForm(req.body) : draft.settings;
    let saved: number;
    try {
      const opened = await openDraft(db, draft);
      // What was changed in the form is looked at first, whichever button was pressed.
      if (uploadOf(res) !== undefined || isCorrected(pastedText(req), opened.text)) {
        const sent = await sentList(req, res);
        await toPreview(res, editor.userId, { ...draft, settings }, sent.content);
        return;
      }
      const sources = usableSources(opened);
      if (watchlistId === null) {
        saved = await createWatchlist(db, editor, checkSettings(settings), sources);
      } else {
        await appendSources(db, editor, watchlistId, sources);
        saved = watchlistId;
      }
    } catch (err) {
      await renderPreview(res, editor.userId, draft, settings, formProblem(err, res));
      return;
    }
    await deleteDrafts(db, [draft.draftId]);
    res.redirect(303, `/watchlists/${saved}/`);
  });

  async function toPreview(
    res: Response,
    userId: number,
    draft: NewDraft,
    content: Buffer,
  ): Promise<void> {
    const { watchlistId, settings, fileName } = draft;
    const wanted = { watchlistId, settings, fileName };
    const draftId = await insertDraft(db, userId, wanted, content, now());
    res.redirect(303, `/watchlists/previews/${draftId}/`);
  }

  async function renderPreview(
    res: Response,
    userId: number,
    draft: WatchlistDraft,
    settings: DraftSettings,
    problem?: string,
  ): Promise<void> {
    const target =
      draft.watchlistId === null
        ? undefined
        : await selectOwnWatchlist(db, draft.watchlistId, userId);
    const opened = await openDraft(db, draft);
    res.render('watchlist-preview', previewPage(opened, settings, target, problem));
  }

  return router;
}

function renderForm(res: Response, settings: DraftSettings, problem?: string): void {
  res.render('watchlist-form', {
    title: 'New watchlist',
    isWatchlists: true,
    settings,
    problem,
    mostSources: MAX_SOURCES,
    mostMegabytes: MAX_FILE_BYTES / 2 ** 20,
  });
}
