import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { checkNight } from './check-consistency.ts';
import { makeNight } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';

/** Topics are looked for every second here. */
const NOTICED_MS = 15_000;

describe('a new topic at midnight', () => {
  let stand: Stand;

  before(async function () {
    this.timeout(120_000);
    stand = await openStand({ pattern: String.raw`chaos_ztf_\d{8}_programid1` });
  });
  after(() => stand.close());

  it('is noticed and read from its first message while the old one streams on', async function () {
    this.timeout(120_000);
    const [old, fresh] = ['chaos_ztf_20260310_programid1', 'chaos_ztf_20260311_programid1'];
    const evening = makeNight({ seed: 51, objects: 300, epochs: 9 });
    const morning = makeNight({ seed: 52, objects: 100, epochs: 9, firstObject: 1_000 });
    await stand.makeTopic(old);
    const child = await stand.start();
    let sent = 0;
    let isOver = false;
    const sending = (async () => {
      while (sent < evening.length) {
        await stand.send(old, evening.slice(sent, (sent += 20)));
        if (!isOver) await sleep(50);
      }
    })();
    await child.isWorking;
    await stand.makeTopic(fresh);
    await stand.send(fresh, morning);
    const before = await oldOffsets();
    const noticed = await Promise.race([
      stand.drained(fresh).then(() => true),
      sleep(NOTICED_MS, false),
    ]);
    expect(noticed, `noticed within ${NOTICED_MS} ms`).to.equal(true);
    expect(await oldOffsets(), 'messages of the old topic stored').to.be.greaterThan(before);
    isOver = true;
    await sending;
    await stand.drained(old);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [
      { topic: old, packets: evening },
      { topic: fresh, packets: morning },
    ]);

    async function oldOffsets(): Promise<number> {
      const [[sum]] = await stand.db.arrays(
        'SELECT SUM(next_offset) FROM glint.stream_offsets WHERE topic = :old',
        { old },
      );
      return Number(sum);
    }
  });
});
