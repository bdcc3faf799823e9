import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { Match } from '../filters/filter.ts';
import { JsonText } from './json-text.ts';

/** A row of `glint.matches`. */
export const MatchRow = z
  .strictObject({
    mq_id: z.int(),
    seq: z.coerce.bigint(),
    survey: z.enum(SURVEYS),
    object_id: z.string(),
    cause: z.string(),
    row_number: z.int(),
    kind: z.enum(['alert', 'annotation', 'backfill']),
    version: z.int(),
    alert_id: z.string().nullable(),
    observed_at: z.date().nullable(),
    arrived_at: z.date().nullable(),
    matched_at: z.date(),
    record: JsonText.pipe(z.record(z.string(), z.unknown())),
  })
  .transform((row): Match => ({
    queryId: row.mq_id,
    seq: row.seq,
    survey: row.survey,
    objectId: row.object_id,
    cause: row.cause,
    rowNumber: row.row_number,
    kind: row.kind,
    version: row.version,
    alertId: row.alert_id,
    observedAt: row.observed_at,
    arrivedAt: row.arrived_at,
    matchedAt: row.matched_at,
    record: row.record,
  }));
