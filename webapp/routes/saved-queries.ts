import { Router } from 'express';
import type { Response } from 'express';
import { z } from 'zod';

import { NotFoundError } from '../../common/errors.ts';
import {
  contentOf,
  copyQuery,
  deleteQuery,
  editQuery,
  insertQuery,
  setLevel,
} from '../../common/store/save-query.ts';
import {
  LEVELS,
  selectEditableQuery,
  selectReadableQuery,
  selectVersion,
} from '../../common/store/saved-queries.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { countOpenBackfills } from '../../common/store/backfills.ts';
import { selectOptionalFilter } from '../../common/store/filters.ts';
import { accountOf, requireScope } from '../accounts/account.ts';
import { checkRunningEdit } from '../filters/filter-actions.ts';
import { parseInput } from '../parse-input.ts';
import { answerAs } from '../query/failure.ts';
import {
  checkQueryForm,
  formOf,
  formView,
  isFault,
  readQueryForm,
  tryToKeep,
} from '../saved-queries/query-form.ts';
import type { FormFault, QueryForm } from '../saved-queries/query-form.ts';
import { listWords, privateLists } from '../saved-queries/private-lists.ts';
import { QueryListInput, queryLists } from '../saved-queries/query-list.ts';
import { queryPage } from '../saved-queries/query-page.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { diffVersions } from '../saved-queries/version-diff.ts';
import { VersionsInput, versionsPage } from '../saved-queries/versions-page.ts';
import type { Services } from '../services.ts';

const VersionNumber = z.coerce.number().int().positive().max(1_000_000);
const LevelInput = z.object({
  level: z.coerce
    .number()
    .refine((level): level is (typeof LEVELS)[number] =>
      (LEVELS as readonly number[]).includes(level),
    ),
});
/** A copy that is to run on the stream is followed by its settings there. */
const CopyInput = z.object({ for: z.literal('filter').optional() });
const EditInput = z.object({ version: VersionNumber });
const RestoreInput = z.object({ version: VersionNumber, current: VersionNumber });

