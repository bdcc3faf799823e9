import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import { silentLog } from '../../common/log.ts';
import type { Database } from '../../common/store/database.ts';
import { openFeed } from '../../ingest/feed.ts';
import { freshDatabase, testFolder } from '../servers.ts';

describe('packets fed without Kafka', () => {
  let db: Database;

  before(async () => {
    ({ db } = await freshDatabase());
  });

  after(() => db.close());

  it('are all accounted for when the feed is finished, a packet without bytes too', async () => {
    const config = parseConfig({ GLINT_HOME: join(testFolder(), 'feed') });
    const feed = openFeed({ config, db, log: silentLog, now: () => new Date() }, 'lsst');
    await feed.push([Buffer.alloc(0), Buffer.from('no packet')]);
    const stats = await feed.finish();
    expect(stats).to.include({ received: 2, stored: 0, known: 0, deadLettered: 2 });
    const letters = await db.arrays(
      'SELECT fault, LENGTH(packet) FROM glint.dead_letters ORDER BY 2',
    );
    expect(letters.map(([fault, bytes]) => [fault, Number(bytes)])).to.deep.equal([
      ['not_avro', 0],
      ['not_avro', 9],
    ]);
  });
});
