import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import type { SimulatedPacket } from '../../../ingest/simulate/packets.ts';
import { filesSink, kafkaSink } from '../../../ingest/simulate/sinks.ts';
import { readAll, settingsOf } from '../../common/stream/read-topic.ts';
import { testFolder, testKafka } from '../../servers.ts';

const packet = (n: number, night: number): SimulatedPacket => ({
  bytes: Buffer.from(`packet ${n}`),
  id: 3_246_000_000_000_000_000n + BigInt(n),
  objectId: `ZTF26aaaaaa${n}`,
  source: n,
  mjd: 57_754.2 + night,
  night,
});

describe('sinks of simulated packets', () => {
  it('writes a file per packet, named by its id', async () => {
    const folder = join(testFolder(), 'sink');
    const sink = await filesSink(folder);
    await sink.write([packet(1, 3246), packet(2, 3246)]);
    await sink.finish();
    expect(readdirSync(folder).sort()).to.deep.equal([
      '3246000000000000001.avro',
      '3246000000000000002.avro',
    ]);
    expect(readFileSync(join(folder, '3246000000000000002.avro'), 'utf8')).to.equal('packet 2');
  });

  it('sends each night to the topic of its date', async function () {
    this.timeout(60_000);
    const settings = settingsOf((await testKafka()).brokers);
    const sink = await kafkaSink(settings, silentLog, 'ztf');
    // Night 3246 is 2025-11-21.
    await sink.write([packet(1, 3246), packet(2, 3247), packet(3, 3246)]);
    await sink.finish();
    const first = await readAll(settings, 'ztf_20251121_programid1', 2);
    expect(first.map(({ value }) => String(value)).sort()).to.deep.equal(['packet 1', 'packet 3']);
    const second = await readAll(settings, 'ztf_20251122_programid1', 1);
    expect(second.map(({ value }) => String(value))).to.deep.equal(['packet 2']);
  });
});