/** Queries that users keep: lists, pages, editing, versions. */
export function savedQueryRoutes(services: Services): Router {
  const { context } = services;
  const { db } = context;
  const router = Router();

  router.get('/queries/', async (req, res) => {
    const input = parseInput(QueryListInput, req.query);
    const account = accountOf(res);
    if (input.show === 'mine') requireScope(res, 'read');
    res.render('queries', {
      title: 'Saved queries',
      isQuery: true,
      ...input,
      isByName: input.sort === 'name',
      isLoggedIn: account !== undefined,
      lists: await queryLists(db, input, account?.userId),
    });
  });

  router.get('/queries/create/', (req, res) => {
    requireScope(res, 'write');
    renderForm(res, readQueryForm(req.query));
  });

  router.post('/queries/create/', async (req, res) => {
    const actor = requireScope(res, 'write');
    const raw = bodyOf(req.body);
    const form = readQueryForm(raw);
    // The query page brings a text and no name: the form asks for it.
    if (raw.name === undefined) {
      renderForm(res, form);
      return;
    }
    const content = await checkQueryForm(services, form, actor);
    const outcome = isFault(content)
      ? content
      : await tryToKeep(form, () =>
          db.transaction((tx) =>
            insertQuery(tx, actor.userId, content, context.now(), { note: form.note }),
          ),
        );
    if ('kept' in outcome) res.redirect(303, `/queries/${outcome.kept}/`);
    else renderForm(res, form, { fault: outcome });
  });

  router.get('/queries/:id/', async (req, res) => {
    const query = await selectReadableQuery(db, queryNumber(req.params.id), readerOf(res));
    const filter = await selectOptionalFilter(db, query.queryId);
    const page = queryPage(query, accountOf(res));
    const secrets = page.isOwn ? listWords(await privateLists(db, query)) : '';
    res.render('saved-query', { ...page, filter, privateLists: secrets });
  });

  router.get('/queries/:id/edit/', async (req, res) => {
    const actor = requireScope(res, 'write');
    const query = await selectEditableQuery(db, queryNumber(req.params.id), actor);
    const onStream = await streamOptions(query);
    renderForm(res, formOf(contentOf(query)), { query, fromVersion: query.version, ...onStream });
  });

  router.post('/queries/:id/edit/', async (req, res) => {
    const actor = requireScope(res, 'write');
    const query = await selectEditableQuery(db, queryNumber(req.params.id), actor);
    const raw = bodyOf(req.body);
    const { version: fromVersion } = parseInput(EditInput, raw);
    const form = readQueryForm(raw);
    const content = await checkQueryForm(services, form, actor);
    const onStream = { ...(await streamOptions(query)), memory: raw.memory };
    if (isFault(content)) {
      renderForm(res, form, { query, fromVersion, fault: content, ...onStream });
      return;
    }
    const outcome = await tryToKeep(form, async () => {
      const alongside = await checkRunningEdit(services, query, content, raw.memory);
      const edit = { queryId: query.queryId, fromVersion, content, note: form.note, alongside };
      return editQuery(db, actor, edit, context.now());
    });
    if (!('kept' in outcome)) {
      renderForm(res, form, { query, fromVersion, fault: outcome, ...onStream });
    } else if (outcome.kept.kind === 'conflict') {
      // Nothing was written: both are shown, and saving again goes on from the newer one.
      const { current } = outcome.kept;
      const theirs = await selectVersion(db, current.queryId, current.version);
      const sections = diffVersions(contentOf(current), content);
      const conflict = { current, author: theirs.author ?? 'Glint', sections };
      renderForm(res, form, {
        query: current,
        fromVersion: current.version,
        conflict,
        ...onStream,
      });
    } else res.redirect(303, `/queries/${query.queryId}/`);
  });

  router.get('/queries/:id/delete/', async (req, res) => {
    const actor = requireScope(res, 'write');
    const query = await selectEditableQuery(db, queryNumber(req.params.id), actor);
    res.render('query-delete', { title: `Delete ${query.name}`, isQuery: true, query });
  });

  router.post('/queries/:id/delete/', async (req, res) => {
    await deleteQuery(db, requireScope(res, 'write'), queryNumber(req.params.id));
    res.redirect(303, '/queries/');
  });

  router.post('/queries/:id/level/', async (req, res) => {
    const id = queryNumber(req.params.id);
    const { level } = parseInput(LevelInput, bodyOf(req.body));
    await setLevel(db, requireScope(res, 'write'), id, level);
    res.redirect(303, `/queries/${id}/`);
  });

  router.post('/queries/:id/copy/', async (req, res) => {
    const actor = requireScope(res, 'write');
    const input = parseInput(CopyInput, bodyOf(req.body));
    const copy = await copyQuery(db, actor, queryNumber(req.params.id), context.now());
    res.redirect(303, input.for === 'filter' ? `/filters/${copy}/settings/` : `/queries/${copy}/`);
  });

  router.get('/queries/:id/versions/', async (req, res) => {
    const query = await selectReadableQuery(db, queryNumber(req.params.id), readerOf(res));
    const input = parseInput(VersionsInput, req.query);
    res.render('query-versions', await versionsPage(db, query, input, accountOf(res)));
  });

  router.post('/queries/:id/restore/', async (req, res) => {
    const actor = requireScope(res, 'write');
    const query = await selectEditableQuery(db, queryNumber(req.params.id), actor);
    const { version, current } = parseInput(RestoreInput, bodyOf(req.body));
    const { content } = await selectVersion(db, query.queryId, version);
    const form = { ...formOf(content), note: `version ${version} again` };
    // What ran then may name columns that are gone: it is checked like any other edit.
    const checked = await checkQueryForm(services, form, actor);
    const onStream = await streamOptions(query);
    const outcome = isFault(checked)
      ? checked
      : await tryToKeep(form, async () => {
          // Of a query that runs on the stream the form asks what is remembered.
          const alongside = await checkRunningEdit(services, query, content, undefined);
          const edit = { queryId: query.queryId, fromVersion: current, content, note: form.note };
          return editQuery(db, actor, { ...edit, alongside }, context.now());
        });
    if (!('kept' in outcome)) {
      renderForm(res, form, { query, fromVersion: current, fault: outcome, ...onStream });
    } else if (outcome.kept.kind === 'conflict') {
      renderForm(res, form, {
        query,
        fromVersion: query.version,
        fault: { problems: [`Version ${query.version} was saved meanwhile: look at it first.`] },
      });
    } else res.redirect(303, `/queries/${query.queryId}/versions/`);
  });

  /** What the form of a query has to warn of. */
  async function streamOptions(query: SavedQuery): Promise<Partial<FormOptions>> {
    const [filter, backfills] = await Promise.all([
      selectOptionalFilter(db, query.queryId),
      countOpenBackfills(db, query.queryId),
    ]);
    const isPublic = query.level > 0;
    return {
      isRunning: filter !== undefined && filter.state !== 'off',
      backfills,
      privateLists: isPublic ? listWords(await privateLists(db, query)) : '',
    };
  }

  // Addresses of 2019.
  router.all('/myquery/', (_req, res) => res.redirect(301, '/queries/'));
  router.all('/myquery/:id/', (req, res) =>
    res.redirect(301, `/queries/${queryNumber(req.params.id)}/`),
  );
  return router;
}

interface FormOptions {
  /** The query that is edited; undefined for a new one. */
  query?: { queryId: number; name: string };
  fromVersion?: number;
  fault?: FormFault;
  conflict?: object;
  /** Whether it runs on the stream: then the form asks what is remembered. */
  isRunning?: boolean;
  /** Runs over past nights that an edit ends. */
  backfills?: number;
  /** What only its owner may see, of a public query. */
  privateLists?: string;
  /** What was chosen there. */
  memory?: unknown;
}

function renderForm(res: Response, form: QueryForm, options: FormOptions = {}): void {
  const { query, fromVersion, fault, conflict, memory } = options;
  if (conflict !== undefined) res.status(409);
  else if (fault?.failure !== undefined) answerAs(res, fault.failure);
  else if (fault !== undefined) res.status(400);
  res.render('query-form', {
    title: query === undefined ? 'Save a query' : `Edit ${query.name}`,
    isQuery: true,
    action: query === undefined ? '/queries/create/' : `/queries/${query.queryId}/edit/`,
    editedId: query?.queryId,
    fromVersion,
    conflict,
    isRunning: options.isRunning,
    backfills: options.backfills,
    privateLists: options.privateLists,
    isForgetting: memory === 'clear',
    ...formView(form, fault),
  });
}

/** A number in an address. @throws {NotFoundError} for what cannot be one. */
export function queryNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new NotFoundError('Saved queries are numbered: /queries/12/. /queries/ lists them.');
  }
  return Number(text);
}

function bodyOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
