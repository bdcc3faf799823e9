import { z } from 'zod';

import { MOST_AT_ONCE } from '../../common/annotations/annotation.ts';
import type { SurveyAnnotation } from '../../common/annotations/annotation.ts';
import { problemText, readAnnotation } from '../../common/annotations/read-annotation.ts';
import { SURVEYS } from '../../common/config.ts';
import { InvalidInputError } from '../../common/errors.ts';
import {
  selectAnnotationHistory,
  selectNewestAnnotations,
} from '../../common/store/annotations/annotation-lists.ts';
import { parseObjectId } from '../../common/store/objects.ts';
import { AnnotationSchema, annotationAnswer } from '../annotators/annotation-answer.ts';
import { requireSender, sendAnnotations } from '../annotators/send-annotations.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { endpoint } from './endpoint.ts';
import { limitField } from './page-fields.ts';

const MAX_LIST = 1_000;

const ListSchema = z.strictObject({
  annotations: z.array(AnnotationSchema),
  hasMore: z
    .boolean()
    .meta({ description: 'Whether older ones follow: ask with before=the last annotationID.' }),
});

export const annotationsEndpoint = endpoint({
  path: '/annotations',
  operationId: 'listAnnotations',
  summary: 'What annotators say about objects',
  description:
    'Annotations of public annotators and, with a token of the scope read, of your own; the newest first.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    survey: z.enum(SURVEYS).meta({ description: 'Whose objects.', example: 'ztf' }),
    topic: z.string().min(1).max(255).optional().meta({ description: 'Only of this annotator.' }),
    objectId: z.string().min(1).max(40).optional().meta({ description: 'Only of this object.' }),
    show: z.enum(['newest', 'all']).default('newest').meta({
      description: 'The newest of each annotator about each object, or all there ever were.',
    }),
    since: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Only those written since, ISO 8601 with Z or an offset.' }),
    before: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional()
      .meta({ description: 'Only those with a smaller annotationID: the next page.' }),
    limit: limitField('Annotations to list', MAX_LIST),
  }),
  answerName: 'Annotations',
  answer: ListSchema,
  failures: [],
  async handle({ context: { db } }, _parameters, query, { res }) {
    const { survey, topic, objectId, show, since, before, limit } = query;
    const object = objectId === undefined ? undefined : parseObjectId(objectId);
    if (objectId !== undefined && object?.survey !== survey) {
      throw new InvalidInputError('objectId: no object of this survey is called so');
    }
    const select = show === 'all' ? selectAnnotationHistory : selectNewestAnnotations;
    const rows = await select(db, {
      survey,
      topic,
      objectId: object?.id,
      readerId: readerOf(res),
      since: since === undefined ? undefined : new Date(since),
      before: before === undefined ? undefined : BigInt(before),
      limit: limit + 1,
    });
    return {
      annotations: rows.slice(0, limit).map(annotationAnswer),
      hasMore: rows.length > limit,
    };
  },
});

const FIELDS = {
  topic: z.string().meta({ description: 'Annotator that writes: one of yours.' }),
  objectId: z
    .union([z.string(), z.number()])
    .meta({ description: 'objectId of ZTF, or diaObjectId of Rubin.' }),
  classification: z.string().meta({ description: 'Class, up to 256 letters.' }),
  version: z.string().meta({ description: 'Version of the annotator; 0.1 if not given.' }),
  explanation: z.string().meta({ description: 'Why, for people, up to 1024 letters.' }),
  classdict: z
    .union([z.record(z.string(), z.unknown()), z.string()])
    .meta({ description: 'What else, as an object or as its JSON; up to 4096 letters.' }),
  url: z.string().meta({ description: 'Where to read more, up to 1024 letters.' }),
};

const ResultSchema = z.union([
  z.strictObject({
    annotationID: z.string(),
    repeated: z.boolean().meta({
      description: 'The same was sent within ten minutes: nothing was stored, nobody was told.',
    }),
    known: z.boolean().meta({
      description: 'Whether the object is in the database; the annotation waits for it if not.',
    }),
  }),
  z.strictObject({ problem: z.string().meta({ description: 'Why it was not stored.' }) }),
]);

export const sendAnnotationsEndpoint = endpoint({
  path: '/annotations',
  method: 'post',
  operationId: 'sendAnnotations',
  summary: 'Write annotations',
  description: `One annotation, or up to ${MOST_AT_ONCE} in annotations: what is sound is stored in one transaction, and each result says what became of its annotation. The token is your own, of the scope annotate, or the key of the annotator.`,
  parameters: z.strictObject({}),
  query: z.strictObject({
    ...z.object(FIELDS).partial().shape,
    annotations: z.array(z.unknown()).max(MOST_AT_ONCE).optional().meta({
      description: 'Instead of the other fields: objects of these fields each.',
    }),
  }),
  answerName: 'SentAnnotations',
  answer: z.strictObject({
    stored: z.int(),
    repeated: z.int(),
    refused: z.int(),
    results: z.array(ResultSchema).meta({ description: 'In the order in which they came.' }),
  }),
  scope: 'annotate',
  failures: [
    { status: 401, description: 'No token, or a wrong one.' },
    { status: 429, description: 'Too many requests.' },
  ],
  async handle({ context }, _parameters, { annotations: given, ...single }, { res }) {
    const sender = await requireSender(context, res);
    if (given !== undefined && Object.keys(single).length > 0) {
      throw new InvalidInputError('send one annotation, or a list of them in annotations');
    }
    if (given === undefined && Object.keys(single).length === 0) {
      throw new InvalidInputError(
        'send topic, objectId and classification, or a list of such in annotations',
      );
    }
    const read = (given ?? [single]).map((one) => readAnnotation(one, { isStrict: false }));
    const sound = read.filter((one): one is SurveyAnnotation => !('problems' in one));
    const outcomes = await sendAnnotations(context, sender, sound, { isWhole: false });
    let next = 0;
    const results = read.map((one): z.input<typeof ResultSchema> => {
      if ('problems' in one) return { problem: problemText(one.problems) };
      const outcome = outcomes[next++];
      if ('problem' in outcome) return outcome;
      const { annotationId, isRepeat, isKnown } = outcome;
      return { annotationID: annotationId, repeated: isRepeat, known: isKnown };
    });
    const refused = results.filter((one) => 'problem' in one).length;
    const repeated = results.filter((one) => 'repeated' in one && one.repeated).length;
    return { stored: results.length - refused - repeated, repeated, refused, results };
  },
});
