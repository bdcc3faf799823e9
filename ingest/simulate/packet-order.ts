import type { NightOptions } from './options.ts';

/** What a packet thread is to write: alerts as sources and looks, in order. */
export interface PacketOrder {
  options: NightOptions;
  ordinals: Uint16Array;
  source: Int32Array;
  look: Int32Array;
}

/** What it answers to one request: some packets back to back. */
export interface PacketBatch {
  bytes: Uint8Array;
  lengths: number[];
  ids: bigint[];
  objectIds: string[];
}
