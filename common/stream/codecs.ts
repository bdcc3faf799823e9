import * as zlib from 'node:zlib';

import { decompress as fzstdDecompress } from 'fzstd';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { compress, uncompress, uncompressSync } from 'snappy';

import { SetupError } from '../errors.ts';

/** Header of snappy-java's stream format, which Java producers and brokers write: `\x82SNAPPY\0`. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The magic, a version and the oldest compatible version. */
const XERIAL_HEADER_BYTES = 16;

/** How kafkajs wants a codec; `encoder` holds the records to compress. */
interface KafkaCodec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

/** zstd came to Node in 22.15 and 23.8. */
interface ZlibWithZstd {
  zstdCompress: ZlibCall;
  zstdDecompress: ZlibCall;
}
type ZlibCall = (input: Buffer, done: (err: Error | null, result: Buffer) => void) => void;

/**
 * Teaches kafkajs, which brings gzip alone, the other codecs of Kafka's record batches. May be
 * called many times.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappyCodec;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4Codec;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstdCodec;
}

/** Whether this Node can also write zstd; reading it works everywhere. */
export const canCompressZstd = hasZstd(zlib);

export const snappyCodec: KafkaCodec = {
  compress: (encoder) => compress(encoder.buffer),
  async decompress(compressed) {
    if (!compressed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
      return asBuffer(await uncompress(compressed));
    }
    const blocks: Buffer[] = [];
    for (let at = XERIAL_HEADER_BYTES; at + 4 <= compressed.length;) {
      const end = at + 4 + compressed.readUInt32BE(at);
      blocks.push(asBuffer(uncompressSync(compressed.subarray(at + 4, end))));
      at = end;
    }
    return Buffer.concat(blocks);
  },
};

export const lz4Codec: KafkaCodec = {
  compress: (encoder) => compressFrame(encoder.buffer),
  decompress: (compressed) => decompressFrame(compressed),
};

export const zstdCodec: KafkaCodec = {
  compress(encoder) {
    if (!hasZstd(zlib)) {
      throw new SetupError('zstd cannot be written by this Node: use 22.15 or later, or lz4');
    }
    return promised(zlib.zstdCompress, encoder.buffer);
  },
  async decompress(compressed) {
    if (hasZstd(zlib)) return promised(zlib.zstdDecompress, compressed);
    const { buffer, byteOffset, byteLength } = fzstdDecompress(compressed);
    return Buffer.from(buffer, byteOffset, byteLength);
  },
};

function hasZstd(candidate: object): candidate is ZlibWithZstd {
  return 'zstdCompress' in candidate && 'zstdDecompress' in candidate;
}

function promised(work: ZlibCall, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    work(input, (err, result) => (err === null ? resolve(result) : reject(err)));
  });
}

function asBuffer(result: string | Buffer): Buffer {
  return typeof result === 'string' ? Buffer.from(result) : result;
}
