import { z } from 'zod';

import type { Context } from '../../common/context.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { difference, intersection, union } from '../../common/moc/combine.ts';
import {
  changeCoverage,
  copyWatchmap,
  createWatchmap,
  deleteWatchmap,
  editWatchmap,
} from '../../common/store/lists/watchmap-edits.ts';
import {
  selectCoverage,
  selectWatchmap,
  selectWatchmaps,
} from '../../common/store/lists/watchmaps.ts';
import type { Watchmap } from '../../common/store/lists/watchmaps.ts';
import { requireScope } from '../accounts/account.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { uploadOf } from '../uploads/upload.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { checkSettings } from '../watchmaps/settings-form.ts';
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
  FORM_SETTINGS,
  JSON_REGION,
  JSON_SETTINGS,
  MISSING,
  MOC_FILES,
  WatchmapId,
  readRegion,
} from './watchmap-input.ts';

const COMBINED = { union, difference, intersection };

const WatchmapSchema = listSchema('Number of the watchmap: area:12 in SQL.', {
  squareDegrees: z.number().meta({ description: 'Area on the sky.' }),
  order: z.int().meta({ description: 'HEALPix order of its smallest cells.' }),
  ranges: z.int().meta({ description: 'Ranges of cells.' }),
});
const WholeSchema = WatchmapSchema.extend({
  matching: matchingSchema({
    whole: 'How far it has been matched with all objects known when it was changed last.',
    done: 'Cells of order 14 matched.',
    hits: 'Objects found.',
  }),
});

export const watchmapsEndpoint = endpoint({
  path: '/watchmaps',
  operationId: 'listWatchmaps',
  summary: 'Watchmaps',
  description: 'Public ones, and with a token of the scope read your own.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    ...LISTS_WANTED,
    sort: z.enum(['name', 'updated', 'area']).default('name').meta({ description: SORT_MEANING }),
    ...pageFields('Watchmaps'),
  }),
  answerName: 'Watchmaps',
  answer: z.strictObject({
    watchmaps: z.array(WatchmapSchema),
    total: z.int().meta({ description: 'How many there are.' }),
  }),
  failures: [{ status: 401, description: 'show=mine without a token.' }],
  async handle({ context: { db } }, _parameters, { show, sort, ...order }, { res }) {
    const readerId = show === 'mine' ? requireScope(res, 'read').userId : readerOf(res);
    const { lists, total } = await selectWatchmaps(db, {
      ...order,
      sort: sort === 'area' ? 'size' : sort,
      ...(show === 'public' ? {} : { ownerId: readerId }),
      withPublic: show !== 'mine',
    });
    return { watchmaps: lists.map(answerOf), total };
  },
});

export const createWatchmapEndpoint = endpoint({
  path: '/watchmaps',
  method: 'post',
  operationId: 'createWatchmap',
  summary: 'Make a watchmap',
  description:
    'From shapes, from a MOC as text, or from a file. New alerts are matched from the moment of the answer; matching with known objects goes on behind it.',
  parameters: z.strictObject({}),
  query: z.strictObject({ ...JSON_SETTINGS, ...JSON_REGION }),
  form: z.strictObject({ ...FORM_SETTINGS, moc: JSON_REGION.moc }),
  otherBodies: MOC_FILES,
  answerName: 'Watchmap',
  answer: WholeSchema,
  scope: 'write',
  failures: [FOREIGN, LIMITED],
  async handle({ context }, _parameters, given, { res }) {
    const editor = await countedEditorOf(res, context);
    const { name, description = '', active = true, public: isPublic = false } = given;
    const settings = checkSettings({ name, description, active, public: isPublic });
    const moc = await readRegion(res, given);
    return own(context, await createWatchmap(context.db, editor, settings, moc), editor.userId);
  },
});

export const watchmapEndpoint = endpoint({
  path: '/watchmaps/{id}',
  operationId: 'getWatchmap',
  summary: 'A watchmap',
  description: 'Private ones need a token of their owner, of the scope read.',
  parameters: WatchmapId,
  query: z.strictObject({}),
  answerName: 'Watchmap',
  answer: WholeSchema,
  failures: [MISSING],
  handle: ({ context }, { id }, _query, { res }) => own(context, id, readerOf(res)),
});

