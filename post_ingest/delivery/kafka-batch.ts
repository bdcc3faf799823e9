import type { Context } from '../../common/context.ts';
import { nightOfDate } from '../../common/astro/time.ts';
import { matchId } from '../../common/filters/filter.ts';
import type { Match } from '../../common/filters/filter.ts';
import type { Delivery, Progress } from '../../common/store/outbox-progress.ts';
import type { DueOutputOf } from '../../common/store/outbox.ts';
import type { OutgoingMessage, SentMessages } from '../../common/stream/producer.ts';
import { alertText } from '../../common/delivery/alert-text.ts';
import { MAX_MESSAGE_BYTES } from '../../common/delivery/kafka-topics.ts';
import type { NumberColumns } from './number-columns.ts';
import { recordText } from '../../common/delivery/record-text.ts';

/** Bytes of one output that are sent at once: a request and a batch in Kafka have limits. */
const MAX_BATCH_BYTES = 4_000_000;
const HEADER_BYTES = 200;

/** What is sent of one output at once, and what is to be recorded then. */
export interface KafkaBatch {
  output: DueOutputOf<'kafka'>;
  topic: string;
  messages: OutgoingMessage[];
  /** Place by place with `messages`. */
  seqs: bigint[];
  /** What is not sent: its quota is used up, or it is too large. */
  refused: Delivery[];
  nextSeq: bigint;
  bytes: number;
  rejected: number;
  nid: number;
}

/**
 * The messages of an output, as many as fit into one request.
 *
 * @param matches - The first that wait, in order.
 * @param windowEnd - Up to where `matches` were looked for: what is missing before it is gone.
 */
export async function makeBatch(
  { config, db, now }: Context,
  numbers: NumberColumns,
  output: DueOutputOf<'kafka'>,
  topic: string,
  { matches, windowEnd }: { matches: Match[]; windowEnd: bigint },
): Promise<KafkaBatch> {
  const nid = nightOfDate(now());
  const isNewNight = nid !== output.nid;
  const batch: KafkaBatch = {
    output,
    topic,
    messages: [],
    seqs: [],
    refused: [],
    nextSeq: windowEnd,
    bytes: isNewNight ? 0 : output.bytes,
    rejected: isNewNight ? 0 : output.rejected,
    nid,
  };
  let waiting = 0;
  for (const match of matches) {
    if (batch.bytes >= config.filterQuotaBytes) {
      reject(batch, match, config.filterQuotaBytes);
      continue;
    }
    const { content } = output.settings;
    const columns = await numbers.of(match, output.userId);
    const alert = content === 'columns' ? undefined : await alertText(db, match, content);
    const value = Buffer.from(recordText(match, columns, alert));
    const size = value.length + HEADER_BYTES;
    if (size > MAX_MESSAGE_BYTES) {
      const place = `too large: ${value.length} bytes, at most ${MAX_MESSAGE_BYTES}`;
      batch.refused.push({ seq: match.seq, outcome: 'dropped', place });
    } else if (batch.bytes + value.length > config.filterQuotaBytes) {
      reject(batch, match, config.filterQuotaBytes);
    } else {
      if (batch.messages.length > 0 && waiting + size > MAX_BATCH_BYTES) {
        batch.nextSeq = match.seq;
        break;
      }
      waiting += size;
      batch.bytes += value.length;
      batch.seqs.push(match.seq);
      batch.messages.push(messageOf(match, value));
    }
  }
  return batch;
}

/** The batch's place in the outbox once Kafka has it. */
export function progressOf(batch: KafkaBatch, first: SentMessages['first']): Progress {
  const { output, topic, seqs, refused, nextSeq, bytes, rejected, nid } = batch;
  const sent = seqs.map((seq, i): Delivery => {
    const place =
      first === undefined ? topic : `${topic}/${first.partition}/${first.offset + BigInt(i)}`;
    return { seq, outcome: 'sent', place };
  });
  return {
    queryId: output.queryId,
    channel: 'kafka',
    fromSeq: output.fromSeq,
    nextSeq,
    nid,
    bytes,
    rejected,
    deliveries: [...sent, ...refused],
  };
}

/** The batch without its message at one place, which Kafka will never take. */
export function withoutMessage(batch: KafkaBatch, at: number): KafkaBatch {
  const { length } = batch.messages[at].value ?? Buffer.alloc(0);
  const place = `too large for this Kafka: ${length} bytes`;
  return {
    ...batch,
    messages: batch.messages.filter((_, i) => i !== at),
    seqs: batch.seqs.filter((_, i) => i !== at),
    refused: [...batch.refused, { seq: batch.seqs[at], outcome: 'dropped', place }],
    bytes: batch.bytes - length,
  };
}

/** The beginning of a batch, as a batch. */
export function firstOf(batch: KafkaBatch, count: number): KafkaBatch {
  const nextSeq = batch.seqs[count];
  const later = batch.messages
    .slice(count)
    .reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  const refused = batch.refused.filter(({ seq }) => seq < nextSeq);
  const laterRejected = batch.refused.filter(
    ({ seq, outcome }) => seq >= nextSeq && outcome === 'rejected',
  );
  return {
    ...batch,
    messages: batch.messages.slice(0, count),
    seqs: batch.seqs.slice(0, count),
    refused,
    nextSeq,
    bytes: batch.bytes - later,
    rejected: batch.rejected - laterRejected.length,
  };
}

function messageOf(match: Match, value: Buffer): OutgoingMessage {
  return {
    key: match.objectId,
    value,
    headers: {
      'glint-id': matchId(match),
      'glint-seq': String(match.seq),
      'glint-filter': String(match.queryId),
      ...(match.kind === 'backfill' && { backfill: 'true' }),
    },
  };
}

function reject(batch: KafkaBatch, match: Match, quota: number): void {
  batch.rejected += 1;
  const place = `over the quota of ${quota} bytes a night`;
  batch.refused.push({ seq: match.seq, outcome: 'rejected', place });
}
