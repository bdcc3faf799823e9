import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import type { RecordIndex } from '../../../common/avro/compile.ts';
import { silentLog } from '../../../common/log.ts';
import { CUTOUT_KINDS, readCutout } from '../../../common/store/cutouts.ts';
import { selectCutoutLocation } from '../../../common/store/cutout-locations.ts';
import type { LsstAlert } from '../../../ingest/surveys/lsst/read-lsst.ts';
import { createLsstReader } from '../../../ingest/surveys/lsst/read-lsst.ts';
import { createSchemaSource } from '../../../ingest/surveys/lsst/registry.ts';
import { makePackets } from '../simulate/make-packets.ts';
import { checkArrivals } from './check-arrivals.ts';
import {
  checkCoverage,
  checkLsstHistories,
  checkOffsets,
  surveyChecksums,
} from './check-consistency.ts';
import { random32 } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';

const KILLS = 8;

describe("Rubin's stream, read by two while one is killed again and again", () => {
  const topic = 'lsst-alerts-chaos';
  let stand: Stand;
  let sent: { id: bigint; bytes: Buffer }[];
  let alerts: LsstAlert[];

  before(async function () {
    this.timeout(120_000);
    stand = await openStand({ pattern: 'lsst-alerts-chaos.*', survey: 'lsst' });
    const night = { survey: 'lsst', alerts: 220, seed: 81, nights: 3, startNight: 3246 } as const;
    const { preload, measured } = makePackets({ ...night, workload: 'night' });
    const packets = [...preload, ...measured];
    sent = [...packets, ...packets.slice(0, 20)];
    const read = createLsstReader(
      createSchemaSource({
        registryUrl: undefined,
        user: undefined,
        password: undefined,
        log: silentLog,
      }),
    );
    alerts = [];
    for (const { bytes } of packets) alerts.push(...(await read(bytes)).alerts);
  });
  after(() => stand.close());

  it('is stored without loss and without doubles', async function () {
    this.timeout(180_000);
    const random = random32(81);
    await stand.makeTopic(topic, 2);
    await stand.start();
    for (let n = 0, share = Math.ceil(sent.length / KILLS); n < KILLS; n++) {
      const child = await stand.start();
      await stand.send(topic, sent.slice(n * share, (n + 1) * share));
      await Promise.race([child.isWorking, sleep(2_000)]);
      await sleep(200 * random());
      child.kill();
      await child.exited;
    }
    await stand.drained(topic);
    await checkOffsets(stand.db, stand.admin, [topic]);
    await checkLsstHistories(stand.db);
    await checkArrivals(stand.db, 'lsst');
    await checkCoverage(stand.db, 'lsst');
    const rows = await stand.db.arrays('SELECT diaSourceId, hasalert FROM lsst.diaSources');
    const own = new Set(alerts.map(({ id }) => id));
    const told = new Set([...own, ...alerts.flatMap(({ history }) => keysOf(history))]);
    expect(new Set(rows.map(([id]) => BigInt(String(id)))), 'sources').to.deep.equal(told);
    expect(rows.filter(([, hasAlert]) => Number(hasAlert) === 1).length, 'alerts').to.equal(
      own.size,
    );
  });

  it('has every cutout, byte for byte', async function () {
    this.timeout(60_000);
    let checked = 0;
    for (const { id, cutouts } of alerts) {
      const location = await selectCutoutLocation(stand.db, 'lsst', id);
      for (const [i, kind] of CUTOUT_KINDS.entries()) {
        const cutout = cutouts[i];
        if (cutout === null) continue;
        const stored = await readCutout(stand.cutoutFolder, location, kind);
        expect(stored.equals(cutout), `${id}: ${kind}`).to.equal(true);
        checked++;
      }
    }
    expect(checked).to.be.greaterThan(alerts.length);
  });

  it('changes no row when it comes again', async function () {
    this.timeout(60_000);
    const checksums = await surveyChecksums(stand.db, 'lsst');
    const again = `${topic}-again`;
    await stand.makeTopic(again, 3);
    await stand.send(again, sent);
    await stand.drained(again);
    expect(await surveyChecksums(stand.db, 'lsst')).to.deep.equal(checksums);
  });
});

function keysOf(index: RecordIndex | null): bigint[] {
  if (index === null) return [];
  const { low, high } = index.keys[0];
  return Array.from(
    { length: index.length },
    (_, i) => (BigInt(high[i]) << 32n) | BigInt.asUintN(32, BigInt(low[i])),
  );
}
