import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { selectCoverage } from '../../common/store/coverage.ts';
import { nightsOfTexts } from '../coverage.ts';
import { dateOfNight } from '../status.ts';
import { endpoint } from './endpoint.ts';

const night = z.int().meta({ description: 'Whole days since 2017-01-01.' });
const count = z.int().min(0);
const date = z.string().min(1).max(40);

const CoverageAnswer = z.strictObject({
  survey: z.enum(SURVEYS),
  firstNight: night,
  lastNight: night,
  firstDate: z.iso.date(),
  lastDate: z.iso.date(),
  rows: z
    .array(
      z.strictObject({
        place: z.int().meta({
          description: 'Field of ZTF’s grid; for Rubin a nested HEALPix cell of order 5.',
        }),
        band: z.string(),
        ra: z
          .number()
          .nullable()
          .meta({ description: 'Middle of the place, ICRS; null for a field off the grid [deg]' }),
        dec: z.number().nullable().meta({ description: 'ICRS [deg]' }),
        detections: count,
        exposures: count.meta({
          description: 'Exposures that alerts tell of, with detections at this place or without.',
        }),
        nights: count,
        limitingMag: z
          .number()
          .nullable()
          .meta({ description: 'Deepest limit (5 sigma) for a point source, AB mag.' }),
      }),
    )
    .meta({ description: 'By place and band.' }),
});

export const coverageEndpoint = endpoint({
  path: '/coverage',
  operationId: 'getCoverage',
  summary: 'Where a survey looked, and how much it saw',
  description:
    'Exposures and detections of some nights by field (ZTF) or sky cell (Rubin) and band, from detections, non-detections and forced photometry of all alerts. What was exposed without an alert anywhere near is not known here. A night of Rubin has the date on which it began. New data show within five minutes.',
  parameters: z.strictObject({}),
  answerName: 'Coverage',
  query: z.strictObject({
    survey: z.enum(SURVEYS).meta({ description: 'Which survey.', example: 'ztf' }),
    date1: date.meta({
      description: 'First date: YYYYMMDD, YYYY-MM-DD, or the word today.',
      example: 'today',
    }),
    date2: date.optional().meta({ description: 'Last date; the first one without.' }),
  }),
  answer: CoverageAnswer,
  failures: [],
  async handle({ context }, _parameters, { survey, date1, date2 }) {
    const { first, last } = nightsOfTexts(date1, date2 ?? date1, context.now());
    const rows = await selectCoverage(context.db, survey, first, last);
    const dateOf = (nid: number) => dateOfNight(nid).toISOString().slice(0, 10);
    return {
      survey,
      firstNight: first,
      lastNight: last,
      firstDate: dateOf(first),
      lastDate: dateOf(last),
      rows: rows.map(({ n, decl, ...row }) => ({ ...row, dec: decl, detections: n })),
    };
  },
});
