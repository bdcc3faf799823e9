import { z } from 'zod';

import type { Config } from '../config.ts';

/** Letters of the name of an annotator; with the prefix it is a name of Kafka's as well. */
const LONGEST_TOPIC = 100;

/** The name of an annotator, as it stands in `annotator:fastfinder` and in Kafka's topics. */
export const TopicSchema = z
  .string()
  .trim()
  .min(2, 'the topic has at least 2 letters')
  .max(LONGEST_TOPIC, `the topic has at most ${LONGEST_TOPIC} letters`)
  .regex(
    /^[A-Za-z][\w.-]*$/,
    'the topic begins with a letter and has letters A to Z, digits, “_”, “-” and “.” only',
  )
  .refine((topic) => topic.toLowerCase() !== 'create', 'no annotator can be called “create”');

/** Whether a text could name an annotator at all: servers compare the column with ASCII only. */
export function canBeTopic(text: string): boolean {
  return /^[\x20-\x7e]{1,255}$/.test(text);
}

/** The Kafka topic that an annotator writes to. */
export function kafkaTopicOf(
  { annotationTopicPrefix }: Pick<Config, 'annotationTopicPrefix'>,
  topic: string,
): string {
  return `${annotationTopicPrefix}${topic}`;
}
