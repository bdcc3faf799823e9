import type { Survey } from '../config.ts';

/** When a filter runs. */
export interface Triggers {
  onAlerts: boolean;
  onAnnotations: boolean;
}

/**
 * When an object that passed is told again: at every alert, once, not before so many days have passed,
 * when a column of the result has changed by so much (any other value where it is no number), or when
 * a magnitude has become smaller by so much.
 */
export type FilterMemory =
  | { kind: 'every' }
  | { kind: 'once' }
  | { kind: 'days'; days: number }
  | { kind: 'change'; column: string; by: number }
  | { kind: 'brighter'; column: string; by: number };

export type FilterState = 'on' | 'paused' | 'off';

/** A saved query that is switched on. */
export interface Filter {
  /** Number of the saved query, and of the filter. */
  queryId: number;
  userId: number;
  survey: Survey;
  /** Version of the saved query that runs. */
  version: number;
  triggers: Triggers;
  state: FilterState;
  stateReason: string;
  stateSince: Date;
  /** How long an alert waits for the annotations that the query names, minutes; 0 not at all. */
  waitMinutes: number;
  memory: FilterMemory;
  /** What was sent before this moment is forgotten. */
  memorySince: Date;
  expiresAt: Date | null;
}

export const CHANNELS = ['kafka', 'mail', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What goes to Kafka with the selected columns: as Lasair's outputs 2, 3 and 4. */
export type KafkaContent = 'columns' | 'light-curve' | 'alert';

export interface OutputSettings {
  kafka: { content: KafkaContent };
  /** A digest at 18:05 UTC, or as soon as possible with so many minutes between two. */
  mail: { every: 'day' | 'soon'; gapMinutes: number };
  webhook: { url: string; body: 'json' | 'slack' | 'voevent' };
}

/** An alert of a batch: the object it is of, and when it was observed and came. */
export interface BatchAlert {
  /** objectId, or diaObjectId in digits. */
  objectId: string;
  /** candid or diaSourceId, in digits. */
  alertId: string;
  /** Unix time, milliseconds. */
  observedAtMs: number;
  /** Timestamp in Kafka: Unix time, milliseconds. */
  arrivedAtMs: number;
}

/** An alert of an object that was worked out only after filters had run on it. */
export interface RefreshedAlert extends BatchAlert {
  /** When it was stored: Unix time, milliseconds. */
  storedAtMs: number;
}

/** A new annotation: what it is about and who wrote it. */
export interface BatchAnnotation {
  objectId: string;
  annotationId: string;
  topic: string;
  /** Unix time, milliseconds. */
  arrivedAtMs: number;
}

/** What passed a filter, written once: all channels send it from here. */
export interface Match {
  queryId: number;
  /** 1, 2, 3 ... among those of its filter. */
  seq: bigint;
  survey: Survey;
  objectId: string;
  /** `a` and the number of an alert, or `n` and the number of an annotation. */
  cause: string;
  rowNumber: number;
  kind: 'alert' | 'annotation' | 'backfill';
  version: number;
  alertId: string | null;
  observedAt: Date | null;
  arrivedAt: Date | null;
  matchedAt: Date;
  /** The selected columns under their names: ids as strings, NULL as null. */
  record: Record<string, unknown>;
}

/**
 * What a receiver recognises a repeat by: the same for the same object, alert and filter, however often
 * it is sent and through which channel.
 */
export function matchId(
  match: Pick<Match, 'queryId' | 'objectId' | 'cause' | 'rowNumber'>,
): string {
  const { queryId, objectId, cause, rowNumber } = match;
  return `${queryId}/${objectId}/${cause}${rowNumber === 0 ? '' : `/${rowNumber}`}`;
}
