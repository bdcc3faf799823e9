import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import { parseConfig } from '../../../common/config.ts';
import { InvalidInputError, UpstreamError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { kafkaSink } from '../../../ingest/replay/replay-sinks.ts';
import { replay } from '../../../ingest/replay/replay.ts';
import type { ReplaySink } from '../../../ingest/replay/replay.ts';
import { readAll, settingsOf } from '../../common/stream/read-topic.ts';
import { testKafka } from '../../servers.ts';
import { rubinPacket } from '../surveys/lsst/small-packet.ts';
import { smallZtfPacket } from '../surveys/ztf/small-packet.ts';

describe('replay', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'glint-replay-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Files in the order given. */
  function write(...packets: Buffer[]): string {
    mkdirSync(folder, { recursive: true });
    for (const [i, packet] of packets.entries())
      writeFileSync(join(folder, `${String(i).padStart(5, '0')}.avro`), packet);
    return folder;
  }

  function remember(): ReplaySink<string> & { taken: [Survey, Buffer][]; writes: number } {
    const taken: [Survey, Buffer][] = [];
    const sink = {
      taken,
      writes: 0,
      write(survey: Survey, packets: readonly Buffer[]) {
        sink.writes++;
        for (const packet of packets) taken.push([survey, packet]);
        return Promise.resolve();
      },
      finish: () => Promise.resolve('finished'),
    };
    return sink;
  }

  const ztf = (n: number) => smallZtfPacket({ candid: BigInt(n) });
  const rubin = (n: number) => rubinPacket(1000, { diaSourceId: BigInt(n) });
  const unknown = Buffer.from('{"alert": 1}');

  it('gives each packet to its survey, in order', async () => {
    const packets = [ztf(1), rubin(1), ztf(2), rubin(2), rubin(3)];
    const sink = remember();
    let [read, handed] = [0, 0];
    const report = await replay([write(...packets)], sink, {
      onBytes: (count) => (read += count),
      onPackets: (count) => (handed = count),
    });
    const bytes = packets.reduce((sum, packet) => sum + packet.length, 0);
    expect(report).to.include({ packets: 5, bytes, isStopped: false, outcome: 'finished' });
    expect([read, handed]).to.deep.equal([bytes, 5]);
    for (const [survey, own] of [
      ['ztf', [packets[0], packets[2]]],
      ['lsst', [packets[1], packets[3], packets[4]]],
    ] as const) {
      const taken = sink.taken.filter(([name]) => name === survey).map(([, packet]) => packet);
      expect(taken).to.deep.equal(own);
    }
  });

  it('gives what is of no survey to that of most packets, or to the one named', async () => {
    const whereTo = async (packets: Buffer[], survey?: Survey) => {
      const sink = remember();
      rmSync(folder, { recursive: true, force: true });
      await replay([write(...packets)], sink, { survey });
      return sink.taken.filter(([, packet]) => packet.equals(unknown)).map(([name]) => name);
    };
    expect(await whereTo([unknown, rubin(1), rubin(2), ztf(1), unknown])).to.deep.equal([
      'lsst',
      'lsst',
    ]);
    expect(await whereTo([unknown, rubin(1), ztf(1), ztf(2)])).to.deep.equal(['ztf']);
    expect(await whereTo([unknown])).to.deep.equal(['ztf']);
    expect(await whereTo([unknown], 'lsst')).to.deep.equal(['lsst']);
    expect(await whereTo([unknown, ztf(1)], 'lsst')).to.deep.equal(['lsst']);
  });

  it('does not hold more than it must', async () => {
    const sink = remember();
    await replay([write(rubin(1), ...Array.from({ length: 1_200 }, () => unknown))], sink);
    expect(sink.taken).to.have.length(1_201);
    expect(sink.writes).to.be.above(5);
  });

  it('stops after the packets at hand', async () => {
    const stop = new AbortController();
    const sink = remember();
    const packets = Array.from({ length: 500 }, (_, i) => ztf(i + 1));
    const report = await replay([write(...packets)], sink, {
      signal: stop.signal,
      onPackets: () => stop.abort(),
    });
    expect(report).to.include({ packets: 200, isStopped: true, outcome: 'finished' });
    expect(sink.taken).to.have.length(200);
  });

  it('keeps to the pace asked for, and can be stopped while it waits', async () => {
    const stop = new AbortController();
    const sink = remember();
    const report = await replay([write(ztf(1), ztf(2), ztf(3))], sink, {
      rate: 0.001,
      signal: stop.signal,
      onPackets: () => setTimeout(() => stop.abort(), 10),
    });
    expect(report.isStopped).to.equal(true);
    expect(report.packets).to.be.below(3);
  });

  it('hands on what came before a damaged archive, and says what is wrong', async () => {
    write(ztf(1));
    writeFileSync(join(folder, 'night.tar.gz'), 'no archive');
    const report = await replay([folder], remember());
    expect(report.packets).to.equal(1);
    expect(report.failure).to.be.instanceOf(InvalidInputError);
    expect(report.failure?.message).to.match(/night\.tar\.gz/);
  });

  it('finishes and passes on what the other end says', async () => {
    let isFinished = false;
    const error: unknown = await replay([write(ztf(1))], {
      write: () => Promise.reject(new UpstreamError('nobody there')),
      finish() {
        isFinished = true;
        return Promise.resolve();
      },
    }).catch((err: unknown) => err);
    expect(error).to.be.instanceOf(UpstreamError);
    expect(isFinished).to.equal(true);
  });

  it('sends to the topics that the surveys would have used', async function () {
    this.timeout(60_000);
    const settings = settingsOf((await testKafka()).brokers);
    const config = parseConfig({ GLINT_HOME: folder });
    const night = (day: number, n: number) =>
      smallZtfPacket({ candid: BigInt(n), candidate: { jd: 2_460_000.7 + day } });
    const packets = [
      night(0, 1),
      night(1, 2),
      unknown,
      rubin(1),
      rubinPacket(704, {}),
      night(1, 3),
    ];
    const { outcome } = await replay(
      [write(...packets)],
      kafkaSink(config, () => settings, silentLog),
    );
    expect(outcome).to.deep.equal({
      ztf_20230225_programid1: 1,
      ztf_20230226_programid1: 3,
      'lsst-alerts-v10.0': 1,
      'lsst-alerts-v7.4': 1,
    });
    const messages = await readAll(settings, 'ztf_20230226_programid1', 3);
    const sent = messages.map(({ value }) => value?.toString('base64')).sort();
    const expected = [packets[1], packets[2], packets[5]].map((each) => each.toString('base64'));
    expect(sent).to.deep.equal(expected.sort());

    const one = await replay(
      [folder],
      kafkaSink(config, () => settings, silentLog, 'everything'),
    );
    expect(one.outcome).to.deep.equal({ everything: 6 });
  });
});
