import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect } from 'chai';
import { compressSync } from 'snappy';

import type { KafkaSettings } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import type { StreamAdmin } from '../../../common/stream/admin.ts';
import { canCompressZstd, snappyCodec, zstdCodec } from '../../../common/stream/codecs.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import { testFolder, testKafka } from '../../servers.ts';
import { readAll, settingsOf } from './read-topic.ts';

const run = promisify(execFile);
const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const;

/** Small and large, packed well and badly, empty: in one batch as far as it holds them. */
const VALUES = [
  Buffer.from('candid 2385411234567890123'),
  randomBytes(500_000),
  Buffer.alloc(900_000, 'light curve '),
  ...Array.from({ length: 40 }, (_, index) =>
    Buffer.concat([Buffer.alloc(2_000, index), randomBytes(1_000)]),
  ),
  Buffer.alloc(65_536),
];

const digest = (value: Buffer | null) =>
  value === null ? 'null' : createHash('sha256').update(value).digest('hex');
const EXPECTED = VALUES.map(digest);

describe('the codecs of Kafka', () => {
  let settings: KafkaSettings;
  let admin: StreamAdmin;

  before(async () => {
    settings = settingsOf((await testKafka()).brokers);
    admin = createStreamAdmin(settings, silentLog);
  });
  after(() => admin.stop());

  for (const codec of CODECS) {
    it(`reads ${codec} written by librdkafka`, async function () {
      if (!(await hasKcat())) {
        console.log(`      skipped: kcat is not installed, so nothing of librdkafka can be read`); // eslint-disable-line no-console
        return this.skip();
      }
      const topic = `librdkafka-${codec}`;
      await admin.ensureTopic(topic, 1);
      await produceWithKcat(settings, topic, codec);
      const read = await readAll(settings, topic, VALUES.length);
      expect(read.map(({ value }) => digest(value))).to.deep.equal(EXPECTED);
    });

    it(`reads ${codec} written by the Java broker`, async () => {
      const topic = `java-${codec}`;
      await admin.ensureTopic(topic, 1, { 'compression.type': codec });
      // The broker compresses anew what comes in another form: snappy in xerial framing.
      const producer = await createProducer(settings, silentLog);
      await producer.send(
        topic,
        VALUES.map((value) => ({ value })),
      );
      await producer.stop();
      const read = await readAll(settings, topic, VALUES.length);
      expect(read.map(({ value }) => digest(value))).to.deep.equal(EXPECTED);
    });

    it(`reads the ${codec} that it wrote`, async function () {
      if (codec === 'zstd' && !canCompressZstd) {
        console.log('      skipped: this Node cannot write zstd'); // eslint-disable-line no-console
        return this.skip();
      }
      const topic = `own-${codec}`;
      await admin.ensureTopic(topic, 1);
      const producer = await createProducer(settings, silentLog, { compression: codec });
      await producer.send(
        topic,
        VALUES.map((value) => ({ value })),
      );
      await producer.stop();
      const read = await readAll(settings, topic, VALUES.length);
      expect(read.map(({ value }) => digest(value))).to.deep.equal(EXPECTED);
    });
  }

  it('unpacks snappy in xerial framing, block by block', async () => {
    const blocks = VALUES.map((value) => compressSync(value));
    const framed = Buffer.concat([
      Buffer.from('\x82SNAPPY\0', 'latin1'),
      int32(1),
      int32(1),
      ...blocks.flatMap((block) => [int32(block.length), block]),
    ]);
    expect((await snappyCodec.decompress(framed)).equals(Buffer.concat(VALUES))).to.equal(true);
  });

  it('says what zstd needs where this Node cannot write it', async function () {
    if (canCompressZstd) return this.skip();
    const outcome = await Promise.resolve()
      .then(() => zstdCodec.compress({ buffer: Buffer.from('x') }))
      .catch((err: unknown) => err);
    expect(outcome).to.be.an('error').with.property('message').that.includes('22.15');
  });
});

async function hasKcat(): Promise<boolean> {
  return run('kcat', ['-V']).then(
    () => true,
    () => false,
  );
}

/** One message per file, gathered into batches. */
async function produceWithKcat(settings: KafkaSettings, topic: string, codec: string) {
  const folder = join(testFolder(), `kcat-${codec}`);
  mkdirSync(folder, { recursive: true });
  const files = VALUES.map((value, index) => {
    const file = join(folder, `${index}`);
    writeFileSync(file, value);
    return file;
  });
  await run('kcat', [
    ...['-P', '-b', (settings.brokers ?? []).join(','), '-t', topic, '-p', '0', '-z', codec],
    ...['-X', 'linger.ms=300', '-X', 'message.max.bytes=5000000'],
    ...files,
  ]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
