import { z } from 'zod';

import { dateFromMjdUtc } from '../../common/astro/time.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { appendSources, removeSources } from '../../common/store/lists/watchlist-edits.ts';
import { RESULT_SORTS, selectWatchlistHits } from '../../common/store/lists/watchlist-results.ts';
import {
  selectSourcesNamed,
  selectSourcesWithHits,
} from '../../common/store/lists/watchlist-source-hits.ts';
import { selectWatchlist } from '../../common/store/lists/watchlists.ts';
import { MAX_SOURCES } from '../../common/watchlists/watchlist.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { countedEditorOf } from '../lists/list-editor.ts';
import { hitsCsv } from '../watchlists/export-hits.ts';
import { SOURCE_FORMATS } from '../watchlists/export-sources.ts';
import { sendPieces } from '../lists/send-pieces.ts';
import { ANSWERED, endpoint } from './endpoint.ts';
import { FOREIGN } from './list-fields.ts';
import { limitField, offsetField } from './page-fields.ts';
import {
  FORM_FIELDS,
  MISSING,
  ReadSchema,
  SOURCE_FILES,
  SkipBadField,
  SourcesField,
  WatchlistId,
  readAnswer,
  readSources,
} from './watchlist-input.ts';

const page = {
  limit: limitField('Rows of a page', 10_000, 1_000),
  offset: offsetField('Rows to pass over.'),
};
const hasMore = z.boolean().meta({ description: 'Whether others follow: raise offset.' });

export const watchlistSourcesEndpoint = endpoint({
  path: '/watchlists/{id}/sources',
  operationId: 'listWatchlistSources',
  summary: 'Sources of a watchlist',
  description: 'In the order in which they were added, by pages, or all of them as a file.',
  parameters: WatchlistId,
  query: z.strictObject({
    find: z.string().max(100).default('').meta({ description: 'Text in the name.' }),
    show: z.enum(['all', 'unseen']).default('all').meta({
      description: 'unseen: those without an object near them.',
    }),
    ...page,
    format: z.enum(['csv', 'txt', 'votable']).optional().meta({
      description: 'All sources as a file, instead of a page.',
    }),
  }),
  answerName: 'WatchlistSources',
  answer: z.strictObject({
    sources: z.array(
      z.strictObject({
        id: z.int().meta({ description: 'Number of the source.' }),
        name: z.string(),
        ra: z.number(),
        decl: z.number(),
        radius: z.number().nullable().meta({
          description: 'Arcseconds; null for that of the list.',
        }),
        hits: z.int().meta({ description: 'Objects near it.' }),
      }),
    ),
    hasMore,
  }),
  otherForms: [
    { mediaType: 'text/csv', description: 'format=csv: ra, decl, name, radius.' },
    { mediaType: 'text/plain', description: 'format=txt: lines as one pastes them.' },
    { mediaType: 'application/x-votable+xml', description: 'format=votable: VOTable 1.4.' },
  ],
  failures: [MISSING],
  async handle({ context: { db } }, { id }, { find, show, limit, offset, format }, { res }) {
    const list = await selectWatchlist(db, id, readerOf(res));
    if (format !== undefined) {
      const { mediaType, ending, write } = SOURCE_FORMATS[format];
      const fileName = `watchlist-${id}.${ending}`;
      await sendPieces(res, { mediaType, fileName }, write(db, list));
      return ANSWERED;
    }
    const order = { find, withoutHits: show === 'unseen', limit: limit + 1, offset };
    const found = await selectSourcesWithHits(db, id, order);
    return {
      sources: found.slice(0, limit).map(({ coneId, radiusArcsec, ...source }) => ({
        id: coneId,
        ...source,
        radius: radiusArcsec,
      })),
      hasMore: found.length > limit,
    };
  },
});

export const addSourcesEndpoint = endpoint({
  path: '/watchlists/{id}/sources',
  method: 'post',
  operationId: 'addWatchlistSources',
  summary: 'Add sources to a watchlist',
  description:
    'Those that it has already, with the same name, place and radius, are not added again.',
  parameters: WatchlistId,
  query: z.strictObject({ sources: SourcesField, skipBad: SkipBadField }),
  form: z.strictObject(FORM_FIELDS),
  otherBodies: SOURCE_FILES,
  answerName: 'AddedSources',
  answer: z.strictObject({
    added: z.int().meta({ description: 'Sources that are new.' }),
    known: z.int().meta({ description: 'Sources that it had.' }),
    read: ReadSchema,
  }),
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context }, { id }, given, { res }) {
    const editor = await countedEditorOf(res, context);
    const read = await readSources(res, given);
    const outcome = await appendSources(context.db, editor, id, read.sources);
    return { ...outcome, read: readAnswer(read) };
  },
});

