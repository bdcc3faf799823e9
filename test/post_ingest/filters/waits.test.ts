import { expect } from 'chai';

import { takeAnnotations } from '../../../common/annotations/take-annotations.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const TOKEN = `SELECT objects.objectId, oracle.classification FROM objects, annotator:oracle
  WHERE objects.gmag < 18 AND oracle.classification = 'SN'`;
const [A, B, FAINT] = [1, 2, 3].map(objectId);
const MINUTE_MS = 60_000;

describe('filters that name annotators', () => {
  let stand: FilterStand;
  before(async () => {
    stand = await openFilterStand();
    await stand.objects([
      { objectId: A, gmag: 17 },
      { objectId: B, gmag: 17 },
      { objectId: FAINT, gmag: 20 },
    ]);
    await insertRows(stand.db, 'glint', 'annotators', [
      { topic: 'oracle', user_id: 1, active: 1, public: 1 },
    ]);
  });
  after(() => stand?.close());
  afterEach(async () => {
    await stand.db.execute("UPDATE glint.filters SET state = 'off'");
    await stand.db.execute('DELETE FROM ztf.annotations');
  });
  const waiting = async () =>
    (await stand.db.arrays('SELECT object_id FROM glint.filter_waits ORDER BY 1'))
      .flat()
      .map(String);

  it('wait for them, and run when they have come, on alerts alone', async () => {
    const filter = await stand.filter(TOKEN, { waitMinutes: 10 });
    await stand.alerts([
      [A, 1],
      [B, 2],
      [A, 3],
      [FAINT, 4],
    ]);
    await stand.settle();
    expect(await waiting()).to.deep.equal([A, B]);
    expect(await stand.matches(filter)).to.deep.equal([]);
    await stand.alerts([[A, 5]]);
    await stand.settle();
    await stand.annotations('oracle', [A, FAINT]);
    await stand.settle();
    expect(await stand.matches(filter)).to.deep.equal(
      [1, 3, 5].map((alert) => `${filter} ${A} a${alert} 0`),
    );
    expect(await waiting()).to.deep.equal([B]);
    await stand.annotations('oracle', [A]);
    await stand.settle();
    expect((await stand.matches(filter)).length).to.equal(3);
    // An annotation from before the alert is none of it.
    stand.turn(1_000);
    await stand.alerts([[A, 6]]);
    await stand.settle();
    expect(await waiting()).to.deep.equal([A, B]);
    stand.turn(11 * MINUTE_MS);
    const running = stand.start();
    const until = Date.now() + 20_000;
    while ((await waiting()).length > 0 && Date.now() < until) continue;
    await running.stop();
    // B was never annotated; A was, before.
    expect(await stand.matches(filter)).to.deep.equal(
      [1, 3, 5, 6].map((alert) => `${filter} ${A} a${alert} 0`),
    );
  });

  it('hear an annotator out that says of the next alert what it said before', async () => {
    const filter = await stand.filter(TOKEN, { waitMinutes: 10 });
    const say = async () => {
      const given = [A, B].map((id) => ({
        survey: 'ztf' as const,
        arrivedAtMs: stand.context.now().getTime(),
        annotation: {
          ...{ topic: 'oracle', objectId: id, classification: 'SN', version: '1' },
          ...{ explanation: '', classdict: '{}', url: '' },
        },
      }));
      const sender = { userId: 1, name: 'kay' };
      const now = stand.context.now();
      return takeAnnotations(stand.db, sender, given, now, { isWhole: true });
    };
    await stand.alerts([[A, 31]]);
    await stand.settle();
    await say();
    await stand.settle();
    stand.turn(1_000);
    await stand.alerts([[A, 32]]);
    await stand.settle();
    expect(await waiting()).to.deep.equal([A]);
    // Of B it is a client's repeat.
    const isRepeat = (await say()).map((outcome) => 'isRepeat' in outcome && outcome.isRepeat);
    expect(isRepeat).to.deep.equal([false, true]);
    await stand.settle();
    expect(await waiting()).to.deep.equal([]);
    expect(await stand.matches(filter)).to.deep.equal(
      [31, 32].map((alert) => `${filter} ${A} a${alert} 0`),
    );
  });

  it('run on annotations alone where their owner wants so', async () => {
    const token = await stand.filter(TOKEN, {
      triggers: { onAlerts: false, onAnnotations: true },
    });
    await stand.alerts([[A, 11]]);
    await stand.annotations('oracle', [A, FAINT]);
    await stand.settle();
    const [[number]] = await stand.db.arrays(
      'SELECT annotationID FROM ztf.annotations WHERE objectId = :A',
      { A },
    );
    expect(await stand.matches(token)).to.deep.equal([`${token} ${A} n${String(number)} 0`]);
  });

  it('do not wait where they are told not to', async () => {
    const filter = await stand.filter(TOKEN);
    await stand.annotations('oracle', [A]);
    await stand.alerts([
      [A, 21],
      [B, 22],
    ]);
    await stand.settle();
    expect(await stand.matches(filter)).to.deep.equal([`${filter} ${A} a21 0`]);
    expect(await waiting()).to.deep.equal([]);
  });
});
