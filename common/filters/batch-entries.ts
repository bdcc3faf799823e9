import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { z } from 'zod';

import type { BatchAlert, BatchAnnotation, RefreshedAlert } from './filter.ts';

/** What is new in a batch, by its cause. */
export type BatchEntries =
  | { cause: 'alert'; alerts: readonly BatchAlert[] }
  | { cause: 'refreshed'; alerts: readonly RefreshedAlert[] }
  | { cause: 'annotation'; annotations: readonly BatchAnnotation[] };

/** It is written with every batch of the stream: little time matters more than few bytes. */
const LEVEL = 1;
const LARGEST_BYTES = 256 << 20;

const Alerts = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
const Refreshed = z.array(z.tuple([z.string(), z.string(), z.number(), z.number(), z.number()]));
const Annotations = z.array(z.tuple([z.string(), z.string(), z.string(), z.number()]));

/** The entries as they are kept: rows in JSON, compressed. */
export function packEntries(entries: BatchEntries): Buffer {
  return deflateRawSync(JSON.stringify(rowsOf(entries)), { level: LEVEL });
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
  if (cause === 'refreshed') {
    const alerts = Refreshed.parse(rows).map(
      ([objectId, alertId, observedAtMs, arrivedAtMs, storedAtMs]) => ({
        objectId,
        alertId,
        observedAtMs,
        arrivedAtMs,
        storedAtMs,
      }),
    );
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

function rowsOf(entries: BatchEntries): (string | number)[][] {
  switch (entries.cause) {
    case 'alert':
      return entries.alerts.map(alertRow);
    case 'refreshed':
      return entries.alerts.map((alert) => [...alertRow(alert), alert.storedAtMs]);
    case 'annotation':
      return entries.annotations.map(({ objectId, annotationId, topic, arrivedAtMs }) => [
        objectId,
        annotationId,
        topic,
        arrivedAtMs,
      ]);
  }
}

function alertRow({ objectId, alertId, observedAtMs, arrivedAtMs }: BatchAlert) {
  return [objectId, alertId, observedAtMs, arrivedAtMs];
}
