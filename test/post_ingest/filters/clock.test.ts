import { expect } from 'chai';

import { insertRows } from '../../common/store/insert-rows.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BRIGHT = 'SELECT objectId, gmag FROM objects WHERE gmag < 18';
const SLOW = `SELECT o.objectId FROM objects o WHERE o.gmag < 18 AND
  (SELECT COUNT(*) FROM objects a, objects b, objects c WHERE a.ramean + b.ramean + c.decmean > o.decmean) > 1`;
const [A, B] = [1, 2].map(objectId);

describe('filters on a machine whose clock is put back by an hour', () => {
  let stand: FilterStand;
  beforeEach(async () => {
    stand = await openFilterStand();
    await stand.objects(
      Array.from({ length: 400 }, (_, i) => ({ objectId: objectId(i + 1), gmag: 17 })),
    );
  });
  afterEach(() => stand?.close());

  const alert = async (id: string, number: number) => {
    await stand.alerts([[id, number]]);
    await stand.settle();
  };

  it('tell as often as their memory says, and number what they tell in order', async () => {
    const every = await stand.filter(BRIGHT);
    const once = await stand.filter(BRIGHT, { memory: { kind: 'once' } });
    const days = await stand.filter(BRIGHT, { memory: { kind: 'days', days: 2 } });
    await alert(A, 1);
    stand.turn(-HOUR_MS);
    await alert(A, 2);
    // Switched on by a clock that is ahead of the one by which it is told.
    await alert(B, 3);
    await alert(B, 4);
    stand.turn(2 * DAY_MS);
    await alert(B, 5);
    stand.turn(HOUR_MS);
    await alert(A, 6);
    await alert(B, 7);
    const told = async (queryId: number) =>
      (await stand.matches(queryId)).map((line) => line.split(' ')[2]);
    expect(await told(every)).to.deep.equal(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect(await told(once)).to.deep.equal(['a1', 'a3']);
    // What was told when the clock was behind is remembered by the clock of the filter: an hour longer.
    expect(await told(days)).to.deep.equal(['a1', 'a3', 'a6', 'a7']);
  });

  it('are run again after the pause of a failure, not an hour later', async () => {
    const filter = await stand.filter(SLOW);
    const batchId = await stand.alerts([[A, 1]]);
    await insertRows(stand.db, 'ztf', 'arrivals', [{ candid: 1, object_id: A, batch_id: batchId }]);
    const limits = { softMs: 10, timeoutMs: 30, retryPausesMs: [200, 200] };
    const running = stand.start({ limits });
    const tries = async () => {
      const rows = await stand.db.arrays('SELECT tries FROM glint.filter_retries');
      return rows.map(([count]) => Number(count));
    };
    const isPaused = async () => {
      const [[state]] = await stand.db.arrays(
        'SELECT state FROM glint.filters WHERE mq_id = :filter',
        { filter },
      );
      return state === 'paused';
    };
    while ((await tries())[0] !== 1) continue;
    stand.turn(-HOUR_MS);
    const until = Date.now() + 20_000;
    while (!(await isPaused()) && Date.now() < until) continue;
    await running.stop();
    expect(await isPaused()).to.equal(true);
  });

  it('let go what waits when its annotators have written, and what nobody writes of at the limit', async () => {
    await insertRows(stand.db, 'glint', 'annotators', [
      { topic: 'oracle', user_id: 1, active: 1, public: 1 },
    ]);
    const filter = await stand.filter(
      `SELECT objects.objectId, o.classification FROM objects
         LEFT JOIN annotator:oracle AS o ON o.classification <> '' WHERE objects.gmag < 18`,
      { waitMinutes: 10 },
    );
    stand.turn(-HOUR_MS);
    await alert(A, 1);
    await alert(B, 2);
    expect(await stand.matches(filter)).to.deep.equal([]);
    await stand.annotations('oracle', [A]);
    await stand.settle();
    expect(await stand.matches(filter)).to.deep.equal([`${filter} ${A} a1 0`]);
    stand.turn(11 * 60_000);
    const running = stand.start();
    const until = Date.now() + 20_000;
    while ((await stand.matches(filter)).length < 2 && Date.now() < until) continue;
    await running.stop();
    expect(await stand.matches(filter)).to.deep.equal([
      `${filter} ${A} a1 0`,
      `${filter} ${B} a2 0`,
    ]);
  });
});
