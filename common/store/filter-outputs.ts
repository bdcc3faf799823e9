import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import type { Channel, OutputSettings } from '../filters/filter.ts';
import type { Queries } from './database.ts';
import { JsonText } from './json-text.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('filter-outputs.sql', [
  'selectOutputs',
  'saveOutput',
  'endOutput',
  'noteOutputProblem',
]);

const SECRET_BYTES = 32;
/** What is kept of a problem, characters. */
export const MAX_PROBLEM = 1_024;

const OutputColumns = {
  mq_id: z.int(),
  active: z.int(),
  secret: z.string().nullable(),
  next_seq: z.coerce.bigint(),
  failures: z.int(),
  retry_at: z.date().nullable(),
  problem: z.string(),
  nid: z.int(),
  bytes: z.coerce.number(),
  rejected: z.coerce.number(),
  sent: z.coerce.number(),
  last_sent_at: z.date().nullable(),
};
/** The settings of each channel, as they are kept. */
export const OUTPUT_SETTINGS = {
  kafka: z.strictObject({ content: z.enum(['columns', 'light-curve', 'alert']) }),
  mail: z.strictObject({
    every: z.enum(['day', 'soon']),
    gapMinutes: z.int().min(1).max(1_440),
  }),
  webhook: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).max(2_000),
    body: z.enum(['json', 'slack', 'voevent']),
  }),
} satisfies { [C in Channel]: z.ZodType<OutputSettings[C]> };

/** The columns that tell the channel of an output, with the settings of that channel. */
export const SETTINGS_OF = {
  kafka: { channel: z.literal('kafka'), settings: JsonText.pipe(OUTPUT_SETTINGS.kafka) },
  mail: { channel: z.literal('mail'), settings: JsonText.pipe(OUTPUT_SETTINGS.mail) },
  webhook: { channel: z.literal('webhook'), settings: JsonText.pipe(OUTPUT_SETTINGS.webhook) },
};

const OutputRow = z
  .discriminatedUnion('channel', [
    z.strictObject({ ...OutputColumns, ...SETTINGS_OF.kafka }),
    z.strictObject({ ...OutputColumns, ...SETTINGS_OF.mail }),
    z.strictObject({ ...OutputColumns, ...SETTINGS_OF.webhook }),
  ])
  .transform((row): FilterOutput => {
    const progress = {
      queryId: row.mq_id,
      isActive: row.active === 1,
      secret: row.secret,
      nextSeq: row.next_seq,
      failures: row.failures,
      retryAt: row.retry_at,
      problem: row.problem,
      nid: row.nid,
      bytes: row.bytes,
      rejected: row.rejected,
      sent: row.sent,
      lastSentAt: row.last_sent_at,
    };
    switch (row.channel) {
      case 'kafka':
        return { ...progress, channel: row.channel, settings: row.settings };
      case 'mail':
        return { ...progress, channel: row.channel, settings: row.settings };
      case 'webhook':
        return { ...progress, channel: row.channel, settings: row.settings };
    }
  });

/** Where the matches of a filter are sent, and how far that got. */
export type FilterOutput = { [C in Channel]: OutputOf<C> }[Channel];
interface OutputOf<C extends Channel> {
  queryId: number;
  channel: C;
  settings: OutputSettings[C];
  isActive: boolean;
  /** What a webhook is signed with, or what an unsubscribing link holds. */
  secret: string | null;
  /** The first match that was not sent yet. */
  nextSeq: bigint;
  failures: number;
  retryAt: Date | null;
  problem: string;
  /** Night that bytes and rejected are of. */
  nid: number;
  bytes: number;
  rejected: number;
  sent: number;
  lastSentAt: Date | null;
}

/** All outputs that a filter has or had. */
export function selectOutputs(db: Queries, queryId: number): Promise<FilterOutput[]> {
  return db.rows(OutputRow, sql.selectOutputs, { queryId });
}

/** Sends a filter's matches to a channel, from the next one on where it did not before. */
export async function saveOutput<C extends Channel>(
  tx: Queries,
  queryId: number,
  channel: C,
  settings: OutputSettings[C],
): Promise<void> {
  await tx.execute(sql.saveOutput, {
    queryId,
    channel,
    settings: JSON.stringify(OUTPUT_SETTINGS[channel].parse(settings)),
    secret: channel === 'kafka' ? null : randomBytes(SECRET_BYTES).toString('hex'),
  });
}

/** Ends sending to a channel: an unsubscribing link, or a change of settings. */
export async function endOutput(tx: Queries, queryId: number, channel: Channel): Promise<void> {
  await tx.execute(sql.endOutput, { queryId, channel });
}

/** Tells the owner, on the page of the filter, what went wrong besides sending: what is sent clears it. */
export async function noteOutputProblem(
  db: Queries,
  queryId: number,
  channel: Channel,
  problem: string,
): Promise<void> {
  const text = problem.slice(0, MAX_PROBLEM);
  await db.execute(sql.noteOutputProblem, { queryId, channel, problem: text });
}
