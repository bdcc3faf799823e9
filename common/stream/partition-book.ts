import { UpstreamError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { PartitionOffsets } from './admin.ts';

/** What is known of a partition, whoever reads it now. */
interface PartitionRecord {
  /** Where reading begins while nothing is stored. */
  origin: bigint;
  /** Next offset to be delivered; undefined before the first assignment. */
  position: bigint | undefined;
  /** Offset that the next message will get, as of the last look. */
  highWatermark: bigint;
  /** Messages that Kafka removed before this process could read them. */
  lost: bigint;
  /** Losses below this offset are counted already. */
  lostBelow: bigint;
}

/** The partitions of one topic, remembered while assignments come and go. */
export interface PartitionBook {
  /** Takes down the newest ends of the partitions. */
  note(offsets: PartitionOffsets[]): void;
  /** @throws {UpstreamError} if its offsets were never noted. */
  record(partition: number): PartitionRecord;
  /** Counts what retention took between `next` and `low`, once. */
  countLost(partition: number, next: bigint, low: bigint): void;
  all(): [partition: number, record: Readonly<PartitionRecord>][];
}

/**
 * @param from - Where partitions begin that exist when the topic is first looked at. Partitions
 *   that come later are new: they begin at their first message.
 */
export function openPartitionBook(
  topic: string,
  from: 'earliest' | 'latest',
  log: Log,
): PartitionBook {
  const records = new Map<number, PartitionRecord>();

  const record = (partition: number): PartitionRecord => {
    const known = records.get(partition);
    if (!known) throw new UpstreamError(`partition ${partition} of ${topic} is not there yet`);
    return known;
  };

  return {
    record,
    all: () => [...records],
    note(offsets) {
      const isFirstLook = records.size === 0;
      for (const { partition, low, high } of offsets) {
        const known = records.get(partition);
        if (known) {
          known.highWatermark = high;
          continue;
        }
        records.set(partition, {
          origin: isFirstLook && from === 'latest' ? high : low,
          position: undefined,
          highWatermark: high,
          lost: 0n,
          lostBelow: 0n,
        });
      }
    },
    countLost(partition, next, low) {
      const known = record(partition);
      const first = next > known.lostBelow ? next : known.lostBelow;
      if (low <= first) return;
      known.lost += low - first;
      known.lostBelow = low;
      log.warn(
        `${low - first} messages of ${topic}/${partition} are lost: Kafka removed them before they were read`,
        { partition, lost: low - first, firstOffset: first, nextOffset: low },
      );
    },
  };
}
