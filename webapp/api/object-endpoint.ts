import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import {
  CANDIDATES,
  DIA_FORCED_SOURCES,
  DIA_SOURCES,
  FORCEDPHOT,
  NONCANDIDATES,
  NONDETECTION_LIMITS,
} from '../../common/store/light-curves.ts';
import { OBJECT_ROWS } from '../../common/store/objects.ts';
import { describeObject } from '../object-view.ts';
import { endpoint } from './endpoint.ts';

const Position = z.strictObject({
  ra: z.number().meta({ description: 'Mean right ascension, ICRS [deg]' }),
  dec: z.number().meta({ description: 'Mean declination, ICRS [deg]' }),
  raSexagesimal: z.string().meta({ description: 'hh:mm:ss.ss' }),
  decSexagesimal: z.string().meta({ description: '±dd:mm:ss.s' }),
  galacticLon: z.number().meta({ description: 'Galactic longitude [deg]' }),
  galacticLat: z.number().meta({ description: 'Galactic latitude [deg]' }),
});
const id = z.string().meta({ description: 'Name of the object; always a string.' });

const ObjectAnswer = z.discriminatedUnion('survey', [
  z.strictObject({
    survey: z.literal('ztf'),
    id,
    position: Position,
    object: OBJECT_ROWS.ztf.schema.meta({ description: 'The row of ztf.objects.' }),
    detections: z.array(CANDIDATES.schema).meta({ description: 'Newest first.' }),
    nonDetections: z.array(NONCANDIDATES.schema).meta({ description: 'Newest first.' }),
    forced: z.array(FORCEDPHOT.schema).meta({ description: 'Newest first.' }),
  }),
  z.strictObject({
    survey: z.literal('lsst'),
    id,
    position: Position,
    object: z
      .union([OBJECT_ROWS.lsst.schema, z.strictObject({ ssObjectId: z.string() })])
      .meta({ description: 'The row of lsst.objects; a solar-system object has its id only.' }),
    detections: z.array(DIA_SOURCES.schema).meta({ description: 'Newest first.' }),
    nonDetections: z.array(NONDETECTION_LIMITS.schema).meta({ description: 'Newest first.' }),
    forced: z.array(DIA_FORCED_SOURCES.schema).meta({ description: 'Newest first.' }),
  }),
]);

export const objectEndpoint = endpoint({
  path: '/objects/{survey}/{id}',
  operationId: 'getObject',
  summary: 'An object and its light curve',
  description:
    'Everything known of one object: its features, detections, non-detections and forced photometry, in the survey’s own words and units. 64-bit ids are strings.',
  parameters: z.strictObject({
    survey: z.enum(SURVEYS).meta({ description: 'Survey that named the object.', example: 'ztf' }),
    id: z.string().min(1).max(40).meta({
      description: 'objectId of ZTF or diaObjectId of Rubin.',
      example: 'ZTF21abiuvdk',
    }),
  }),
  answerName: 'Object',
  query: z.strictObject({}),
  answer: ObjectAnswer,
  failures: [{ status: 404, description: 'There is no such object.' }],
  async handle({ context }, { survey, id: objectId }) {
    const { object, lightCurve, position } = await describeObject(context.db, survey, objectId);
    return { id: object.id, position, object: object.row, ...lightCurve };
  },
});
