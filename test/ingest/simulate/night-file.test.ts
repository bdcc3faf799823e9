import { createHash } from 'node:crypto';
import { readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { prepareNight, readNight } from '../../../ingest/simulate/night-file.ts';
import { simulatePackets } from '../../../ingest/simulate/packets.ts';
import { planNights } from '../../../ingest/simulate/plan.ts';
import { runSimulation } from '../../../ingest/simulate/run-simulation.ts';
import type { Truth } from '../../../ingest/simulate/truth.ts';
import { testFolder } from '../../servers.ts';
import { makePackets, NIGHT } from './make-packets.ts';

const OPTIONS = { ...NIGHT, alerts: 120, nights: 1, workload: 'steady' } as const;

describe('prepared nights', function () {
  this.timeout(180_000);
  const folder = join(testFolder(), 'nights');
  const expected = () => makePackets(OPTIONS).measured.map(({ bytes }) => bytes);

  it('hold the packets whose number, size and digest the manifest gives', async () => {
    const progress: number[] = [];
    const night = await prepareNight(OPTIONS, folder, (done, total) => progress.push(done / total));
    const packets: Buffer[] = [];
    for await (const packet of readNight(night.measured.file)) packets.push(Buffer.from(packet));
    expect(packets).to.deep.equal(expected());
    expect(night.measured.count).to.equal(OPTIONS.alerts);
    const bytes = packets.reduce((sum, packet) => sum + packet.length, 0);
    expect(night.measured.bytes).to.equal(bytes);
    expect(statSync(night.measured.file).size).to.equal(bytes + 4 * OPTIONS.alerts);
    const digest = createHash('sha256').update(readFileSync(night.measured.file)).digest('hex');
    expect(night.measured.sha256).to.equal(digest);
    expect(night.preload?.count).to.be.greaterThan(0);
    expect(progress.at(-1)).to.equal(1);
  });

  it('are made once', async () => {
    const before = await prepareNight(OPTIONS, folder);
    const changed = statSync(before.measured.file).mtimeMs;
    const after = await prepareNight(OPTIONS, folder);
    expect(after).to.deep.equal(before);
    expect(statSync(after.measured.file).mtimeMs).to.equal(changed);
  });

  it('come out the same from one thread and from three', async () => {
    const plan = planNights(OPTIONS);
    for (const threads of [1, 3]) {
      const packets: Buffer[] = [];
      for await (const { bytes } of simulatePackets(OPTIONS, plan, plan.measured, threads)) {
        packets.push(Buffer.from(bytes));
      }
      expect(packets).to.deep.equal(expected());
    }
  });

  it('tell the truth of every object once', async () => {
    const night = await prepareNight(OPTIONS, folder);
    const truth = readTruth(night.truth);
    const { preload, measured } = makePackets(OPTIONS);
    const objects = new Set([...preload, ...measured].map(({ objectId }) => objectId));
    expect(new Set(truth.map(({ objectId }) => objectId))).to.deep.equal(objects);
    expect(truth).to.have.length(objects.size);
    const kinds = new Map(truth.map(({ objectId, kind }) => [objectId, kind]));
    for (const { objectId, history } of measured) {
      expect(kinds.get(objectId)).to.equal(history.source.kind);
    }
  });

  it('refuse to be read when cut short', async () => {
    const night = await prepareNight({ ...OPTIONS, alerts: 5 }, folder);
    truncateSync(night.measured.file, night.measured.bytes - 10);
    const readAll = async () => {
      for await (const packet of readNight(night.measured.file)) expect(packet).not.to.equal(null);
    };
    const error = await readAll().catch((err: unknown) => err);
    expect(String(error)).to.contain('in the middle of a packet');
  });

  it('run into a sink in order, with the truth beside them', async () => {
    const got: Buffer[] = [];
    let isFinished = false;
    const sink = {
      write: (packets: readonly { bytes: Buffer }[]) => {
        got.push(...packets.map(({ bytes }) => Buffer.from(bytes)));
        return Promise.resolve();
      },
      finish: () => {
        isFinished = true;
        return Promise.resolve();
      },
    };
    const truthFile = join(testFolder(), 'simulated', 'truth.jsonl');
    const report = await runSimulation(OPTIONS, sink, { truthFile, rate: 5000 });
    expect(got).to.deep.equal(expected());
    expect(isFinished).to.equal(true);
    expect(report.packets).to.equal(OPTIONS.alerts);
    expect(readTruth(truthFile)).to.have.length(report.objects);
  });

  it('stop after the packets at hand when asked', async () => {
    const stop = new AbortController();
    const sink = {
      write: () => {
        stop.abort();
        return Promise.resolve();
      },
      finish: () => Promise.resolve(),
    };
    const truthFile = join(testFolder(), 'simulated', 'stopped.jsonl');
    const run = { truthFile, rate: 100, signal: stop.signal };
    const report = await runSimulation(OPTIONS, sink, run);
    expect(report.packets).to.be.lessThan(OPTIONS.alerts);
  });
});

const readTruth = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Truth);
