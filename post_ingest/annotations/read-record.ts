import type { SurveyAnnotation } from '../../common/annotations/annotation.ts';
import { parseAnnotationJson } from '../../common/annotations/parse-json.ts';
import { problemText, readAnnotation } from '../../common/annotations/read-annotation.ts';
import type { StreamMessage } from '../../common/stream/consumer.ts';

/** Many times what the longest annotation has: what is larger is not even looked at. */
const LARGEST_BYTES = 64 << 10;
const AUTHORIZATION = /^\s*(?:(?:token|bearer)\s+)?([0-9a-f]{40})\s*$/i;

/** A record of Kafka's: an annotation, or why it is none; and the key that it came with. */
export type ReadRecord = (SurveyAnnotation | { problem: string }) & { key: string | undefined };

/**
 * Reads a record as Lasair's `lasair_producer` sends it: JSON with objectId, classification and what
 * else there is. The topic is that of the annotator whose Kafka topic it came by; a record that names
 * another is none of it.
 *
 * @param topic - Annotator of the Kafka topic.
 */
export function readRecord(message: StreamMessage, topic: string): ReadRecord {
  const fromHeader = AUTHORIZATION.exec(message.headers?.get('authorization') ?? '')?.[1];
  const refused = (problem: string, key = fromHeader): ReadRecord => ({ problem, key });
  const { value } = message;
  if (value === null || value.length === 0) return refused('the record is empty');
  if (value.length > LARGEST_BYTES) return refused(`the record has ${value.length} bytes`);
  let record: unknown;
  try {
    record = parseAnnotationJson(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    return refused('the record is no JSON in UTF-8 (NaN and Infinity are none)');
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return refused('the record is no JSON object');
  }
  const { key: own, topic: named, ...fields } = record as Record<string, unknown>;
  const fromField = typeof own === 'string' ? AUTHORIZATION.exec(own)?.[1] : undefined;
  const key = fromHeader ?? fromField;
  if (named !== undefined && named !== topic && named !== message.topic) {
    return refused(`the record is of another topic than ${topic}`, key);
  }
  const read = readAnnotation({ ...fields, topic }, { isStrict: false });
  return 'problems' in read ? refused(problemText(read.problems), key) : { ...read, key };
}

/** The bytes as they may be kept where staff sees them: without the key. */
export function withoutKey(value: Buffer | null): Buffer {
  if (value === null) return Buffer.alloc(0);
  const text = value.toString('latin1');
  return Buffer.from(text.replace(/("key"\s*:\s*")[^"]*"/g, '$1..."'), 'latin1');
}
