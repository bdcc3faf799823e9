import { z } from 'zod';

import type { AnnotationRow } from '../../common/store/annotations/annotation-lists.ts';

/** An annotation in the API's answers. */
export const AnnotationSchema = z.strictObject({
  annotationID: z.string().meta({ description: 'Number of the annotation.' }),
  topic: z.string().meta({ description: 'Annotator that wrote it.' }),
  objectId: z.string().meta({ description: 'objectId of ZTF, or diaObjectId of Rubin.' }),
  version: z.string().meta({ description: 'Version of the annotator.' }),
  timestamp: z.string().meta({ description: 'When it was written, ISO 8601, UTC.' }),
  classification: z.string(),
  explanation: z.string(),
  classdict: z
    .record(z.string(), z.unknown())
    .meta({ description: 'What else the annotator says.' }),
  url: z.string().meta({ description: 'Where to read more; empty for nowhere.' }),
});

export function annotationAnswer(row: AnnotationRow): z.input<typeof AnnotationSchema> {
  return {
    ...row,
    timestamp: row.timestamp.toISOString(),
    classdict: classdictOf(row.classdict),
  };
}

/** What a classdict holds: annotations are stored as JSON objects only. */
export function classdictOf(text: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}