export const changeWatchmapEndpoint = endpoint({
  path: '/watchmaps/{id}',
  method: 'patch',
  operationId: 'changeWatchmap',
  summary: 'Change a watchmap',
  description:
    'Name, description and switches, and with shapes, a moc or a file what it covers; what is not given stays. Another area is matched with all known objects again.',
  parameters: WatchmapId,
  query: z.strictObject({
    ...JSON_SETTINGS,
    name: JSON_SETTINGS.name.optional().meta({ description: 'What it is called.' }),
    ...JSON_REGION,
    moc: JSON_REGION.moc.meta({ description: 'A MOC as text or JSON.' }),
  }),
  answerName: 'Watchmap',
  answer: WholeSchema,
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context }, { id }, { shapes, moc, ...settings }, { res }) {
    const editor = await countedEditorOf(res, context);
    const before = await selectWatchmap(context.db, id, editor.userId);
    const { name, description, active, public: isPublic } = before;
    const changes = checkSettings({ name, description, active, public: isPublic, ...settings });
    const isSent = uploadOf(res) !== undefined || shapes !== undefined || moc !== undefined;
    const region = isSent ? await readRegion(res, { shapes, moc }) : undefined;
    await editWatchmap(context.db, editor, id, changes);
    if (region !== undefined) await changeCoverage(context.db, editor, id, () => region);
    return own(context, id, editor.userId);
  },
});

export const combineWatchmapEndpoint = endpoint({
  path: '/watchmaps/{id}/combine',
  method: 'post',
  operationId: 'combineWatchmap',
  summary: 'Join something to a watchmap, or take it away',
  description: 'Another watchmap that you may see, shapes, a MOC as text, or a file.',
  parameters: WatchmapId,
  query: z.strictObject({
    operation: z.enum(['union', 'difference', 'intersection']).meta({ example: 'union' }),
    watchmap: z.int().positive().optional().meta({ description: 'Number of the other watchmap.' }),
    ...JSON_REGION,
  }),
  form: z.strictObject({
    operation: z.enum(['union', 'difference', 'intersection']),
    watchmap: z.coerce.number().int().positive().optional(),
    moc: JSON_REGION.moc,
  }),
  otherBodies: MOC_FILES,
  answerName: 'Watchmap',
  answer: WholeSchema,
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context }, { id }, { watchmap, operation, ...given }, { res }) {
    const editor = await countedEditorOf(res, context);
    const { db } = context;
    if (watchmap !== undefined && (given.moc !== undefined || 'shapes' in given)) {
      throw new InvalidInputError('Name a watchmap, or send a region: not both.');
    }
    const other =
      watchmap === undefined
        ? await readRegion(res, given)
        : await selectCoverage(db, await selectWatchmap(db, watchmap, editor.userId));
    await changeCoverage(db, editor, id, (before) => COMBINED[operation](before, other));
    return own(context, id, editor.userId);
  },
});

export const copyWatchmapEndpoint = endpoint({
  path: '/watchmaps/{id}/copy',
  method: 'post',
  operationId: 'copyWatchmap',
  summary: 'Copy a watchmap',
  description: 'To a private one of your own.',
  parameters: WatchmapId,
  query: z.strictObject({}),
  answerName: 'Watchmap',
  answer: WholeSchema,
  scope: 'write',
  failures: [MISSING, LIMITED],
  async handle({ context }, { id }, _query, { res }) {
    const editor = await countedEditorOf(res, context);
    return own(context, await copyWatchmap(context.db, editor, id), editor.userId);
  },
});

export const deleteWatchmapEndpoint = endpoint({
  path: '/watchmaps/{id}',
  method: 'delete',
  operationId: 'deleteWatchmap',
  summary: 'Delete a watchmap',
  description: 'With all that it matched. It cannot be had back.',
  parameters: WatchmapId,
  query: z.strictObject({}),
  answerName: 'DeletedWatchmap',
  answer: z.strictObject({ deleted: z.int().meta({ description: 'Number of the watchmap.' }) }),
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context }, { id }, _query, { res }) {
    await deleteWatchmap(context.db, await countedEditorOf(res, context), id);
    return { deleted: id };
  },
});

async function own({ db }: Pick<Context, 'db'>, id: number, readerId: number | undefined) {
  const watchmap = await selectWatchmap(db, id, readerId);
  return { ...answerOf(watchmap), matching: await matchingAnswer(db, 'area', id) };
}

function answerOf(watchmap: Watchmap) {
  const { watchmapId, squareDegrees, order, ranges } = watchmap;
  return listAnswer(watchmapId, watchmap, { squareDegrees, order, ranges });
}
