import { z } from 'zod';

import type { Context } from '../../common/context.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectMatchesOf } from '../../common/store/list-matches.ts';
import {
  createWatchlist,
  copyWatchlist,
  deleteWatchlist,
  editWatchlist,
  matchWatchlistAgain,
} from '../../common/store/watchlist-edits.ts';
import { selectWatchlist, selectWatchlists } from '../../common/store/watchlists.ts';
import type { Watchlist } from '../../common/store/watchlists.ts';
import { requireScope } from '../accounts/account.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { checkSettings } from '../watchlists/settings-form.ts';
import { endpoint } from './endpoint.ts';
import {
  FORM_FIELDS,
  FORM_SETTINGS,
  JSON_SETTINGS,
  ReadSchema,
  SOURCE_FILES,
  SkipBadField,
  SourcesField,
  readAnswer,
  readSources,
} from './watchlist-input.ts';

const MAX_LIST = 200;

export const WatchlistId = z.strictObject({
  id: z.coerce.number().int().positive().max(999_999_999).meta({
    description: 'Number of the watchlist.',
    example: '1',
  }),
});
export const MISSING = { status: 404, description: 'There is no such watchlist that you may see.' };
export const FOREIGN = { status: 403, description: 'It is another’s, or the token may not write.' };
const LIMITED = { status: 429, description: 'Too many requests within an hour.' };

const WatchlistSchema = z.strictObject({
  id: z.int().meta({ description: 'Number of the watchlist: watchlist:12 in SQL.' }),
  name: z.string(),
  description: z.string(),
  owner: z.string().nullable().meta({ description: 'Login name of the owner.' }),
  active: z.boolean().meta({ description: 'Whether new alerts are matched.' }),
  public: z.boolean().meta({ description: 'Whether everybody may see it.' }),
  radius: z.number().meta({ description: 'Arcseconds, of sources without a radius of their own.' }),
  sources: z.int().meta({ description: 'How many sources it has.' }),
  version: z.int().meta({ description: 'Raised by every change of what it matches.' }),
  createdAt: z.string().meta({ description: 'When it was made, ISO 8601, UTC.' }),
  updatedAt: z.string().meta({ description: 'When it was changed last, ISO 8601, UTC.' }),
});
const ProgressSchema = z.strictObject({
  survey: z.enum(['ztf', 'lsst']),
  done: z.int().meta({ description: 'Sources matched.' }),
  total: z.int(),
  hits: z.int().meta({ description: 'Hits found.' }),
  endedAt: z.string().nullable().meta({ description: 'null while it goes on.' }),
  problem: z.string().nullable(),
});
const WholeSchema = WatchlistSchema.extend({
  matching: z.array(ProgressSchema).meta({
    description: 'How far it has been matched against all objects known when it was changed last.',
  }),
});
const NewSchema = z.strictObject({ watchlist: WatchlistSchema, read: ReadSchema });

export const watchlistsEndpoint = endpoint({
  path: '/watchlists',
  operationId: 'listWatchlists',
  summary: 'Watchlists',
  description: 'Public ones, and with a token of the scope read your own.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    show: z.enum(['mine', 'public']).optional().meta({
      description: 'Only these; all that you may see if not given.',
    }),
    find: z.string().max(100).default('').meta({
      description: 'Text in the name, the description or the owner’s name.',
    }),
    sort: z.enum(['name', 'updated', 'sources']).default('name').meta({
      description: 'Your own come first; then by name, the last changed or the largest first.',
    }),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_LIST)
      .default(100)
      .meta({
        description: `Watchlists to list, ${MAX_LIST} at most.`,
      }),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0).meta({
      description: 'Watchlists to pass over.',
    }),
  }),
  answerName: 'Watchlists',
  answer: z.strictObject({
    watchlists: z.array(WatchlistSchema),
    total: z.int().meta({ description: 'How many there are.' }),
  }),
  failures: [{ status: 401, description: 'show=mine without a token.' }],
  async handle({ context: { db } }, _parameters, { show, sort, ...order }, { res }) {
    const readerId = show === 'mine' ? requireScope(res, 'read').userId : readerOf(res);
    const { lists, total } = await selectWatchlists(db, {
      ...order,
      sort: sort === 'sources' ? 'size' : sort,
      ...(show === 'public' ? {} : { ownerId: readerId }),
      withPublic: show !== 'mine',
    });
    return { watchlists: lists.map(answerOf), total };
  },
});

export const createWatchlistEndpoint = endpoint({
  path: '/watchlists',
  method: 'post',
  operationId: 'createWatchlist',
  summary: 'Make a watchlist',
  description:
    'From a text, from objects, or from a file. New alerts are matched from the moment of the answer; matching against known objects goes on behind it.',
  parameters: z.strictObject({}),
  query: z.strictObject({ ...JSON_SETTINGS, sources: SourcesField, skipBad: SkipBadField }),
  form: z.strictObject({ ...FORM_SETTINGS, ...FORM_FIELDS }),
  otherBodies: SOURCE_FILES,
  answerName: 'NewWatchlist',
  answer: NewSchema,
  scope: 'write',
  failures: [FOREIGN, LIMITED],
  async handle({ context }, _parameters, given, { res }) {
    const editor = await countedEditorOf(res, context);
    const settings = settingsOf(given);
    const read = await readSources(res, given);
    const id = await createWatchlist(context.db, editor, settings, read.sources);
    const list = await selectWatchlist(context.db, id, editor.userId);
    return { watchlist: answerOf(list), read: readAnswer(read) };
  },
});

