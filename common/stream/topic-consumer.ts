import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Batch, EachBatchPayload, IHeaders } from 'kafkajs';

import { UpstreamError, describeError } from '../errors.ts';
import type { PartitionOffsets, StreamAdmin } from './admin.ts';
import type { ConsumeOptions, StreamMessage } from './consumer.ts';
import { runGroupSession } from './group-session.ts';
import type { GroupSession, SessionOptions } from './group-session.ts';
import { limitLog } from './limit-log.ts';
import { openPartitionBook } from './partition-book.ts';
import { chooseStart } from './start-offset.ts';
import { untilAborted, whileBeating } from './waiting.ts';

const MOST_LISTENERS = 500;
const BEAT_EVERY_MS = 1_000;
const COMMIT_EVERY_MS = 5_000;
const RETRY_MS = 500;
const MAX_RETRY_MS = 5_000;
/** Trouble that is over sooner is not worth a line: brokers have it each time they start. */
const PATIENCE_MS = 5_000;
/** Looks at the end of a partition until it is believed to lie before what is stored. */
const LOOKS_BEFORE_RESET = 4;
/** Databases keep no time later than the year 9999. */
const LATEST_MS = Date.UTC(9999, 11, 31);

export interface PartitionStats {
  topic: string;
  partition: number;
  /** Whether this process reads it now. */
  isAssigned: boolean;
  /** Next offset to be delivered; undefined before the first assignment. */
  position: bigint | undefined;
  /** Offset that the next message will get, as of the last look. */
  highWatermark: bigint;
  /** Messages that Kafka removed before this process could read them. */
  lost: bigint;
}

export type TopicOptions = Pick<
  ConsumeOptions,
  'kafka' | 'log' | 'from' | 'readOffset' | 'resetOffset' | 'deliver'
> &
  Omit<SessionOptions, 'groupId'> & { admin: StreamAdmin };

export interface TopicConsumer {
  committed(partition: number, nextOffset: bigint): void;
  /** Newest offsets of the topic, for the statistics. */
  noteOffsets(offsets: PartitionOffsets[]): void;
  stats(): PartitionStats[];
  stop(): Promise<void>;
}

/** The partitions that one join of the group gave to this process. */
interface Share {
  revoked: AbortController;
  /** Next offset to deliver, by partition; complete when `located` resolves. */
  next: Map<number, bigint>;
  located: Promise<void>;
}

