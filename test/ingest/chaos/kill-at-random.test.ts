import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { checkNight } from './check-consistency.ts';
import { makeNight, random32 } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';
import { checkAsUnbroken, surroundNight } from './surroundings.ts';

/** `CHAOS_KILLS=200 bin/glint test test/ingest/chaos/kill-at-random.test.ts` takes some minutes. */
const KILLS = Number(process.env.CHAOS_KILLS ?? 40);
const SEED = 20_260_310;
const PACKETS_A_LIFE = 60;
/** A life that finds nothing to do is ended too. */
const LONGEST_IDLE_MS = 3_000;

describe('ingest, killed at random', () => {
  let stand: Stand;

  before(async function () {
    this.timeout(120_000);
    stand = await openStand({ pattern: 'chaos_random' });
  });
  after(() => stand.close());

  it(`loses and doubles nothing in ${KILLS} deaths while a night streams`, async function () {
    this.timeout(60_000 + KILLS * 6_000);
    const topic = 'chaos_random';
    const random = random32(SEED);
    const packets = makeNight({ seed: SEED, objects: KILLS * 10, epochs: 9 });
    await surroundNight(stand.db, packets);
    await stand.makeTopic(topic);
    let sent = 0;
    const sendMore = async (count: number) => {
      await stand.send(topic, packets.slice(sent, sent + count));
      sent = Math.min(packets.length, sent + count);
    };
    for (let deaths = 0; deaths < KILLS; deaths++) {
      const child = await stand.start();
      const sending = sendMore(PACKETS_A_LIFE);
      await Promise.race([child.isWorking, sleep(LONGEST_IDLE_MS)]);
      await sleep(50 + 350 * random());
      expect(child.hasExited(), child.log().slice(-1_000)).to.equal(false);
      child.kill();
      await Promise.all([child.exited, sending]);
    }
    const last = await stand.start();
    await sendMore(packets.length);
    await stand.drained(topic);
    await last.stop();
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic, packets }]);
    await checkAsUnbroken(stand, packets);
  });
});
