import { z } from 'zod';

import type { Context } from '../../common/context.ts';
import type { Queries } from '../../common/store/database.ts';
import {
  createWatchlist,
  copyWatchlist,
  deleteWatchlist,
  editWatchlist,
  matchWatchlistAgain,
} from '../../common/store/lists/watchlist-edits.ts';
import { selectWatchlist, selectWatchlists } from '../../common/store/lists/watchlists.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';
import { requireScope } from '../accounts/account.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { checkSettings } from '../watchlists/settings-form.ts';
import { endpoint } from './endpoint.ts';
import {
  FOREIGN,
  LIMITED,
  LISTS_WANTED,
  SORT_MEANING,
  listAnswer,
  listSchema,
  matchingAnswer,
  matchingSchema,
} from './list-fields.ts';
import { pageFields } from './page-fields.ts';
import {
  FORM_FIELDS,
  FORM_SETTINGS,
  JSON_SETTINGS,
  MISSING,
  ReadSchema,
  SOURCE_FILES,
  SkipBadField,
  SourcesField,
  WatchlistId,
  readAnswer,
  readSources,
} from './watchlist-input.ts';

const WatchlistSchema = listSchema('Number of the watchlist: watchlist:12 in SQL.', {
  radius: z.number().meta({ description: 'Arcseconds, of sources without a radius of their own.' }),
  sources: z.int().meta({ description: 'How many sources it has.' }),
});
const WholeSchema = WatchlistSchema.extend({
  matching: matchingSchema({
    whole: 'How far it has been matched against all objects known when it was changed last.',
    done: 'Sources matched.',
    hits: 'Hits found.',
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
    ...LISTS_WANTED,
    sort: z
      .enum(['name', 'updated', 'sources'])
      .default('name')
      .meta({ description: SORT_MEANING }),
    ...pageFields('Watchlists'),
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
  return {
    ...answerOf(list),
    matching: await matchingAnswer(db, 'watchlist', list.watchlistId),
  };
}

function answerOf(list: Watchlist) {
  const { watchlistId, radiusArcsec, sources } = list;
  return listAnswer(watchlistId, list, { radius: radiusArcsec, sources });
}
