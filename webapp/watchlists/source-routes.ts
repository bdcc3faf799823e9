import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import { removeSources } from '../../common/store/lists/watchlist-edits.ts';
import { selectSourcesNamed } from '../../common/store/lists/watchlist-source-hits.ts';
import { selectWatchlist } from '../../common/store/lists/watchlists.ts';
import { MAX_SOURCES } from '../../common/watchlists/watchlist.ts';
import { accountOf } from '../accounts/account.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { listEditorOf } from '../lists/list-editor.ts';
import { SourcesInput, sourcesPage } from './sources-page.ts';
import { listNumber } from '../lists/list-number.ts';

/** Numbers of sources that were ticked. */
const ConeIds = z
  .union([z.string(), z.array(z.string()).max(MAX_SOURCES)])
  .default([])
  .transform((given) =>
    [given]
      .flat()
      .filter((text) => /^[1-9]\d{0,8}$/.test(text))
      .map(Number),
  );
const RemoveForm = z.object({ cone: ConeIds, names: z.string().default('') });
/** So many names that none is called by are told of. */
const TOLD_NAMES = 20;

/** The sources of a list: all of them by pages, those without hits, and taking some out. */
export function sourceRoutes({ context }: Services): Router {
  const { db } = context;
  const router = Router();

  router.get('/watchlists/:id/sources/', async (req, res) => {
    const list = await selectWatchlist(db, listNumber('watchlist', req.params.id), readerOf(res));
    const input = parseInput(SourcesInput, req.query);
    res.render('watchlist-sources', await sourcesPage(db, list, input, accountOf(res)));
  });

  router.post('/watchlists/:id/sources/remove/', async (req, res) => {
    const editor = listEditorOf(res, context);
    const id = listNumber('watchlist', req.params.id);
    const form = parseInput(RemoveForm, req.body ?? {});
    const list = await selectWatchlist(db, id, editor.userId);
    const names = pastedNames(form.names);
    const named = await selectSourcesNamed(db, id, names);
    const coneIds = [...new Set([...form.cone, ...named.coneIds])];
    if (coneIds.length === 0 && names.length === 0) {
      throw new InvalidInputError('Choose sources in the table, or paste names.');
    }
    const removed = await removeSources(db, editor, id, coneIds);
    if (named.unknown.length === 0) {
      res.redirect(303, `/watchlists/${list.watchlistId}/sources/`);
      return;
    }
    // Those that were found are gone; the others stay in the form, to be looked at.
    res.status(200);
    await showSources(res, id, {
      done: `${removed} taken out.`,
      problem: unknownNames(named.unknown),
      names: named.unknown.join('\n'),
    });
  });

  async function showSources(
    res: Response,
    id: number,
    more: { problem: string; done: string; names: string },
  ): Promise<void> {
    const account = accountOf(res);
    const list = await selectWatchlist(db, id, account?.userId);
    const input = parseInput(SourcesInput, {});
    res.render('watchlist-sources', await sourcesPage(db, list, input, account, more));
  }
  return router;
}

/** One name a line; blanks at the ends are none of it. */
export function pastedNames(text: string): string[] {
  const names = text.split(/\r\n?|\n/).map((line) => line.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

function unknownNames(names: readonly string[]): string {
  const told = names.slice(0, TOLD_NAMES).map((name) => `“${name.slice(0, 64)}”`);
  const more = names.length > TOLD_NAMES ? ` and ${names.length - TOLD_NAMES} others` : '';
  return `No source is called ${told.join(', ')}${more}: names are told apart by every letter.`;
}
