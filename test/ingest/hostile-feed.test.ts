import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { silentLog } from '../../common/log.ts';
import { listDeadLetters } from '../../common/store/dead-letters.ts';
import { openFeed } from '../../ingest/feed.ts';
import { seededRandom } from '../common/astro/reference.ts';
import { freshDatabase, testFolder } from '../servers.ts';
import { smallZtfPacket } from './surveys/ztf/small-packet.ts';

describe('hostile packets in the pipeline', () => {
  let context: Context;
  before(async () => {
    const { db, url } = await freshDatabase();
    const home = join(testFolder(), 'hostile');
    const config = parseConfig({ GLINT_HOME: home, GLINT_DATABASE_URL: url });
    context = { config, db, log: silentLog, now: () => new Date() };
  });
  after(() => context?.db.close());

  it('are stored or kept, whichever bits are wrong', async function () {
    this.timeout(60_000);
    const random = seededRandom(5);
    const packets = Array.from({ length: 500 }, (_, i) => {
      const packet = smallZtfPacket({
        candid: BigInt(i + 1),
        history: [
          { candid: 10_000n + BigInt(i), pid: 1n, ssnamenr: 'null' },
          { candid: null, pid: 5n },
        ],
        forced: [{ pid: 4n, procstatus: '0' }],
      });
      for (let n = 0; n < 2; n++)
        packet[packet.length - 17 - Math.floor(700 * random())] ^= 1 << Math.floor(8 * random());
      return packet;
    });
    const feed = openFeed(context, 'ztf');
    await feed.push(packets);
    const { received, stored, known, deadLettered } = await feed.finish();
    expect(stored).to.be.above(20);
    expect(deadLettered).to.be.above(300);
    expect(received).to.equal(stored + known + deadLettered);
    // A packet with damage behind its first alert counts as both.
    expect(received).to.be.within(500, 510);
  });

  it('do not stop it when the values of many do not fit', async function () {
    this.timeout(60_000);
    const misfit = [{ rbversion: 'é'.repeat(3_000) }, { ssnamenr: 'x'.repeat(3_000) }];
    const packets = Array.from({ length: 80 }, (_, i) =>
      smallZtfPacket({
        objectId: 'ZTF25eeeeeee',
        candid: BigInt(5_000 + i),
        candidate: i % 2 === 0 ? {} : misfit[(i >> 1) % 2],
      }),
    );
    const feed = openFeed(context, 'ztf');
    await feed.push(packets);
    expect(await feed.finish()).to.include({ received: 80, stored: 40, deadLettered: 40 });
    const letters = await listDeadLetters(context.db, { limit: 40 });
    for (const { fault, reason } of letters) {
      expect(fault).to.equal('invalid_alert');
      expect(reason).to.match(/^it cannot be stored: .*(rbversion|ssnamenr)/);
    }
  });
});
