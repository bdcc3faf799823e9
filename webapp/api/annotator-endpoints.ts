import { z } from 'zod';

import type { Context } from '../../common/context.ts';
import { deleteWithAnnotations } from '../../common/store/annotations/annotations.ts';
import { replaceAnnotatorKey } from '../../common/store/annotations/annotator-keys.ts';
import {
  insertAnnotator,
  listAnnotators,
  selectOwnAnnotator,
  selectReadableAnnotator,
  updateAnnotator,
} from '../../common/store/annotations/annotators.ts';
import type { Annotator } from '../../common/store/annotations/annotators.ts';
import { requireScope } from '../accounts/account.ts';
import { readerOf } from '../saved-queries/reader.ts';
import { endpoint } from './endpoint.ts';
import { pageFields } from './page-fields.ts';

const AnnotatorSchema = z.strictObject({
  topic: z.string().meta({ description: 'Name of the annotator.' }),
  owner: z.string().nullable().meta({ description: 'Login name of the owner.' }),
  description: z.string(),
  public: z.boolean().meta({ description: 'Whether everybody may see what it writes.' }),
  active: z.boolean().meta({ description: 'Whether it may write.' }),
  createdAt: z.string().meta({ description: 'When it was made, ISO 8601, UTC.' }),
  updatedAt: z.string().meta({ description: 'When it was changed last, ISO 8601, UTC.' }),
});
const WithKeySchema = z.strictObject({
  annotator: AnnotatorSchema,
  key: z.string().meta({ description: 'Writes as this annotator: shown this once.' }),
});

const TopicParameter = z.strictObject({
  topic: z.string().min(1).max(255).meta({
    description: 'Name of the annotator.',
    example: 'fastfinder',
  }),
});
const MISSING = { status: 404, description: 'There is no such annotator that you may see.' };
const FOREIGN = {
  status: 403,
  description: 'It is somebody else’s, or the token lacks the scope.',
};

const Changes = {
  description: z.string().max(4_096).optional().meta({ description: 'What it does.' }),
  public: z.boolean().optional().meta({ description: 'Whether everybody sees it; true at first.' }),
  active: z.boolean().optional().meta({ description: 'Whether it may write; true at first.' }),
};

export const annotatorsEndpoint = endpoint({
  path: '/annotators',
  operationId: 'listAnnotators',
  summary: 'Annotators',
  description: 'Public ones and, with a token of the scope read, your own, which come first.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    show: z.enum(['mine', 'all']).default('all').meta({ description: 'Only your own, or all.' }),
    find: z.string().max(100).default('').meta({
      description: 'Text in the topic or the description.',
    }),
    ...pageFields('Annotators'),
  }),
  answerName: 'Annotators',
  answer: z.strictObject({
    annotators: z.array(AnnotatorSchema),
    hasMore: z.boolean().meta({ description: 'Whether others follow: raise offset.' }),
  }),
  failures: [{ status: 401, description: 'show=mine without a token.' }],
  async handle({ context: { db } }, _parameters, { show, find, limit, offset }, { res }) {
    const isOwn = show === 'mine';
    const readerId = isOwn ? requireScope(res, 'read').userId : readerOf(res);
    const found = await listAnnotators(db, { readerId, isOwn, find, limit: limit + 1, offset });
    return {
      annotators: found.slice(0, limit).map(answerOf),
      hasMore: found.length > limit,
    };
  },
});

export const createAnnotatorEndpoint = endpoint({
  path: '/annotators',
  method: 'post',
  operationId: 'createAnnotator',
  summary: 'Make an annotator',
  description: 'The answer has its key, with which its program writes.',
  parameters: z.strictObject({}),
  query: z.strictObject({
    topic: z.string().max(255).meta({
      description: 'Its name: letters A to Z, digits, “_”, “-”, “.”; nobody else’s.',
    }),
    ...Changes,
  }),
  answerName: 'NewAnnotator',
  answer: WithKeySchema,
  scope: 'write',
  failures: [FOREIGN],
  async handle({ context }, _parameters, given, { res }) {
    const { userId } = requireScope(res, 'write');
    const { topic, description = '', public: isPublic = true, active: isActive = true } = given;
    const settings = { description, isPublic, isActive };
    const name = topic.trim();
    const key = await context.db.transaction((tx) =>
      insertAnnotator(tx, userId, name, settings, context.now()),
    );
    return { annotator: await ownAnswer(context, name, userId), key };
  },
});

