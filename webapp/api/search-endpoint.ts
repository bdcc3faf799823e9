import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { search } from '../search.ts';
import { endpoint } from './endpoint.ts';

const SearchAnswer = z.strictObject({
  query: z.string(),
  cone: z
    .strictObject({
      ra: z.number().meta({ description: 'ICRS [deg]' }),
      dec: z.number().meta({ description: 'ICRS [deg]' }),
      radiusArcsec: z.number(),
    })
    .nullable()
    .meta({ description: 'Where was searched; null when the query was names.' }),
  hits: z
    .array(
      z.strictObject({
        survey: z.enum(SURVEYS),
        id: z.string(),
        ra: z.number().meta({ description: 'ICRS [deg]' }),
        dec: z.number().meta({ description: 'ICRS [deg]' }),
        separationArcsec: z
          .number()
          .nullable()
          .meta({ description: 'From the centre of the cone.' }),
        detections: z.int(),
        latestMag: z.number().nullable().meta({ description: 'Latest difference magnitude, AB.' }),
        latestBand: z.string().nullable(),
        classification: z.string().nullable().meta({
          description: 'Class from the sky around it: VS, CV, BS, AGN, NT, SN, ORPHAN, UNCLEAR.',
        }),
        tnsName: z
          .string()
          .nullable()
          .meta({ description: 'Name in the Transient Name Server, without its prefix.' }),
        tnsType: z.string().nullable().meta({ description: 'Its type there: SN Ia.' }),
        lastMjd: z
          .number()
          .nullable()
          .meta({ description: 'Last detection, MJD: UTC for ztf, TAI for lsst [d]' }),
      }),
    )
    .meta({ description: 'Nearest first; at most 500.' }),
  missing: z.array(z.string()).meta({ description: 'Names that no object has.' }),
  isComplete: z.boolean().meta({ description: 'False if there are more than are given.' }),
});

export const searchEndpoint = endpoint({
  path: '/search',
  operationId: 'search',
  summary: 'Objects by name or position',
  description:
    'The same as the search box: one or several names of objects, numbers of detections, or a position with an optional radius in arcsec (5 without), in both surveys.',
  parameters: z.strictObject({}),
  answerName: 'SearchResult',
  query: z.strictObject({
    query: z
      .string()
      .min(1)
      .max(4_000)
      .meta({ description: 'Names or a position.', example: '194.494 48.851 10' }),
  }),
  answer: SearchAnswer,
  failures: [],
  async handle({ context }, _parameters, { query }) {
    const { cone, hits, ...result } = await search(context.db, query);
    return {
      ...result,
      cone: cone ?? null,
      hits: hits.map(({ object, separationArcsec }) => ({
        survey: object.survey,
        id: object.id,
        ra: object.ra,
        dec: object.dec,
        separationArcsec,
        detections: object.detections,
        latestMag: object.latestMag,
        latestBand: object.latestBand,
        classification: object.classification,
        tnsName: object.tnsName,
        tnsType: object.tnsType,
        lastMjd: object.lastMjd,
      })),
    };
  },
});
