import { Router } from 'express';
import type { Response } from 'express';

import { selectMatchesOf } from '../../common/store/lists/list-matches.ts';
import {
  copyWatchlist,
  deleteWatchlist,
  editWatchlist,
  matchWatchlistAgain,
} from '../../common/store/lists/watchlist-edits.ts';
import {
  selectOwnWatchlist,
  selectWatchlist,
  selectWatchlists,
} from '../../common/store/lists/watchlists.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';
import { countHitsOfLists } from '../../common/store/lists/watchlist-results.ts';
import { accountOf } from '../accounts/account.ts';
import { formProblem } from '../accounts/form-problem.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { hitsCsv } from '../watchlists/export-hits.ts';
import { SOURCE_FORMATS } from '../watchlists/export-sources.ts';
import type { SourceFormat } from '../watchlists/export-sources.ts';
import { previewRoutes } from '../watchlists/preview-routes.ts';
import { progressView } from '../lists/progress.ts';
import { countedEditorOf, listEditorOf } from '../lists/list-editor.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { listsPage } from '../lists/lists-page.ts';
import type { ShownLists } from '../lists/lists-page.ts';
import { sendPieces } from '../lists/send-pieces.ts';
import { checkSettings, readSettingsForm, writtenSettings } from '../watchlists/settings-form.ts';
import { sourceRoutes } from '../watchlists/source-routes.ts';
import { HitsInput, watchlistPage } from '../watchlists/watchlist-page.ts';
import { listNumber } from '../lists/list-number.ts';
import { SwitchInput } from '../lists/switch-input.ts';

const SHOWN: ShownLists<Watchlist> = {
  noun: 'watchlist',
  size: 'sources',
  select: selectWatchlists,
  idOf: ({ watchlistId }) => watchlistId,
  countHits: countHitsOfLists,
};

/** Watchlists: their pages, files and forms, and Lasair's addresses of them. */
export function watchlistRoutes(services: Services): Router {
  const { context } = services;
  const { db, now } = context;
  const router = Router();

  router.get('/watchlists/', async (req, res) => {
    const model = await listsPage(db, SHOWN, req.query, res);
    res.render('lists', { title: 'Watchlists', isWatchlists: true, ...model });
  });

  router.use(previewRoutes(services));
  router.use(sourceRoutes(services));

  router.get('/watchlists/:id/', async (req, res) => {
    const list = await readable(res, req.params.id);
    const input = parseInput(HitsInput, req.query);
    res.render('watchlist', await watchlistPage(db, list, input, accountOf(res), now()));
  });

  router.get('/watchlists/:id/progress/json/', async (req, res) => {
    const { watchlistId } = await readable(res, req.params.id);
    res.set('Cache-Control', 'private, no-store');
    res.json(progressView(await selectMatchesOf(db, 'watchlist', watchlistId)));
  });

  router.get('/watchlists/:id/hits.csv', async (req, res) => {
    const list = await readable(res, req.params.id);
    const file = {
      mediaType: 'text/csv; charset=utf-8',
      fileName: `watchlist-${list.watchlistId}-hits.csv`,
    };
    await sendPieces(res, file, hitsCsv(db, list));
  });

  const sendSources =
    (format: SourceFormat, isShown = false) =>
    async (id: string, res: Response) => {
      const list = await readable(res, id);
      const { mediaType, ending, write } = SOURCE_FORMATS[format];
      const fileName = isShown ? undefined : `watchlist-${list.watchlistId}.${ending}`;
      await sendPieces(res, { mediaType, fileName }, write(db, list));
    };
  const [csv, txt, votable] = [
    sendSources('csv'),
    sendSources('txt', true),
    sendSources('votable'),
  ];
  router.get('/watchlists/:id/cat/', (req, res) => csv(req.params.id, res));
  router.get('/watchlists/:id/votable/', (req, res) => votable(req.params.id, res));
  router.get(['/watchlists/:id/txt/', '/watchlist/:id/txt/'], (req, res) =>
    txt(String(req.params.id), res),
  );

  router.get('/watchlists/:id/edit/', async (req, res) => {
    const list = await editable(res, req.params.id);
    renderEdit(res, list, writtenSettings(list));
  });

  router.post('/watchlists/:id/edit/', async (req, res) => {
    const editor = listEditorOf(res, context);
    const list = await editable(res, req.params.id);
    const written = readSettingsForm(req.body);
    try {
      await editWatchlist(db, editor, list.watchlistId, checkSettings(written));
    } catch (err) {
      renderEdit(res, list, written, formProblem(err, res));
      return;
    }
    res.redirect(303, `/watchlists/${list.watchlistId}/`);
  });

  router.post('/watchlists/:id/switch/', async (req, res) => {
    const editor = listEditorOf(res, context);
    const id = listNumber('watchlist', req.params.id);
    await editWatchlist(db, editor, id, parseInput(SwitchInput, req.body ?? {}));
    res.redirect(303, `/watchlists/${id}/`);
  });

  router.post('/watchlists/:id/run/', async (req, res) => {
    const id = listNumber('watchlist', req.params.id);
    await matchWatchlistAgain(db, await countedEditorOf(res, context), id);
    res.redirect(303, `/watchlists/${id}/`);
  });

  router.post('/watchlists/:id/copy/', async (req, res) => {
    const editor = await countedEditorOf(res, context);
    const copy = await copyWatchlist(db, editor, listNumber('watchlist', req.params.id));
    res.redirect(303, `/watchlists/${copy}/`);
  });

  router.get('/watchlists/:id/delete/', async (req, res) => {
    const list = await editable(res, req.params.id);
    res.render('watchlist-delete', { title: `Delete ${list.name}`, isWatchlists: true, list });
  });

  router.post('/watchlists/:id/delete/', async (req, res) => {
    await deleteWatchlist(db, listEditorOf(res, context), listNumber('watchlist', req.params.id));
    res.redirect(303, '/watchlists/');
  });

  // Lasair's addresses: of 2019 to 2021, and those whose last word is done by forms here.
  router.get('/watchlist/', (_req, res) => res.redirect(301, '/watchlists/'));
  router.get('/watchlist/:id/', (req, res) =>
    res.redirect(301, `/watchlists/${listNumber('watchlist', req.params.id)}/`),
  );
  router.get(
    ['/watchlists/:id/run/', '/watchlists/:id/copy/', '/watchlists/:id/switch/'],
    (req, res) =>
      res.redirect(302, `/watchlists/${listNumber('watchlist', String(req.params.id))}/`),
  );
  return router;

  function readable(res: Response, id: string): Promise<Watchlist> {
    return selectWatchlist(db, listNumber('watchlist', id), readerOf(res));
  }

  /** A list for a page on which its owner changes it. */
  function editable(res: Response, id: string): Promise<Watchlist> {
    return selectOwnWatchlist(db, listNumber('watchlist', id), listEditorOf(res, context).userId);
  }
}

function renderEdit(
  res: Response,
  list: Watchlist,
  settings: ReturnType<typeof writtenSettings>,
  problem?: string,
): void {
  res.render('watchlist-edit', {
    title: `Edit ${list.name}`,
    isWatchlists: true,
    list,
    settings,
    problem,
  });
}
