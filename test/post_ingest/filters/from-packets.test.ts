import { expect } from 'chai';

import { selectArrivals } from '../../../common/store/arrivals.ts';
import { selectBatchSummary } from '../../../common/store/batches.ts';
import { readVerdicts } from '../../../common/store/verdicts.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { pruneFilters } from '../../../post_ingest/filters/prune-filters.ts';
import { smallZtfPacket } from '../../ingest/surveys/ztf/small-packet.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const NIGHTS_MS = 40 * 86_400_000;

describe('filters on packets', () => {
  let stand: FilterStand;
  let filter: number;
  const packets = Array.from({ length: 6 }, (_, i) =>
    smallZtfPacket({ objectId: objectId(i % 3), candidate: { candid: BigInt(100 + i) } }),
  );
  const feed = async () => {
    const ingest = openFeed(stand.context, 'ztf', []);
    await ingest.push(packets);
    await ingest.finish();
    await stand.settle();
  };
  before(async () => {
    stand = await openFilterStand();
    filter = await stand.filter(
      `SELECT objectId, ncand FROM objects WHERE ncand >= 1 AND objectId <> '${objectId(2)}'`,
    );
    await feed();
  });
  after(() => stand?.close());
  it('tell of each alert that ingest stores', async () => {
    const alerts = [100, 101, 103, 104].map(
      (candid) => `${filter} ${objectId((candid - 100) % 3)} a${candid} 0`,
    );
    expect((await stand.matches()).sort()).to.deep.equal(alerts.sort());
    const arrival = (await selectArrivals(stand.db, 'ztf', ['100'])).get('100');
    expect(arrival).to.include({ objectId: objectId(0), topic: 'direct:ztf', offset: null });
    const batch = await selectBatchSummary(stand.db, arrival?.batchId ?? 0n);
    expect(batch?.doneAt).to.be.instanceOf(Date);
    const [verdict] = await readVerdicts(stand.db, 'ztf', objectId(0), '100');
    expect(verdict).to.include({ queryId: filter, outcome: 'passed' });
  });

  it('tell nobody when the same packets come again', async () => {
    const before = await stand.matches();
    const batches = () => stand.db.arrays('SELECT COUNT(*) FROM glint.filter_batches');
    const [[count]] = await batches();
    await feed();
    expect(await stand.matches()).to.deep.equal(before);
    expect(await batches()).to.deep.equal([[count]]);
  });

  it('forget what is old, and keep how alerts came', async () => {
    const { signal } = new AbortController();
    expect(await pruneFilters.run(stand.context, signal)).to.equal(
      '0 batches, 0 matches and 0 deliveries forgotten',
    );
    stand.turn(NIGHTS_MS);
    const outcome = await pruneFilters.run(stand.context, signal);
    expect(outcome).to.match(/^[1-9]\d* batches, 4 matches and 0 deliveries forgotten$/);
    expect(await stand.matches()).to.deep.equal([]);
    expect((await selectArrivals(stand.db, 'ztf', ['100', '105'])).size).to.equal(2);
    expect(await readVerdicts(stand.db, 'ztf', objectId(0), '100')).to.deep.equal([]);
  });
});
