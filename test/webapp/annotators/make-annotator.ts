import { insertAnnotator } from '../../../common/store/annotations/annotators.ts';
import type { AnnotatorSettings } from '../../../common/store/annotations/annotators.ts';
import type { Site } from '../log-in.ts';

/** Makes an annotator, public and active unless said otherwise. @returns Its key. */
export function makeAnnotator(
  { context: { db, now } }: Site,
  userId: number,
  topic: string,
  settings: Partial<AnnotatorSettings> = {},
): Promise<string> {
  const all = { description: `What ${topic} does`, isActive: true, isPublic: true, ...settings };
  return db.transaction((tx) => insertAnnotator(tx, userId, topic, all, now()));
}
