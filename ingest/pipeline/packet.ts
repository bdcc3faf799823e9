import type { PacketError } from '../../common/errors.ts';
import type { Alert } from '../surveys/survey.ts';

/** One message of a stream, or one packet fed directly. */
export interface Packet {
  topic: string;
  partition: number;
  /** Kafka offset; null for packets that were fed without Kafka. */
  offset: bigint | null;
  /** Kafka's timestamp, or when the packet was fed: Unix time, milliseconds. */
  timestampMs: number;
  value: Buffer;
}

/** A packet read by its survey's adapter: what was sound, and why the rest was not. */
export interface DecodedPacket<A extends Alert> {
  packet: Packet;
  alerts: A[];
  fault?: PacketError;
}

/** Topic under which packets appear in the ledger that came without Kafka. */
export function directTopic(survey: string): string {
  return `direct:${survey}`;
}
