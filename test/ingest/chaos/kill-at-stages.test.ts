import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { STORE_STAGES } from '../../../ingest/pipeline/store-batch.ts';
import { checkNight } from './check-consistency.ts';
import { makeNight } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';
import { checkAsUnbroken, surroundNight } from './surroundings.ts';

/** At its first batch, at one that others follow and precede, and later. */
const COUNTS = [1, 3, 7];
/** Reports are gathered: one life sees few of them. */
const DEATHS = STORE_STAGES.flatMap((stage) =>
  (stage === 'reported' ? [1] : COUNTS).map((count) => ({ stage, count })),
);

describe('ingest, killed at the stages of a batch', () => {
  let stand: Stand;

  before(async function () {
    this.timeout(120_000);
    stand = await openStand({ pattern: 'chaos_stages' });
  });
  after(() => stand.close());

  it('loses and doubles nothing, whichever stage it dies at', async function () {
    this.timeout(240_000);
    const topic = 'chaos_stages';
    const packets = makeNight({ seed: 11, objects: 600, epochs: 9 });
    await surroundNight(stand.db, packets);
    await stand.makeTopic(topic);
    await stand.send(topic, packets);
    for (const kill of DEATHS) {
      const child = await stand.start({ kill });
      const end = await Promise.race([child.exited, sleep(30_000, 'lives on', { ref: false })]);
      expect(end, `${kill.stage} ${kill.count}: ${child.log().slice(-500)}`).to.equal('SIGKILL');
    }
    const last = await stand.start();
    await stand.drained(topic);
    await last.stop();
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic, packets }]);
    await checkAsUnbroken(stand, packets);
  });
});
