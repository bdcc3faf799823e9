import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { openDatabase } from '../../../common/store/database.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectFilter } from '../../../common/store/filters.ts';
import { startFilters } from '../../../post_ingest/filters/start-filters.ts';
import { startDatabaseProxy } from '../../database-proxy.ts';
import type { DatabaseProxy } from '../../database-proxy.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const CUTS = 6;
const BATCHES = 8;

describe('filters without a database', function () {
  this.timeout(120_000);
  let stand: FilterStand;
  let proxy: DatabaseProxy;
  let db: Database;
  before(async () => {
    stand = await openFilterStand();
    proxy = await startDatabaseProxy(stand.url);
    db = openDatabase(proxy.url);
    await stand.objects([{ objectId: objectId(1), gmag: 17 }]);
  });
  after(async () => {
    await db?.close();
    await proxy?.stop();
    await stand?.close();
  });

  it('wait, go on, and have told everything once', async () => {
    const filter = await stand.filter('SELECT objectId FROM objects WHERE gmag < 18');
    const running = startFilters(
      { ...stand.context, db, config: { ...stand.context.config, databaseUrl: proxy.url } },
      { surveys: ['ztf'], limits: { pollMs: 5 } },
    );
    let alert = 0;
    for (let cut = 0; cut < CUTS; cut++) {
      for (let batch = 0; batch < BATCHES; batch++) await stand.alerts([[objectId(1), ++alert]]);
      await sleep(20 * cut);
      proxy.cut();
      await stand.alerts([[objectId(1), ++alert]]);
      await sleep(300);
      proxy.mend();
    }
    const wanted = Array.from({ length: alert }, (_, i) => `${filter} ${objectId(1)} a${i + 1} 0`);
    const until = Date.now() + 30_000;
    while ((await stand.matches()).length < wanted.length && Date.now() < until) await sleep(50);
    await running.stop();
    expect(await stand.matches()).to.deep.equal(wanted);
    expect((await selectFilter(stand.db, filter)).state).to.equal('on');
    expect(await stand.letters()).to.deep.equal([]);
  });
});