export const annotatorEndpoint = endpoint({
  path: '/annotators/{topic}',
  operationId: 'getAnnotator',
  summary: 'An annotator',
  description: 'Private ones need a token of their owner, of the scope read.',
  parameters: TopicParameter,
  query: z.strictObject({}),
  answerName: 'Annotator',
  answer: AnnotatorSchema,
  failures: [MISSING],
  async handle({ context: { db } }, { topic }, _query, { res }) {
    return answerOf(await selectReadableAnnotator(db, topic, readerOf(res)));
  },
});

export const changeAnnotatorEndpoint = endpoint({
  path: '/annotators/{topic}',
  method: 'patch',
  operationId: 'changeAnnotator',
  summary: 'Change an annotator',
  description: 'What is not given stays. The topic cannot be changed.',
  parameters: TopicParameter,
  query: z.strictObject(Changes),
  answerName: 'Annotator',
  answer: AnnotatorSchema,
  scope: 'write',
  failures: [MISSING, FOREIGN],
  async handle({ context }, { topic }, given, { res }) {
    const { userId } = requireScope(res, 'write');
    await context.db.transaction(async (tx) => {
      const before = await selectOwnAnnotator(tx, topic, userId);
      const settings = {
        description: given.description ?? before.description,
        isPublic: given.public ?? before.isPublic,
        isActive: given.active ?? before.isActive,
      };
      await updateAnnotator(tx, topic, userId, settings, context.now());
    });
    return ownAnswer(context, topic, userId);
  },
});

export const deleteAnnotatorEndpoint = endpoint({
  path: '/annotators/{topic}',
  method: 'delete',
  operationId: 'deleteAnnotator',
  summary: 'Delete an annotator with all that it wrote',
  description: 'It cannot be had back. Broken off, it is switched off, and can be deleted again.',
  parameters: TopicParameter,
  query: z.strictObject({}),
  answerName: 'DeletedAnnotator',
  answer: z.strictObject({ deleted: z.string().meta({ description: 'Its topic.' }) }),
  scope: 'write',
  failures: [MISSING, FOREIGN],
  async handle({ context }, { topic }, _query, { res }) {
    const { userId } = requireScope(res, 'write');
    await deleteWithAnnotations(context.db, topic, userId, context.now());
    return { deleted: topic };
  },
});

export const annotatorKeyEndpoint = endpoint({
  path: '/annotators/{topic}/key',
  method: 'post',
  operationId: 'replaceAnnotatorKey',
  summary: 'A new key for an annotator',
  description: 'The one that it had ends at once. Send an empty object.',
  parameters: TopicParameter,
  query: z.strictObject({}),
  answerName: 'NewAnnotator',
  answer: WithKeySchema,
  scope: 'write',
  failures: [MISSING, FOREIGN],
  async handle({ context }, { topic }, _query, { res }) {
    const { userId } = requireScope(res, 'write');
    const key = await context.db.transaction(async (tx) => {
      await selectOwnAnnotator(tx, topic, userId);
      return replaceAnnotatorKey(tx, topic, context.now());
    });
    return { annotator: await ownAnswer(context, topic, userId), key };
  },
});

async function ownAnswer({ db }: Context, topic: string, userId: number) {
  return answerOf(await selectOwnAnnotator(db, topic, userId));
}

function answerOf(annotator: Annotator): z.input<typeof AnnotatorSchema> {
  const { topic, owner, description, isPublic, isActive, createdAt, updatedAt } = annotator;
  return {
    ...{ topic, owner, description, public: isPublic, active: isActive },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
