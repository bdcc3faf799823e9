import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { PeriodAnswerSchema } from '../../common/features/periodogram/period-answer.ts';
import { describePeriod } from '../period-view.ts';
import { endpoint } from './endpoint.ts';

const PeriodOfObject = z.strictObject({
  survey: z.enum(SURVEYS),
  id: z.string().meta({ description: 'Name of the object; always a string.' }),
  historyVersion: z.int().nullable().meta({
    description: 'Version of the object’s history that was searched; null if nothing is stored.',
  }),
  computedAt: z.string().meta({ description: 'When it was searched, ISO 8601, UTC.' }),
  search: PeriodAnswerSchema.meta({ description: 'What was found, or why nothing can be.' }),
});

export const periodEndpoint = endpoint({
  path: '/objects/{survey}/{id}/period',
  operationId: 'getPeriod',
  summary: 'The best period of an object and its false-alarm probability',
  description:
    'A generalised Lomb-Scargle periodogram of all stored detections, each band with its own mean, amplitude and phase, over periods from an hour to the whole baseline. Searched for when first asked and kept until the object is seen again. Fluxes, in heliocentric time; where ZTF’s reference image has a source beside every detection of a band, apparent flux, else difference flux. Curves with two like minima, as of eclipsing binaries, show half their period. Answers 503 with code busy while too many searches are under way.',
  parameters: z.strictObject({
    survey: z.enum(SURVEYS).meta({ description: 'Survey that named the object.', example: 'ztf' }),
    id: z.string().min(1).max(40).meta({
      description: 'objectId of ZTF or diaObjectId of Rubin.',
      example: 'ZTF21abiuvdk',
    }),
  }),
  query: z.strictObject({}),
  answerName: 'Period',
  answer: PeriodOfObject,
  failures: [{ status: 404, description: 'There is no such object.' }],
  async handle(services, { survey, id }) {
    const { object, history, computedAt, answer } = await describePeriod(services, survey, id);
    return {
      survey,
      id: object.id,
      historyVersion: history?.version ?? null,
      computedAt: computedAt.toISOString(),
      search: answer,
    };
  },
});
