import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { z } from 'zod';

import type { BatchAlert, BatchAnnotation } from './filter.ts';

/** What is new in a batch, by its cause. */
export type BatchEntries =
  | { cause: 'alert'; alerts: readonly BatchAlert[] }
  | { cause: 'annotation'; annotations: readonly BatchAnnotation[] };

/** It is written with every batch of the stream: little time matters more than few bytes. */
const LEVEL = 1;
const LARGEST_BYTES = 256 << 20;

const Alerts = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
const Annotations = z.array(z.tuple([z.string(), z.string(), z.string(), z.number()]));

/** The entries as they are kept: rows in JSON, compressed. */
export function packEntries(entries: BatchEntries): Buffer {
  const rows =
    entries.cause === 'alert'
      ? entries.alerts.map(({ objectId, alertId, observedAtMs, arrivedAtMs }) => [
          objectId,
          alertId,
          observedAtMs,
          arrivedAtMs,
        ])
      : entries.annotations.map(({ objectId, annotationId, topic, arrivedAtMs }) => [
          objectId,
          annotationId,
          topic,
          arrivedAtMs,
        ]);
  return deflateRawSync(JSON.stringify(rows), { level: LEVEL });
}

/** @throws if the bytes are not what `packEntries` makes for this cause. */
export function unpackEntries(cause: BatchEntries['cause'], packed: Uint8Array): BatchEntries {
  const text = inflateRawSync(packed, { maxOutputLength: LARGEST_BYTES }).toString('utf8');
  const rows: unknown = JSON.parse(text);
  if (cause === 'alert') {
    const alerts = Alerts.parse(rows).map(([objectId, alertId, observedAtMs, arrivedAtMs]) => ({
      objectId,
      alertId,
      observedAtMs,
      arrivedAtMs,
    }));
    return { cause, alerts };
  }
  const annotations = Annotations.parse(rows).map(
    ([objectId, annotationId, topic, arrivedAtMs]) => ({
      objectId,
      annotationId,
      topic,
      arrivedAtMs,
    }),
  );
  return { cause, annotations };
}
