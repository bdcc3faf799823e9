import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { selectObjectAnnotations } from '../../common/store/annotations/annotation-lists.ts';
import type { Queries } from '../../common/store/database.ts';
import {
  CANDIDATES,
  DIA_FORCED_SOURCES,
  DIA_SOURCES,
  FORCEDPHOT,
  NONCANDIDATES,
  NONDETECTION_LIMITS,
  WHOLE_ROWS,
  selectWholeLightCurve,
  selectWholeSolarSystemSources,
} from '../../common/store/light-curves.ts';
import type { WholeLightCurve } from '../../common/store/light-curves.ts';
import { OBJECT_ROWS } from '../../common/store/objects.ts';
import type { RowReader } from '../../common/store/row-reader.ts';
import { ORBITS } from '../../common/store/solar-system.ts';
import { AnnotationSchema, annotationAnswer } from '../annotators/annotation-answer.ts';
import { describeObject } from '../object-view.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { endpoint } from './endpoint.ts';
import { surroundingsAnswer, surroundingsShape } from './surroundings-answer.ts';

const Position = z.strictObject({
  ra: z.number().meta({ description: 'Mean right ascension, ICRS [deg]' }),
  dec: z.number().meta({ description: 'Mean declination, ICRS [deg]' }),
  raSexagesimal: z.string().meta({ description: 'hh:mm:ss.ss' }),
  decSexagesimal: z.string().meta({ description: '±dd:mm:ss.s' }),
  galacticLon: z.number().meta({ description: 'Galactic longitude [deg]' }),
  galacticLat: z.number().meta({ description: 'Galactic latitude [deg]' }),
});
const id = z.string().meta({ description: 'Name of the object; always a string.' });

/** Rows as they come, and as they come with `columns=all`. */
const rows = <Row, Whole>(few: RowReader<Row>, all: RowReader<Whole>) =>
  z.union([z.array(few.schema), z.array(all.schema)]).meta({
    description: 'Newest first: the second form, every column of the table, with columns=all.',
  });

const WANDERER = z.strictObject({
  ssObjectId: z.string(),
  designation: z.string().nullable().meta({ description: 'Provisional designation.' }),
});

const annotations = z.array(AnnotationSchema).meta({
  description: 'The newest of each annotator: of public ones and of your own.',
});

const ObjectAnswer = z.discriminatedUnion('survey', [
  z.strictObject({
    survey: z.literal('ztf'),
    id,
    position: Position,
    object: OBJECT_ROWS.ztf.schema.meta({
      description: 'The row of ztf.objects, with every column.',
    }),
    ...surroundingsShape('ztf'),
    annotations,
    detections: rows(CANDIDATES, WHOLE_ROWS.ztf.detections),
    nonDetections: rows(NONCANDIDATES, WHOLE_ROWS.ztf.nonDetections),
    forced: rows(FORCEDPHOT, WHOLE_ROWS.ztf.forced),
  }),
  z.strictObject({
    survey: z.literal('lsst'),
    id,
    position: Position,
    object: z.union([OBJECT_ROWS.lsst.schema, WANDERER]).meta({
      description:
        'The row of lsst.objects, with every column; a solar-system object has its number and designation only.',
    }),
    orbit: ORBITS.schema
      .nullable()
      .meta({ description: 'Of a solar-system object: from lsst.mpc_orbits.' }),
    ...surroundingsShape('lsst'),
    annotations,
    detections: rows(DIA_SOURCES, WHOLE_ROWS.lsst.detections),
    nonDetections: rows(NONDETECTION_LIMITS, WHOLE_ROWS.lsst.nonDetections),
    forced: rows(DIA_FORCED_SOURCES, WHOLE_ROWS.lsst.forced),
  }),
]);

export const objectEndpoint = endpoint({
  path: '/objects/{survey}/{id}',
  operationId: 'getObject',
  summary: 'An object, what is around it, and its light curve',
  description:
    'Everything known of one object: its features, what lies around it on the sky, its names in the Transient Name Server and in the other survey, comments, and its detections, non-detections and forced photometry, in the survey’s own words and units. 64-bit ids are strings.',
  parameters: z.strictObject({
    survey: z.enum(SURVEYS).meta({ description: 'Survey that named the object.', example: 'ztf' }),
    id: z.string().min(1).max(40).meta({
      description: 'objectId of ZTF or diaObjectId of Rubin.',
      example: 'ZTF21abiuvdk',
    }),
  }),
  answerName: 'Object',
  query: z.strictObject({
    columns: z.enum(['main', 'all']).default('main').meta({
      description:
        'Of each point of the light curve: its main columns, or all that the survey sent, which for an object with a thousand detections makes some megabytes.',
    }),
  }),
  answer: ObjectAnswer,
  failures: [{ status: 404, description: 'There is no such object.' }],
  async handle({ context: { db } }, { survey, id: objectId }, { columns }, { res }) {
    const view = await describeObject(db, survey, objectId);
    const { object, lightCurve, position, orbit, isSolarSystem } = view;
    const said = await selectObjectAnnotations(db, survey, object.id, readerOf(res));
    const isWhole = columns === 'all';
    const shared = {
      id: object.id,
      position,
      object: object.row,
      ...surroundingsAnswer(survey, view),
      annotations: said.map(annotationAnswer),
    };
    if (lightCurve.survey === 'ztf') {
      const points = isWhole ? await selectWholeLightCurve(db, 'ztf', object.id) : lightCurve;
      return { ...shared, ...points, survey: 'ztf' as const };
    }
    const select = isSolarSystem ? selectWholeSolarSystemSources : selectWholeLsst;
    const points = isWhole ? await select(db, object.id) : lightCurve;
    return { ...shared, orbit, ...points, survey: 'lsst' as const };
  },
});

function selectWholeLsst(db: Queries, diaObjectId: string): Promise<WholeLightCurve> {
  return selectWholeLightCurve(db, 'lsst', diaObjectId);
}