export const removeSourcesEndpoint = endpoint({
  path: '/watchlists/{id}/sources/remove',
  method: 'post',
  operationId: 'removeWatchlistSources',
  summary: 'Take sources out of a watchlist',
  description: 'By number or by name, with what they matched.',
  parameters: WatchlistId,
  query: z.strictObject({
    ids: z.array(z.int().positive()).max(MAX_SOURCES).default([]).meta({
      description: 'Numbers of sources.',
    }),
    names: z.array(z.string().max(1_000)).max(MAX_SOURCES).default([]).meta({
      description: 'Names, to the letter; all sources of a name go.',
    }),
  }),
  answerName: 'RemovedSources',
  answer: z.strictObject({
    removed: z.int(),
    unknown: z.array(z.string()).meta({ description: 'Names that no source had.' }),
  }),
  scope: 'write',
  failures: [FOREIGN, MISSING],
  async handle({ context: { db, now } }, { id }, { ids, names }, { res }) {
    if (ids.length === 0 && names.length === 0) {
      throw new InvalidInputError('Give ids, the numbers of sources, or their names.');
    }
    const editor = await countedEditorOf(res, { db, now });
    await selectWatchlist(db, id, editor.userId);
    const named = await selectSourcesNamed(db, id, names);
    const all = [...new Set([...ids, ...named.coneIds])];
    return { removed: await removeSources(db, editor, id, all), unknown: named.unknown };
  },
});

export const watchlistHitsEndpoint = endpoint({
  path: '/watchlists/{id}/hits',
  operationId: 'listWatchlistHits',
  summary: 'Objects near the sources of a watchlist',
  description: 'Of both surveys, those seen last first unless another order is asked for.',
  parameters: WatchlistId,
  query: z.strictObject({
    sort: z.enum(RESULT_SORTS).default('last').meta({ description: 'By what they are ordered.' }),
    direction: z
      .enum(['asc', 'desc'])
      .default('desc')
      .meta({ description: 'What is not known comes last in both.' }),
    ...page,
    format: z.enum(['csv']).optional().meta({
      description: 'All hits as a file in no particular order, instead of a page.',
    }),
  }),
  answerName: 'WatchlistHits',
  answer: z.strictObject({
    hits: z.array(
      z.strictObject({
        source: z.string().meta({ description: 'Name of the source.' }),
        sourceId: z.int(),
        survey: z.enum(['ztf', 'lsst']),
        objectId: z.string().meta({ description: 'objectId, or diaObjectId in digits.' }),
        ra: z.number(),
        decl: z.number(),
        separationArcsec: z.number(),
        detections: z.int(),
        classification: z.string().nullable(),
        lastMag: z.number().nullable().meta({ description: 'Difference magnitude, AB.' }),
        lastBand: z.string().nullable(),
        lastSeen: z.string().nullable().meta({ description: 'ISO 8601, UTC.' }),
      }),
    ),
    hasMore,
  }),
  otherForms: [{ mediaType: 'text/csv', description: 'format=csv: all hits.' }],
  failures: [MISSING],
  async handle({ context: { db } }, { id }, query, { res }) {
    const { sort, direction, limit, offset, format } = query;
    const list = await selectWatchlist(db, id, readerOf(res));
    if (format !== undefined) {
      const mediaType = 'text/csv; charset=utf-8';
      await sendPieces(res, { mediaType, fileName: `watchlist-${id}-hits.csv` }, hitsCsv(db, list));
      return ANSWERED;
    }
    const isDescending = direction === 'desc';
    const order = { sort, isDescending, limit: limit + 1, offset };
    const found = await selectWatchlistHits(db, id, order);
    return {
      hits: found.slice(0, limit).map(({ coneId, source, arcsec, object }) => ({
        source,
        sourceId: coneId,
        survey: object.survey,
        objectId: object.id,
        ra: object.ra,
        decl: object.dec,
        separationArcsec: arcsec,
        detections: object.detections,
        classification: object.classification,
        lastMag: object.latestMag,
        lastBand: object.latestBand,
        lastSeen:
          object.lastMjdUtc === null ? null : dateFromMjdUtc(object.lastMjdUtc).toISOString(),
      })),
      hasMore: found.length > limit,
    };
  },
});