/** Reads one topic in the group `<group>.<topic>` until it is stopped, whatever happens to Kafka. */
export function consumeTopic(options: TopicOptions): TopicConsumer {
  const { topic, admin } = options;
  const log = options.log.with({ topic });
  const complaints = limitLog(log);
  const stopping = new AbortController();
  const book = openPartitionBook(topic, options.from, log);
  const uncommitted = new Map<number, bigint>();
  let share: Share | undefined;
  let session: GroupSession | undefined;
  let troubledSince: number | undefined;

  const complain = (what: string, err: unknown) => {
    troubledSince ??= Date.now();
    const message = `${what}: ${describeError(err)}`;
    if (Date.now() - troubledSince < PATIENCE_MS) log.debug(message, { err });
    else complaints.warn(message);
  };

  const lookUpOffsets = async (): Promise<Map<number, PartitionOffsets>> => {
    const offsets = (await admin.endOffsets([topic])).get(topic) ?? [];
    book.note(offsets);
    return new Map(offsets.map((one) => [one.partition, one]));
  };

  const locatePartition = async (
    partition: number,
    bounds: PartitionOffsets | undefined,
    isEndCertain: boolean,
  ): Promise<bigint> => {
    if (!bounds) throw new UpstreamError(`partition ${partition} of ${topic} is not there yet`);
    const stored = await options.readOffset(topic, partition);
    const start = chooseStart(stored, book.record(partition).origin, bounds);
    book.countLost(partition, bounds.low - start.lost, bounds.low);
    if (!start.isReset) return start.next;
    if (!isEndCertain) throw new UpstreamError(`${topic}/${partition} ends before what is stored`);
    log.warn(`${topic}/${partition} was made anew: reading it from its first message`, {
      partition,
      stored,
      highWatermark: bounds.high,
    });
    await options.resetOffset?.(topic, partition, start.next);
    return start.next;
  };

  /** Finds where each partition goes on; repeated until both Kafka and the store answer. */
  const locate = async (held: Share, partitions: number[], current: GroupSession) => {
    const { signal } = held.revoked;
    for (let looks = 1; !signal.aborted; looks += 1) {
      try {
        const bounds = await lookUpOffsets();
        const starts = await Promise.all(
          partitions.map(async (partition) => ({
            partition,
            next: await locatePartition(
              partition,
              bounds.get(partition),
              looks >= LOOKS_BEFORE_RESET,
            ),
          })),
        );
        if (signal.aborted) return;
        for (const { partition, next } of starts) {
          moveTo(held, partition, next);
          current.seek(partition, next);
        }
        if (troubledSince !== undefined) log.info(`reading ${topic} again`);
        troubledSince = undefined;
        return;
      } catch (err) {
        complain(`where to go on with ${topic} is not known`, err);
        await untilAborted(sleep(1_000, undefined, { ref: false }), signal);
      }
    }
  };

  const revoke = () => {
    share?.revoked.abort();
    share = undefined;
  };

  const assign = (current: GroupSession, partitions: number[]) => {
    revoke();
    log.debug(`given partitions ${partitions.join(', ') || 'none'} of ${topic}`, { partitions });
    const held: Share = {
      revoked: sharedController(),
      next: new Map(),
      located: Promise.resolve(),
    };
    share = held;
    session = current;
    held.located = locate(held, partitions, current);
  };

  const moveTo = (held: Share, partition: number, next: bigint) => {
    held.next.set(partition, next);
    book.record(partition).position = next;
  };

  /**
   * The fetch did not begin at our place. Retention took what lay there, the topic was made anew,
   * or it was asked for before we knew the place.
   */
  const findPlaceAgain = async (held: Share, partition: number, next: bigint) => {
    const { low, high } = (await lookUpOffsets()).get(partition) ?? { low: next, high: next };
    if (held.revoked.signal.aborted || !session) return;
    if (next > high) return assign(session, [...held.next.keys()]);
    book.countLost(partition, next, low);
    const target = low > next ? low : next;
    moveTo(held, partition, target);
    session.seek(partition, target);
  };

  const takeBatch = async (held: Share, payload: EachBatchPayload) => {
    const { batch } = payload;
    const { partition } = batch;
    const { signal } = held.revoked;
    await held.located;
    const next = held.next.get(partition);
    if (next === undefined || signal.aborted || payload.isStale()) return;
    book.record(partition).highWatermark = BigInt(batch.highWatermark);
    if (fetchedOffset(batch) !== next) return findPlaceAgain(held, partition, next);
    const messages = streamMessages(batch, next);
    try {
      if (messages.length > 0) await options.deliver(messages, { signal });
    } catch (err) {
      if (!signal.aborted) {
        complaints.warn(`messages of ${topic} were not taken: ${describeError(err)}`, { err });
      }
      return untilAborted(sleep(1_000, undefined, { ref: false }), signal);
    }
    if (signal.aborted) return;
    moveTo(held, partition, BigInt(batch.lastOffset()) + 1n);
    payload.resolveOffset(batch.lastOffset());
  };

  const commit = async (current: GroupSession | undefined) => {
    const offsets = new Map([...uncommitted].filter(([partition]) => share?.next.has(partition)));
    uncommitted.clear();
    if (!current || offsets.size === 0) return;
    await current.commit(offsets).catch((err: unknown) => {
      log.debug('the offsets could not be sent to Kafka', { err });
    });
  };

  const openSession = () =>
    runGroupSession(
      { ...options, log, groupId: `${options.kafka.group}.${topic}` },
      {
        assigned: assign,
        revoked: revoke,
        async batch(current, payload) {
          const held = share;
          if (!held) return;
          try {
            await whileBeating(
              takeBatch(held, payload),
              () => payload.heartbeat(),
              BEAT_EVERY_MS,
              held.revoked.signal,
            );
          } catch (err) {
            // kafkajs will fetch the same again, while what was delivered may still be waiting
            // for room: call it all back and begin at what is stored.
            if (share === held) assign(current, [...held.next.keys()]);
            throw err;
          }
        },
        passed(partition, nextOffset) {
          const next = share?.next.get(partition);
          if (share && next !== undefined && nextOffset > next)
            moveTo(share, partition, nextOffset);
        },
        leaving: commit,
      },
      stopping.signal,
    );

  const supervise = async () => {
    let retryMs = RETRY_MS;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const reason = await openSession().catch((err: unknown) => err);
      session = undefined;
      if (stopping.signal.aborted) return;
      complain(`${topic} cannot be read now`, reason);
      if (Date.now() - startedAt > 60_000) retryMs = RETRY_MS;
      await untilAborted(sleep(retryMs, undefined, { ref: false }), stopping.signal);
      retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
    }
  };
  const supervised = supervise();
  const commitTimer = setInterval(() => void commit(session), COMMIT_EVERY_MS).unref();

  return {
    committed: (partition, nextOffset) => void uncommitted.set(partition, nextOffset),
    noteOffsets: (offsets) => book.note(offsets),
    stats: () =>
      book.all().map(([partition, { position, highWatermark, lost }]) => ({
        topic,
        partition,
        isAssigned: share?.next.has(partition) ?? false,
        position,
        highWatermark,
        lost,
      })),
    async stop() {
      clearInterval(commitTimer);
      stopping.abort();
      share?.revoked.abort();
      await supervised;
    },
  };
}

function streamMessages(batch: Batch, from: bigint): StreamMessage[] {
  const { topic, partition } = batch;
  const messages: StreamMessage[] = [];
  for (const { offset: offsetText, timestamp, value, headers } of batch.messages) {
    const offset = BigInt(offsetText);
    if (offset < from) continue;
    const message = { topic, partition, offset, timestampMs: timeOf(timestamp), value };
    const named = headersOf(headers);
    messages.push(named.size === 0 ? message : { ...message, headers: named });
  }
  return messages;
}

/** Writers may say what they like: what is no time that can be kept is the present. */
function timeOf(timestamp: string): number {
  const time = Number(timestamp);
  return time >= 0 && time <= LATEST_MS ? time : Date.now();
}

function headersOf(headers: IHeaders = {}): Map<string, string> {
  const named = new Map<string, string>();
  for (const [name, values] of Object.entries(headers)) {
    const value = Array.isArray(values) ? values.at(-1) : values;
    if (value !== undefined) named.set(name.toLowerCase(), value.toString());
  }
  return named;
}

/** Where the fetch began: kafkajs keeps it in the batch without saying so in its types. */
function fetchedOffset(batch: Batch): bigint {
  const { fetchedOffset: offset } = batch as Batch & { fetchedOffset: string };
  return BigInt(offset);
}

/** Every partition of the topic waits on it, some in two ways: more listeners than Node expects. */
function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(MOST_LISTENERS, controller.signal);
  return controller;
}
