import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';

import avro from 'avsc';
import { expect } from 'chai';
import { compressSync } from 'snappy';

import { compileDecoder } from '../../../common/avro/compile.ts';
import { readBlocks, readContainerHeader } from '../../../common/avro/container.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import { PacketError } from '../../../common/errors.ts';
import { writeLong, writeString } from '../../../ingest/simulate/avro-writer.ts';
import { avscType } from './avsc-oracle.ts';

const SCHEMA = {
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'name', type: 'string' },
  ],
};
const RECORDS = Array.from({ length: 40 }, (_, i) => ({
  id: 2n ** 60n + BigInt(i),
  name: 'object '.repeat(i),
}));
const MARKER = Buffer.from('0123456789abcdef');

/** A container as another implementation writes it. */
async function container(codec: string, blockSize = 1 << 16): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(avscType(SCHEMA), {
    codec,
    blockSize,
    codecs: {
      ...avro.streams.BlockEncoder.defaultCodecs(),
      snappy: (block: Buffer, done: (err: Error | null, bytes: Buffer) => void) =>
        done(null, snappyBlock(block)),
    },
  });
  const bytes = buffer(encoder);
  for (const record of RECORDS) if (!encoder.write(record)) await once(encoder, 'drain');
  encoder.end();
  return bytes;
}

function snappyBlock(plain: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(plain));
  return Buffer.concat([compressSync(plain), checksum]);
}

/** A container with one block of these bytes, whatever they are. */
function containerOf(
  codec: string,
  count: number | bigint,
  block: Buffer,
  schema = '"int"',
): Buffer {
  return Buffer.concat([
    Buffer.from('Obj\x01', 'latin1'),
    writeLong(2),
    ...[...writeString('avro.codec'), ...writeString(codec)],
    ...[...writeString('avro.schema'), ...writeString(schema)],
    writeLong(0),
    MARKER,
    writeLong(count),
    writeLong(block.length),
    block,
    MARKER,
  ]);
}

function readAll(packet: Buffer) {
  const header = readContainerHeader(packet);
  const decoder = compileDecoder(resolveSchema(JSON.parse(header.schema.toString())));
  const records: unknown[] = [];
  let blocks = 0;
  for (const { count, bytes, start, end } of readBlocks(packet, header)) {
    let at = start;
    blocks++;
    for (let i = 0; i < count; i++) {
      const { value, end: next } = decoder.decode(bytes, at, end);
      records.push(value);
      at = next;
    }
    expect(at).to.equal(end);
  }
  return { records, blocks };
}

function fault(read: () => unknown): string {
  try {
    read();
  } catch (err) {
    if (err instanceof PacketError) return `${err.fault}: ${err.message}`;
    throw err;
  }
  return 'none';
}

const blocksOf = (packet: Buffer) => [...readBlocks(packet, readContainerHeader(packet))];

describe('Avro containers', () => {
  for (const codec of ['null', 'deflate', 'snappy']) {
    it(`reads several records and blocks with codec ${codec}`, async () => {
      const whole = readAll(await container(codec));
      expect(whole.records).to.deep.equal(RECORDS);
      expect(whole.blocks).to.equal(1);
      const small = readAll(await container(codec, 500));
      expect(small.records).to.deep.equal(RECORDS);
      expect(small.blocks).to.be.above(5);
    });
  }

  it('reads a header in several pieces, sizes before them or not, and what it does not know', () => {
    const schema = JSON.stringify(SCHEMA);
    const piece = Buffer.concat([...writeString('avro.schema'), ...writeString(schema)]);
    const packet = Buffer.concat([
      Buffer.from('Obj\x01', 'latin1'),
      writeLong(1),
      ...[...writeString('who.wrote.it'), ...writeString('somebody')],
      writeLong(-1),
      writeLong(piece.length),
      piece,
      writeLong(0),
      MARKER,
    ]);
    const header = readContainerHeader(packet);
    expect(header.schema.toString()).to.equal(schema);
    expect(header.codec).to.equal('null');
    expect([...readBlocks(packet, header)]).to.deep.equal([]);
  });

  it('says what is wrong', () => {
    expect(fault(() => readContainerHeader(Buffer.from('{"alert": 1}')))).to.match(/^not_avro/);
    expect(fault(() => readContainerHeader(Buffer.alloc(0)))).to.match(/^not_avro/);
    const sound = containerOf('null', 1, writeLong(5));
    const marker = Buffer.from(sound);
    marker[marker.length - 1] ^= 1;
    expect(fault(() => blocksOf(marker))).to.match(/^damaged.*marker/);
    expect(fault(() => blocksOf(sound.subarray(0, -1)))).to.match(/^damaged.*ends too early/);
    const lzma = containerOf('lzma2', 1, writeLong(5));
    expect(fault(() => blocksOf(lzma))).to.match(/^unsupported_schema.*lzma2/);
    for (const codec of ['deflate', 'snappy']) {
      const junk = containerOf(codec, 1, Buffer.alloc(40, 0xee));
      expect(
        fault(() => blocksOf(junk)),
        codec,
      ).to.match(/^damaged|^too_large/);
      const empty = containerOf(codec, 1, Buffer.alloc(0));
      expect(
        fault(() => blocksOf(empty)),
        codec,
      ).to.match(/^damaged/);
    }
    const wrong = snappyBlock(Buffer.from('some bytes'));
    wrong[wrong.length - 1] ^= 1;
    expect(fault(() => blocksOf(containerOf('snappy', 1, wrong)))).to.match(/^damaged.*checksum/);
    const headless = Buffer.concat([Buffer.from('Obj\x01\x00', 'latin1'), MARKER]);
    expect(fault(() => readContainerHeader(headless))).to.match(/^damaged.*no schema/);
    const long = containerOf('null', 1, writeLong(5), `"${'int'.repeat(400_000)}"`);
    expect(fault(() => readContainerHeader(long))).to.match(/^unknown_schema.*bytes/);
  });

  it('refuses counts and sizes that no packet has', () => {
    for (const n of [-1n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)]) {
      const head = containerOf('null', n, Buffer.alloc(0)).subarray(0, -MARKER.length - 1);
      const packet = Buffer.concat([head, writeLong(n), MARKER]);
      expect(
        fault(() => blocksOf(packet)),
        String(n),
      ).to.match(/^damaged/);
    }
    const endless = Buffer.concat([Buffer.from('Obj\x01', 'latin1'), Buffer.alloc(400, 0xff)]);
    expect(fault(() => readContainerHeader(endless))).to.match(/^damaged/);
  });

  it('unpacks no more than a packet can be', () => {
    const zeros = Buffer.alloc(40 << 20);
    const bomb = deflateRawSync(zeros);
    expect(bomb.length).to.be.below(50_000);
    expect(fault(() => blocksOf(containerOf('deflate', 1, bomb)))).to.match(/^too_large.*32 MB/);
    const snappy = containerOf('snappy', 1, snappyBlock(zeros));
    expect(fault(() => blocksOf(snappy))).to.match(/^too_large/);
    // Nor in many blocks that are each within the limit.
    const block = deflateRawSync(Buffer.alloc(10 << 20));
    const blocks = Array.from({ length: 6 }, () => [
      writeLong(1),
      writeLong(block.length),
      block,
      MARKER,
    ]);
    const many = Buffer.concat([
      containerOf('deflate', 1, deflateRawSync(Buffer.from('x'))),
      ...blocks.flat(),
    ]);
    expect(fault(() => blocksOf(many))).to.match(/^too_large/);
  });
});
