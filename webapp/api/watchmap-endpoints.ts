import { z } from 'zod';

import { dateFromMjdUtc } from '../../common/astro/time.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { difference, intersection, union } from '../../common/moc/combine.ts';
import { selectMatchesOf } from '../../common/store/list-matches.ts';
import {
  changeCoverage,
  copyWatchmap,
  createWatchmap,
  deleteWatchmap,
  editWatchmap,
} from '../../common/store/watchmap-edits.ts';
import { countHitsBySurvey, selectNewestHits } from '../../common/store/watchmap-results.ts';
import { selectCoverage, selectWatchmap, selectWatchmaps } from '../../common/store/watchmaps.ts';
import type { Watchmap } from '../../common/store/watchmaps.ts';
import { requireScope } from '../accounts/account.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { uploadOf } from '../uploads/upload.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { sendPieces } from '../lists/send-pieces.ts';
import { watchmapHitsCsv } from '../watchmaps/hits-csv.ts';
import { MOC_FORMATS, sendMoc } from '../watchmaps/send-moc.ts';
import { checkSettings } from '../watchmaps/settings-form.ts';
import { ANSWERED, endpoint } from './endpoint.ts';
import {
  FORM_SETTINGS,
  JSON_REGION,
  JSON_SETTINGS,
  MOC_FILES,
  readRegion,
} from './watchmap-input.ts';

const MAX_LIST = 200;
const MAX_ROWS = 1_000;
const COMBINED = { union, difference, intersection };

const WatchmapId = z.strictObject({
  id: z.coerce.number().int().positive().max(999_999_999).meta({
    description: 'Number of the watchmap.',
    example: '1',
  }),
});
const MISSING = { status: 404, description: 'There is no such watchmap that you may see.' };
const FOREIGN = { status: 403, description: 'It is another’s, or the token may not write.' };
const LIMITED = { status: 429, description: 'Too many requests within an hour.' };

const WatchmapSchema = z.strictObject({
  id: z.int().meta({ description: 'Number of the watchmap: area:12 in SQL.' }),
  name: z.string(),
  description: z.string(),
  owner: z.string().nullable().meta({ description: 'Login name of the owner.' }),
  active: z.boolean().meta({ description: 'Whether new alerts are matched.' }),
  public: z.boolean().meta({ description: 'Whether everybody may see it.' }),
  squareDegrees: z.number().meta({ description: 'Area on the sky.' }),
  order: z.int().meta({ description: 'HEALPix order of its smallest cells.' }),
  ranges: z.int().meta({ description: 'Ranges of cells.' }),
  version: z.int().meta({ description: 'Raised by every change of what it matches.' }),
  createdAt: z.string().meta({ description: 'When it was made, ISO 8601, UTC.' }),
  updatedAt: z.string().meta({ description: 'When it was changed last, ISO 8601, UTC.' }),
});
const WholeSchema = WatchmapSchema.extend({
  matching: z
    .array(
      z.strictObject({
        survey: z.enum(SURVEYS),
        done: z.int().meta({ description: 'Cells of order 14 matched.' }),
        total: z.int(),
        hits: z.int().meta({ description: 'Objects found.' }),
        endedAt: z.string().nullable().meta({ description: 'null while it goes on.' }),
        problem: z.string().nullable(),
      }),
    )
    .meta({
      description: 'How far it has been matched with all objects known when it was changed last.',
    }),
});

export const watchmapsEndpoint = endpoint({
  path: '/watchmaps',
  operationId: 'listWatchmaps',
  summary: 'Watchmaps',
  description: 'Public ones, and with a token of the scope read your own.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    show: z.enum(['mine', 'public']).optional().meta({
      description: 'Only these; all that you may see if not given.',
    }),
    find: z.string().max(100).default('').meta({
      description: 'Text in the name, the description or the owner’s name.',
    }),
    sort: z.enum(['name', 'updated', 'area']).default('name').meta({
      description: 'Your own come first; then by name, the last changed or the largest first.',
    }),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_LIST)
      .default(100)
      .meta({ description: `Watchmaps to list, ${MAX_LIST} at most.` }),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0).meta({
      description: 'Watchmaps to pass over.',
    }),
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

