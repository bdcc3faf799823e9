import { parentPort, workerData } from 'node:worker_threads';

import { createWorld, sourceHistory } from './history.ts';
import type { PacketParts, SourceHistory } from './history.ts';
import { lsstPacket } from './lsst-packet.ts';
import type { PacketBatch, PacketOrder } from './packet-order.ts';
import { ztfPacket } from './ztf-packet.ts';

/** A thread that writes its share of a night's packets, in order, as the main thread asks. */
const BATCH_PACKETS = 32;
const BATCH_BYTES = 4_000_000;

const order = workerData as PacketOrder;
const world = createWorld(order.options, order.ordinals);
const write = order.options.survey === 'ztf' ? ztfPacket : lsstPacket;
const histories = new Map<number, SourceHistory>();
const left = countBySource(order.source);
let next = 0;

parentPort?.on('message', () => {
  const batch = makeBatch();
  parentPort?.postMessage(batch, [batch.bytes.buffer as ArrayBuffer]);
  if (next >= order.source.length) parentPort?.close();
});

function makeBatch(): PacketBatch {
  const batch: PacketBatch = { bytes: new Uint8Array(0), lengths: [], ids: [], objectIds: [] };
  const pieces: Buffer[] = [];
  let size = 0;
  while (next < order.source.length && batch.ids.length < BATCH_PACKETS && size < BATCH_BYTES) {
    const packet = makePacket(order.source[next], order.look[next]);
    const length = packet.pieces.reduce((sum, piece) => sum + piece.length, 0);
    pieces.push(...packet.pieces);
    size += length;
    batch.lengths.push(length);
    batch.ids.push(packet.id);
    batch.objectIds.push(packet.objectId);
    next++;
  }
  // Of its own memory, so that it can be handed over whole.
  batch.bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    batch.bytes.set(piece, at);
    at += piece.length;
  }
  return batch;
}

function makePacket(index: number, look: number): PacketParts {
  let history = histories.get(index);
  if (history === undefined) {
    history = sourceHistory(world, index);
    histories.set(index, history);
  }
  const remaining = left.get(index)! - 1;
  left.set(index, remaining);
  if (remaining === 0) histories.delete(index);
  return write(world, history, history.places.get(look)!);
}

function countBySource(sources: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1);
  return counts;
}
