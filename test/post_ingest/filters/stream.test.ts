import { expect } from 'chai';

import { selectFilter, setFilterVersion } from '../../../common/store/filters.ts';
import { readVerdicts } from '../../../common/store/verdicts.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const BRIGHT = 'SELECT objectId, gmag, ncand FROM objects WHERE gmag < 18';
const [A, B, C, GONE] = [1, 2, 3, 99].map(objectId);
const DAY_MS = 86_400_000;

describe('filters on the stream', () => {
  let stand: FilterStand;
  beforeEach(async () => {
    stand = await openFilterStand();
    await stand.objects([
      { objectId: A, gmag: 17, ncand: 5 },
      { objectId: B, gmag: 19, ncand: 6 },
      { objectId: C, gmag: null, ncand: 7 },
    ]);
  });
  afterEach(() => stand?.close());

  const setMag = (id: string, gmag: number | null) =>
    stand.db.execute('UPDATE ztf.objects SET gmag = :gmag WHERE objectId = :id', { id, gmag });

  it('pass what their SQL implies, each alert once, in order', async () => {
    const bright = await stand.filter(BRIGHT);
    const many = await stand.filter('SELECT objectId FROM objects WHERE ncand >= 6');
    await stand.alerts([
      [A, 1],
      [B, 2],
      [A, 3],
      [C, 4],
      [GONE, 9],
    ]);
    await stand.alerts([[A, 5]]);
    await stand.alerts([]);
    await stand.settle();
    expect(await stand.matches()).to.deep.equal([
      `${bright} ${A} a1 0`,
      `${bright} ${A} a3 0`,
      `${bright} ${A} a5 0`,
      `${many} ${B} a2 0`,
      `${many} ${C} a4 0`,
    ]);
    const [row] = await stand.db.arrays(
      'SELECT seq, kind, version, alert_id, record FROM glint.matches WHERE mq_id = :bright AND seq = 2',
      { bright },
    );
    const record = JSON.stringify({ objectId: A, gmag: 17, ncand: 5 });
    expect(row.map(String)).to.deep.equal(['2', 'alert', '1', '3', record]);
    expect((await selectFilter(stand.db, bright)).nextSeq).to.equal(4n);
    const [night] = await stand.db.arrays(
      'SELECT runs, objects, passed, remembered, failures FROM glint.filter_nights WHERE mq_id = :many',
      { many },
    );
    expect(night.map(Number)).to.deep.equal([3, 4, 2, 0, 0]);
  });

  it('say of each alert what they decided and what they went by', async () => {
    const bright = await stand.filter(BRIGHT, { memory: { kind: 'once' } });
    const joined = await stand.filter(
      'SELECT o.objectId FROM objects o JOIN sherlock_classifications s ON s.objectId = o.objectId',
    );
    for (const id of [1, 2]) {
      const batchId = await stand.alerts([
        [A, id],
        [B, id + 10],
      ]);
      for (const [objectId, candid] of [
        [A, id],
        [B, id + 10],
      ] as const)
        await insertRows(
          stand.db,
          'ztf',
          'arrivals',
          [{ candid, objectId, batch_id: batchId }].map(({ objectId: object_id, ...row }) => ({
            ...row,
            object_id,
          })),
        );
      await stand.settle();
    }
    const outcomes = async (objectId: string, alertId: string) =>
      (await readVerdicts(stand.db, 'ztf', objectId, alertId)).map(({ queryId, outcome }) => [
        queryId,
        outcome,
      ]);
    expect(await outcomes(A, '1')).to.deep.equal([
      [bright, 'passed'],
      [joined, 'refused'],
    ]);
    expect((await outcomes(A, '2'))[0]).to.deep.equal([bright, 'remembered']);
    expect((await outcomes(B, '11'))[0]).to.deep.equal([bright, 'screened']);
    const [verdict] = await readVerdicts(stand.db, 'ztf', A, '1');
    expect(verdict.values).to.include({ gmag: 17 });
    expect(await outcomes(A, '777')).to.deep.equal([]);
  });

  it('tell an object again as their memory says', async () => {
    const kinds = {
      once: await stand.filter(BRIGHT, { memory: { kind: 'once' } }),
      days: await stand.filter(BRIGHT, { memory: { kind: 'days', days: 3 } }),
      change: await stand.filter(BRIGHT, { memory: { kind: 'change', column: 'gmag', by: 0.5 } }),
      brighter: await stand.filter(BRIGHT, {
        memory: { kind: 'brighter', column: 'gmag', by: 0.5 },
      }),
    };
    const steps: [alert: number, gmag: number, afterMs: number][] = [
      [1, 17, 0],
      [2, 16.8, DAY_MS],
      [3, 16.4, DAY_MS],
      [4, 17.2, DAY_MS],
      [5, 16.7, DAY_MS],
    ];
    for (const [alert, gmag, afterMs] of steps) {
      stand.turn(afterMs);
      await setMag(A, gmag);
      // Of several alerts at once the newest is what it is told for.
      await stand.alerts([
        [A, alert],
        [A, alert + 100],
      ]);
      await stand.settle();
    }
    const told = async (queryId: number) =>
      (await stand.matches(queryId)).map((line) => line.split(' ')[2]);
    expect(await told(kinds.once)).to.deep.equal(['a101']);
    expect(await told(kinds.days)).to.deep.equal(['a101', 'a104']);
    expect(await told(kinds.change)).to.deep.equal(['a101', 'a103', 'a104', 'a105']);
    expect(await told(kinds.brighter)).to.deep.equal(['a101', 'a103']);
    await stand.db.transaction((tx) =>
      setFilterVersion(
        tx,
        kinds.once,
        { version: 1, survey: 'ztf', clear: true },
        stand.context.now(),
      ),
    );
    await stand.alerts([[A, 6]]);
    await stand.settle();
    expect(await told(kinds.once)).to.deep.equal(['a101', 'a6']);
  });

  it('number the rows of one object', async () => {
    await insertRows(
      stand.db,
      'ztf',
      'comments',
      [1, 2].map((n) => ({ objectId: A, topic: `topic ${n}`, content: `comment ${n}` })),
    );
    const rows = await stand.filter(
      'SELECT o.objectId, c.topic FROM objects o JOIN comments c ON c.objectId = o.objectId',
    );
    await stand.alerts([[A, 1]]);
    await stand.settle();
    expect(await stand.matches()).to.deep.equal([`${rows} ${A} a1 0`, `${rows} ${A} a1 1`]);
  });

  it('run from the moment they are on, and with the version that is', async () => {
    const running = stand.start();
    await stand.alerts([[A, 1]]);
    const filter = await stand.filter(BRIGHT);
    await stand.alerts([[A, 2]]);
    const until = Date.now() + 20_000;
    while ((await stand.matches()).at(-1) !== `${filter} ${A} a2 0` && Date.now() < until);
    await running.stop();
    expect(await stand.matches()).to.include(`${filter} ${A} a2 0`);
  });

  it('leave a batch that cannot be read, and go on', async () => {
    const filter = await stand.filter(BRIGHT);
    const damaged = await stand.alerts([[A, 1]]);
    await stand.db.execute(
      "UPDATE glint.filter_batches SET entries = 'no batch' WHERE batch_id = :damaged",
      { damaged },
    );
    await stand.alerts([[A, 2]]);
    await stand.settle();
    expect(await stand.matches()).to.deep.equal([`${filter} ${A} a2 0`]);
  });

  it('are run by one of two processes', async () => {
    const filter = await stand.filter(BRIGHT);
    const both = [stand.start(), stand.start()];
    for (let alert = 1; alert <= 20; alert++) await stand.alerts([[A, alert]]);
    await stand.settle();
    await Promise.all(both.map((running) => running.stop()));
    expect(await stand.matches()).to.deep.equal(
      Array.from({ length: 20 }, (_, i) => `${filter} ${A} a${i + 1} 0`),
    );
  });
});