export const watchmapMocEndpoint = endpoint({
  path: '/watchmaps/{id}/moc',
  operationId: 'getWatchmapMoc',
  summary: 'What a watchmap covers, as a MOC',
  description: 'A file of MOC 2.0, in FITS that readers of version 1.1 take too.',
  parameters: WatchmapId,
  query: z.strictObject({
    format: z.enum(MOC_FORMATS).default('fits').meta({ description: 'Form of the file.' }),
  }),
  answerName: 'WatchmapMoc',
  answer: z.record(z.string(), z.array(z.number())).meta({
    description: 'format=json: cells by order. Numbers above order 24 pass what doubles hold.',
  }),
  otherForms: [
    { mediaType: 'application/fits', description: 'format=fits: a FITS table of cells.' },
    { mediaType: 'text/plain', description: 'format=ascii: text like 5/1-3 6/29.' },
  ],
  failures: [MISSING],
  async handle({ context: { db } }, { id }, { format }, { res }) {
    const watchmap = await selectWatchmap(db, id, readerOf(res));
    await sendMoc(res, id, await selectCoverage(db, watchmap), format);
    return ANSWERED;
  },
});

export const watchmapHitsEndpoint = endpoint({
  path: '/watchmaps/{id}/hits',
  operationId: 'listWatchmapHits',
  summary: 'Objects in a watchmap',
  description: 'Of both surveys, those seen last first, by pages, or all of them as a file.',
  parameters: WatchmapId,
  query: z.strictObject({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_ROWS)
      .default(100)
      .meta({ description: `Rows of a page, ${MAX_ROWS} at most.` }),
    offset: z.coerce.number().int().min(0).max(20_000).default(0).meta({
      description: 'Rows to pass over; format=csv has all of them.',
    }),
    format: z.enum(['csv']).optional().meta({ description: 'All as a file, by survey and id.' }),
  }),
  answerName: 'WatchmapHits',
  answer: z.strictObject({
    hits: z.array(
      z.strictObject({
        survey: z.enum(SURVEYS),
        objectId: z.string(),
        ra: z.number(),
        decl: z.number(),
        classification: z.string().nullable(),
        detections: z.int(),
        lastMag: z.number().nullable().meta({ description: 'Difference magnitude, AB.' }),
        lastBand: z.string().nullable(),
        lastSeen: z.string().nullable().meta({ description: 'ISO 8601, UTC.' }),
      }),
    ),
    total: z.int().meta({ description: 'Objects of both surveys.' }),
  }),
  otherForms: [{ mediaType: 'text/csv', description: 'format=csv: all objects.' }],
  failures: [MISSING],
  async handle({ context: { db } }, { id }, { limit, offset, format }, { res }) {
    await selectWatchmap(db, id, readerOf(res));
    if (format === 'csv') {
      const fileName = `watchmap-${id}-hits.csv`;
      const file = { mediaType: 'text/csv; charset=utf-8', fileName };
      await sendPieces(res, file, watchmapHitsCsv(db, id));
      return ANSWERED;
    }
    const counts = await countHitsBySurvey(db, id);
    const objects = await selectNewestHits(db, id, counts, { limit, offset });
    return {
      hits: objects.map((object) => ({
        survey: object.survey,
        objectId: object.id,
        ra: object.ra,
        decl: object.dec,
        classification: object.classification,
        detections: object.detections,
        lastMag: object.latestMag,
        lastBand: object.latestBand,
        lastSeen:
          object.lastMjdUtc === null ? null : dateFromMjdUtc(object.lastMjdUtc).toISOString(),
      })),
      total: counts.ztf + counts.lsst,
    };
  },
});

async function own({ db }: Pick<Context, 'db'>, id: number, readerId: number | undefined) {
  const watchmap = await selectWatchmap(db, id, readerId);
  const matching = await selectMatchesOf(db, 'area', id);
  return {
    ...answerOf(watchmap),
    matching: matching.map(({ survey, done, total, hits, endedAt, problem }) => ({
      survey,
      done,
      total,
      hits,
      endedAt: endedAt?.toISOString() ?? null,
      problem: problem === '' ? null : problem,
    })),
  };
}

function answerOf(watchmap: Watchmap) {
  const { watchmapId, name, description, owner, active, squareDegrees, order } = watchmap;
  return {
    id: watchmapId,
    name,
    description,
    owner,
    active,
    public: watchmap.public,
    squareDegrees,
    order,
    ranges: watchmap.ranges,
    version: watchmap.version,
    createdAt: watchmap.createdAt.toISOString(),
    updatedAt: watchmap.updatedAt.toISOString(),
  };
}
