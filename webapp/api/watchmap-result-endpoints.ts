import { z } from 'zod';

import { dateFromMjdUtc } from '../../common/astro/time.ts';
import { SURVEYS } from '../../common/config.ts';
import { countHitsBySurvey, selectNewestHits } from '../../common/store/lists/watchmap-results.ts';
import { selectCoverage, selectWatchmap } from '../../common/store/lists/watchmaps.ts';
import { sendPieces } from '../lists/send-pieces.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { watchmapHitsCsv } from '../watchmaps/hits-csv.ts';
import { MOC_FORMATS, sendMoc } from '../watchmaps/send-moc.ts';
import { ANSWERED, endpoint } from './endpoint.ts';
import { limitField, offsetField } from './page-fields.ts';
import { MISSING, WatchmapId } from './watchmap-input.ts';

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
    limit: limitField('Rows of a page', 1_000),
    offset: offsetField('Rows to pass over; format=csv has all of them.', 20_000),
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
