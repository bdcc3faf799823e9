import type { Survey } from '../config.ts';

/** What an annotator says about an object. */
export interface Annotation {
  topic: string;
  /** objectId, or diaObjectId in digits. */
  objectId: string;
  classification: string;
  version: string;
  explanation: string;
  /** A JSON object, as text. */
  classdict: string;
  /** Where to read more; empty for nowhere. */
  url: string;
}

/** An annotation, and the survey whose object it is about. */
export interface SurveyAnnotation {
  survey: Survey;
  annotation: Annotation;
}

/** Letters that each part may have; Lasair's limits, the larger of its two generations'. */
export const LONGEST = {
  topic: 255,
  classification: 256,
  version: 256,
  explanation: 1_024,
  classdict: 4_096,
  url: 1_024,
} as const;

/** Annotations that may come in one call. */
export const MOST_AT_ONCE = 1_000;

/** Lists and objects within one another in a classdict: servers read 32 at the most. */
export const DEEPEST = 16;
