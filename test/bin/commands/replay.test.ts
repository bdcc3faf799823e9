import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import { pack } from 'tar-stream';
import { z } from 'zod';

import { projectRoot } from '../../../common/project-root.ts';
import type { Database } from '../../../common/store/database.ts';
import { until } from '../../common/stream/read-topic.ts';
import { rubinPacket } from '../../ingest/surveys/lsst/small-packet.ts';
import { smallZtfPacket } from '../../ingest/surveys/ztf/small-packet.ts';
import { freshDatabase, testFolder, testKafka } from '../../servers.ts';

const Summary = z.object({
  packets: z.int(),
  received: z.int(),
  stored: z.int(),
  known: z.int(),
  deadLettered: z.int(),
  stopped: z.boolean(),
});

describe('bin/glint replay', () => {
  let db: Database;
  let url: string;
  let folder: string;
  before(async () => {
    ({ db, url } = await freshDatabase());
    folder = mkdtempSync(join(testFolder(), 'replay-'));
    mkdirSync(join(folder, 'night', 'deep'), { recursive: true });
    const packets: Record<string, Buffer> = {
      'a.avro': smallZtfPacket({ candid: 1n }),
      'b.avro': smallZtfPacket({ candid: 2n }),
      'deep/c.avro': rubinPacket(1000, { diaSourceId: 3n }),
      'deep/d.avro': rubinPacket(1000, { diaSourceId: 3n }),
      'readme.txt': Buffer.from('no packet'),
    };
    const archive = pack();
    for (const [name, bytes] of Object.entries(packets)) {
      writeFileSync(join(folder, 'night', name), bytes);
      archive.entry({ name }, bytes);
    }
    archive.entry({ name: 'e.avro' }, smallZtfPacket({ candid: 4n }));
    archive.finalize();
    writeFileSync(join(folder, 'night.tar.gz'), gzipSync(await buffer(archive)));
  });
  after(async () => {
    await db?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(words: string[], settings: Record<string, string> = {}) {
    return spawn(
      process.execPath,
      ['--import', 'tsx', join(projectRoot, 'bin', 'glint.ts'), 'replay', ...words],
      {
        cwd: projectRoot,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH,
          GLINT_DATABASE_URL: url,
          GLINT_HOME: folder,
          GLINT_LOG_LEVEL: 'error',
          ...settings,
        },
      },
    );
  }

  async function ended(child: ReturnType<typeof start>) {
    const [output, errors, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return { output, errors, code };
  }

  const glint = (...words: string[]) => ended(start(words));
  const summaryOf = async (...words: string[]) => {
    const { output, errors, code } = await glint(...words, '--json');
    expect([errors, code]).to.deep.equal(['', 0]);
    return Summary.parse(JSON.parse(output));
  };

  it('stores what is in a folder, and tells what is not', async () => {
    const { output, errors, code } = await glint(join(folder, 'night'));
    expect([errors, code]).to.deep.equal(['', 0]);
    expect(output).to.match(
      /^5 packets .*: 5 alerts received, 3 stored, 1 known before, 1 in the dead letters \(bin\/glint dead-letters list\)\n$/,
    );
    const rows = await db.arrays('SELECT candid FROM ztf.candidates ORDER BY candid');
    expect(rows.flat()).to.deep.equal(['1', '2']);
    const letters = await db.arrays('SELECT survey, fault FROM glint.dead_letters');
    expect(letters).to.deep.equal([['ztf', 'not_avro']]);
  });

  it('knows everything the second time', async () => {
    expect(await summaryOf(join(folder, 'night'))).to.deep.equal({
      packets: 5,
      received: 5,
      stored: 0,
      known: 4,
      deadLettered: 1,
      stopped: false,
    });
    const [[letters]] = await db.arrays('SELECT COUNT(*) FROM glint.dead_letters');
    expect(Number(letters)).to.equal(1);
  });

  it('reads a compressed archive, and gives what is of no survey to the one named', async () => {
    const summary = await summaryOf(join(folder, 'night.tar.gz'), '--survey', 'lsst');
    expect(summary).to.include({ packets: 6, received: 6, stored: 1, known: 4, deadLettered: 1 });
    const letters = await db.arrays('SELECT survey FROM glint.dead_letters ORDER BY survey');
    expect(letters.flat()).to.deep.equal(['lsst', 'ztf']);
  });

  it('sends to Kafka', async function () {
    this.timeout(60_000);
    const { brokers } = await testKafka();
    const words = [join(folder, 'night'), '--to', 'kafka', '--topic', 'replayed', '--json'];
    const child = start(words, { GLINT_KAFKA_BROKERS: brokers.join(',') });
    const { output, errors, code } = await ended(child);
    expect([errors, code]).to.deep.equal(['', 0]);
    expect(JSON.parse(output)).to.deep.include({
      to: 'kafka',
      packets: 5,
      topics: { replayed: 5 },
    });
  });

  it('ends cleanly when it is asked to', async () => {
    const received = async () => {
      const [[sum]] = await db.arrays('SELECT SUM(received) FROM glint.ledger');
      return Number(sum);
    };
    const before = await received();
    const child = start([join(folder, 'night'), '--rate', '0.2', '--json']);
    const end = ended(child);
    await until(async () => (await received()) > before);
    child.kill('SIGINT');
    const { output, errors, code } = await end;
    expect([errors, code]).to.deep.equal(['', 0]);
    const { stopped, packets } = Summary.parse(JSON.parse(output));
    expect(stopped).to.equal(true);
    expect(packets).to.be.below(5);
  });

  it('answers mistakes in one sentence', async () => {
    const missing = await glint(join(folder, 'night'), join(folder, 'nowhere'));
    expect(missing.code).to.equal(1);
    expect(missing.errors).to.equal(
      `glint: ${join(folder, 'nowhere')} cannot be read: there is no such file or folder\n`,
    );
    const kafkaless = await glint(join(folder, 'night'), '--to', 'kafka');
    expect(kafkaless.code).to.equal(1);
    expect(kafkaless.errors).to.match(/^glint: there is no Kafka to send to: start bin\/glint up/);
    for (const words of [
      [],
      ['x', '--to', 'nowhere'],
      ['x', '--survey', 'panstarrs'],
      ['x', '--rate', '0'],
      ['x', '--topic', 'a topic', '--to', 'kafka'],
      ['x', '--topic', 'topic'],
      ['x', '--nonsense'],
    ]) {
      const { code, errors } = await glint(...words);
      expect(code, words.join(' ')).to.equal(2);
      expect(errors.trim().split('\n'), words.join(' ')).to.have.length(1);
    }
  });
});
