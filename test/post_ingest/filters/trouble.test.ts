import { expect } from 'chai';

import { selectFilter } from '../../../common/store/filters.ts';
import { readVerdicts } from '../../../common/store/verdicts.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const BRIGHT = 'SELECT objectId, gmag FROM objects WHERE gmag < 18';
/** Looks at all pairs of objects, twice over, for every object. */
const SLOW = `SELECT o.objectId FROM objects o WHERE
  (SELECT COUNT(*) FROM objects a, objects b, objects c WHERE a.ramean + b.ramean + c.decmean > o.decmean) > 1`;
const OBJECTS = 400;
const [A, B] = [1, 2].map(objectId);

describe('filters in trouble', () => {
  let stand: FilterStand;
  before(async () => {
    stand = await openFilterStand();
    await stand.objects(
      Array.from({ length: OBJECTS }, (_, i) => ({ objectId: objectId(i + 1), gmag: 17 })),
    );
  });
  after(() => stand?.close());
  afterEach(async () => {
    await stand.db.execute("UPDATE glint.filters SET state = 'off'");
    await stand.db.execute('DELETE FROM glint.owner_letters');
  });

  it('are run again beside the stream where they are too slow for it, and lose nothing', async () => {
    const filter = await stand.filter(BRIGHT);
    for (let alert = 1; alert <= 5; alert++) await stand.alerts([[A, alert]]);
    // Nothing is as quick as that: all of it is late.
    await stand.settle({ limits: { softMs: 0, retryPausesMs: [20, 40] } });
    for (let alert = 6; alert <= 8; alert++) await stand.alerts([[A, alert]]);
    await stand.settle();
    expect(await stand.matches(filter)).to.deep.equal(
      Array.from({ length: 8 }, (_, i) => `${filter} ${A} a${i + 1} 0`),
    );
    expect((await selectFilter(stand.db, filter)).state).to.equal('on');
    expect(await stand.letters()).to.deep.equal([]);
  });

  it('are paused after three tries, with a reason and one mail; others are not held up', async () => {
    const slow = await stand.filter(SLOW);
    const good = await stand.filter(BRIGHT);
    const batchId = await stand.alerts([[B, 20]]);
    await insertRows(stand.db, 'ztf', 'arrivals', [
      { candid: 20, object_id: B, batch_id: batchId },
    ]);
    await stand.alerts([[B, 21]]);
    await stand.settle({ limits: { softMs: 100, timeoutMs: 300 } });
    expect(await stand.matches(good)).to.deep.equal([`${good} ${B} a20 0`, `${good} ${B} a21 0`]);
    expect(await stand.matches(slow)).to.deep.equal([]);
    const filter = await selectFilter(stand.db, slow);
    expect(filter.state).to.equal('paused');
    expect(filter.stateReason).to.match(/^it failed 3 times: .*0\.3 s/);
    const letters = await stand.letters();
    expect(letters.map(({ email, queryId }) => [email, queryId])).to.deep.equal([
      ['kay@example.org', slow],
    ]);
    expect(letters[0].paragraphs[0]).to.include('it failed 3 times');
    const verdict = (await readVerdicts(stand.db, 'ztf', B, '20')).find(
      ({ queryId }) => queryId === slow,
    );
    expect(verdict?.outcome).to.equal('failed');
    expect(verdict?.reason).to.include('100 ms');
  });

  it('share a statement, and are run one by one where one of them makes it fail', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => objectId(i + 1_001));
    await stand.objects(ids.map((id, i) => ({ objectId: id, gmag: 15 + i / 10, ncand: 5 })));
    const tails = [15.25, 15.75, 16.05];
    // The detections of an object: a table that no screen knows.
    const text = (most: number) =>
      `SELECT o.objectId, c.candid FROM objects o JOIN candidates c ON c.objectId = o.objectId WHERE c.magpsf < ${most}`;
    await insertRows(
      stand.db,
      'ztf',
      'candidates',
      ids.map((id, i) => ({ candid: 9_000 + i, objectId: id, magpsf: 15 + i / 10 })),
    );
    const good = [];
    for (const most of tails) good.push(await stand.filter(text(most)));
    const run = async (alert: number) => {
      await stand.alerts(ids.map((id) => [id, alert] as const));
      await stand.settle();
    };
    const told = async (filter: number, alert: number) =>
      (await stand.matches(filter)).filter((match) => match.includes(` a${alert} `)).length;
    await run(501);
    expect(await Promise.all(good.map((filter) => told(filter, 501)))).to.deep.equal([3, 8, 11]);
    // Out of range for every row: it fails, alone and in company.
    const bad = await stand.filter(
      `${text(15.25)} AND o.ncand * 9223372036854775807 + c.magpsf * 0 > 1`,
    );
    await run(502);
    expect(await Promise.all(good.map((filter) => told(filter, 502)))).to.deep.equal([3, 8, 11]);
    expect(await told(bad, 502)).to.equal(0);
    expect((await selectFilter(stand.db, bad)).state).to.equal('paused');
    for (const filter of good) expect((await selectFilter(stand.db, filter)).state).to.equal('on');
  });

  it('are paused at once where nothing mends them', async () => {
    await insertRows(stand.db, 'glint', 'watchlists', [
      { wl_id: 7, user_id: 1, name: 'mine', active: 1, public: 0, radius: 5 },
    ]);
    const filter = await stand.filter('SELECT objectId FROM objects WHERE in_watchlist(7)');
    const running = stand.start();
    await stand.alerts([[A, 30]]);
    await stand.settle();
    expect((await selectFilter(stand.db, filter)).state).to.equal('on');
    await stand.db.execute('DELETE FROM glint.watchlists WHERE wl_id = 7');
    const until = Date.now() + 20_000;
    while ((await selectFilter(stand.db, filter)).state === 'on' && Date.now() < until) continue;
    await running.stop();
    const { state, stateReason } = await selectFilter(stand.db, filter);
    expect(state).to.equal('paused');
    expect(stateReason).to.match(/^it can no longer be run: .*watchlist/);
    expect(await stand.letters()).to.have.length(1);
  });

  it('are paused where they pass too much of the stream', async () => {
    const all = await stand.filter('SELECT objectId FROM objects WHERE gmag < 30');
    const few = await stand.filter(
      `SELECT objectId FROM objects WHERE gmag < 30 AND objectId = '${A}'`,
    );
    await stand.alerts(Array.from({ length: 50 }, (_, i) => [objectId(i + 1), 100 + i] as const));
    await stand.settle({ limits: { shareAlerts: 50, maxShare: 0.05 } });
    const { state, stateReason } = await selectFilter(stand.db, all);
    expect(state).to.equal('paused');
    expect(stateReason).to.equal('it passed 100% of the last 50 alerts, and a filter may pass 5%');
    expect((await selectFilter(stand.db, few)).state).to.equal('on');
    // What it passed before is not taken back.
    expect((await stand.matches(all)).length).to.equal(50);
  });
});