export const watchlistEndpoint = endpoint({
  path: '/watchlists/{id}',
  operationId: 'getWatchlist',
  summary: 'A watchlist',
  description: 'Private ones need a token of their owner, of the scope read.',
  parameters: WatchlistId,
  query: z.strictObject({}),
  answerName: 'Watchlist',
  answer: WholeSchema,
  failures: [MISSING],
  async handle({ context: { db } }, { id }, _query, { res }) {
    return wholeAnswer(db, await selectWatchlist(db, id, readerOf(res)));
  },
});

export const changeWatchlistEndpoint = endpoint({
  path: '/watchlists/{id}',
  method: 'patch',
  operationId: 'changeWatchlist',
  summary: 'Change a watchlist',
  description:
    'Name, description, radius and switches; what is not given stays. After another radius it is matched against all known objects again.',
  parameters: WatchlistId,
  query: z.strictObject({ ...JSON_SETTINGS, name: JSON_SETTINGS.name.optional() }),
  answerName: 'Watchlist',
  answer: WholeSchema,
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context }, { id }, given, { res }) {
    const editor = await countedEditorOf(res, context);
    const before = await selectWatchlist(context.db, id, editor.userId);
    const { name = before.name, radius = before.radiusArcsec } = given;
    const checked = settingsOf({
      description: before.description,
      active: before.active,
      public: before.public,
      ...given,
      name,
      radius,
    });
    await editWatchlist(context.db, editor, id, checked);
    return own(context, id, editor.userId);
  },
});

export const deleteWatchlistEndpoint = endpoint({
  path: '/watchlists/{id}',
  method: 'delete',
  operationId: 'deleteWatchlist',
  summary: 'Delete a watchlist',
  description: 'With its sources and all that they matched. It cannot be had back.',
  parameters: WatchlistId,
  query: z.strictObject({}),
  answerName: 'DeletedWatchlist',
  answer: z.strictObject({ deleted: z.int().meta({ description: 'Number of the watchlist.' }) }),
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context }, { id }, _query, { res }) {
    await deleteWatchlist(context.db, await countedEditorOf(res, context), id);
    return { deleted: id };
  },
});

export const copyWatchlistEndpoint = endpoint({
  path: '/watchlists/{id}/copy',
  method: 'post',
  operationId: 'copyWatchlist',
  summary: 'Copy a watchlist',
  description: 'A private list of your own with the same sources, from one that you may see.',
  parameters: WatchlistId,
  query: z.strictObject({}),
  answerName: 'Watchlist',
  answer: WholeSchema,
  scope: 'write',
  failures: [FOREIGN, MISSING, LIMITED],
  async handle({ context }, { id }, _query, { res }) {
    const editor = await countedEditorOf(res, context);
    return own(context, await copyWatchlist(context.db, editor, id), editor.userId);
  },
});

export const matchWatchlistEndpoint = endpoint({
  path: '/watchlists/{id}/match',
  method: 'post',
  operationId: 'matchWatchlist',
  summary: 'Match a watchlist against all known objects again',
  description: 'The answer comes at once; matching tells how far it is.',
  parameters: WatchlistId,
  query: z.strictObject({}),
  answerName: 'Watchlist',
  answer: WholeSchema,
  scope: 'write',
  failures: [FOREIGN, MISSING, LIMITED],
  async handle({ context }, { id }, _query, { res }) {
    const editor = await countedEditorOf(res, context);
    await matchWatchlistAgain(context.db, editor, id);
    return own(context, id, editor.userId);
  },
});

interface GivenSettings {
  name: string;
  description?: string;
  radius?: number;
  active?: boolean;
  public?: boolean;
}

function settingsOf(given: GivenSettings) {
  const { name, description = '', radius, active = true, public: isPublic = false } = given;
  return checkSettings({
    name,
    description,
    radius: radius === undefined ? '' : String(radius),
    active,
    public: isPublic,
  });
}

async function own({ db }: Context, id: number, userId: number) {
  return wholeAnswer(db, await selectWatchlist(db, id, userId));
}

async function wholeAnswer(db: Queries, list: Watchlist) {
  const matches = await selectMatchesOf(db, 'watchlist', list.watchlistId);
  return {
    ...answerOf(list),
    matching: matches.map(({ survey, done, total, hits, endedAt, problem }) => ({
      survey,
      done,
      total,
      hits,
      endedAt: endedAt?.toISOString() ?? null,
      problem: problem === '' ? null : problem,
    })),
  };
}

function answerOf(list: Watchlist) {
  return {
    id: list.watchlistId,
    name: list.name,
    description: list.description,
    owner: list.owner,
    active: list.active,
    public: list.public,
    radius: list.radiusArcsec,
    sources: list.sources,
    version: list.version,
    createdAt: list.createdAt.toISOString(),
    updatedAt: list.updatedAt.toISOString(),
  };
}
