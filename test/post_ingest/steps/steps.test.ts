import { join } from 'node:path';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectObjectPage } from '../../../common/store/histories.ts';
import { beginRebuild, selectRebuilds } from '../../../common/store/rebuilds.ts';
import { countStale, markStale } from '../../../common/store/stale-objects.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { withRefreshTools } from '../../../post_ingest/steps/object-features.ts';
import { askForNewVersions, runRebuilds } from '../../../post_ingest/steps/rebuild.ts';
import type { RefreshTools } from '../../../post_ingest/steps/refresh-objects.ts';
import type { Step } from '../../../post_ingest/steps/step.ts';
import { workOffStale } from '../../../post_ingest/steps/work-off-stale.ts';
import { smallZtfPacket } from '../../ingest/surveys/ztf/small-packet.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { fakeStep } from './fake-steps.ts';

const NIGHT = new Date('2026-11-20T06:00:00Z');
const never = new AbortController().signal;

describe('steps after ingest', () => {
  let db: Database;
  let context: Context;
  let tools: RefreshTools;
  let time = NIGHT;

  beforeEach(async () => {
    ({ db } = await freshDatabase());
    time = NIGHT;
    const config = parseConfig({ GLINT_HOME: join(testFolder(), 'steps') });
    context = { config, db, log: silentLog, now: () => time };
    await withRefreshTools(context, (opened) => {
      // Without dust maps there is nothing to close.
      tools = opened;
      return Promise.resolve();
    });
  });

  afterEach(() => db.close());

  async function feed(packets: Buffer[], steps: readonly Step[]) {
    const lane = openFeed(context, 'ztf', steps);
    await lane.push(packets);
    return lane.finish();
  }

  const workOff = (steps: readonly Step[]) =>
    workOffStale(tools, steps, never, time.getTime() + 60_000);
  const classes = async () =>
    (await db.arrays('SELECT objectId, sherlock_classification FROM ztf.objects ORDER BY 1')).map(
      (row) => row[1],
    );

  it('look at new objects once, and again at those that moved', async () => {
    const step = fakeStep('context', { facts: { classification: 'SN' } });
    const [a, b] = ['ZTF26aaaaaaa', 'ZTF26aaaaaab'];
    const packet = (objectId: string, candid: bigint, ra: number) =>
      smallZtfPacket({ objectId, candid, candidate: { ra, jd: 2_460_000 + Number(candid) } });
    await feed([packet(a, 1n, 10), packet(b, 2n, 20)], [step]);
    expect(step.asked).to.deep.equal([[a, b]]);
    expect(await classes()).to.deep.equal(['SN', 'SN']);
    await db.execute(
      'REPLACE INTO ztf.sherlock_classifications (objectId, objRa, objDecl) SELECT objectId, ramean, decmean FROM ztf.objects',
    );
    // The mean of the first moves by 0.1, of the second by 1 arcsec.
    await feed([packet(a, 3n, 10 + 0.2 / 3600), packet(b, 4n, 20 + 2 / 3600)], [step]);
    expect(step.asked.slice(1)).to.deep.equal([[b]]);
  });

  it('never stop the stream: what a step could not do is marked and done later', async () => {
    let isBroken = true;
    const step = fakeStep('context', {
      facts: { classification: 'AGN' },
      find() {
        if (isBroken) throw new Error('the catalogue is not there');
      },
    });
    const stats = await feed([smallZtfPacket()], [step]);
    expect(stats).to.include({ stored: 1, deadLettered: 0 });
    const [stale] = await countStale(db);
    expect(stale).to.deep.include({ survey: 'ztf', step: 'context', objects: 1, tries: 0 });
    expect(await classes()).to.deep.equal([null]);

    expect(await workOff([step])).to.deep.equal({ done: 0, failed: 1 });
    expect(await workOff([step]), 'not due yet').to.deep.equal({ done: 0, failed: 0 });
    time = new Date(time.getTime() + 120_000);
    isBroken = false;
    expect(await workOff([step])).to.deep.equal({ done: 1, failed: 0 });
    expect(await countStale(db)).to.deep.equal([]);
    expect(await classes()).to.deep.equal(['AGN']);
  });

  it('that cannot write take nothing of the batch with them', async () => {
    const broken = fakeStep('tns', {
      write: async (tx) => {
        await tx.execute("UPDATE ztf.objects SET tns_name = 'half done'");
        await tx.execute('SELECT no_such_column FROM ztf.objects');
      },
    });
    const sound = fakeStep('context', { facts: { classification: 'VS' } });
    const stats = await feed([smallZtfPacket()], [broken, sound]);
    expect(stats.stored).to.equal(1);
    expect(
      await db.arrays('SELECT sherlock_classification, tns_name FROM ztf.objects'),
    ).to.deep.equal([['VS', null]]);
    expect((await countStale(db)).map(({ step, objects }) => [step, objects])).to.deep.equal([
      ['tns', 1],
    ]);
  });

  it('find the one object that fails among many, and do the others', async () => {
    const ids = Array.from(
      { length: 30 },
      (_, i) => `ZTF26aaaaa${String.fromCharCode(97 + (i >> 4), 97 + (i & 15))}`,
    );
    await feed(
      ids.map((objectId, i) =>
        smallZtfPacket({ objectId, candid: BigInt(i), candidate: { ra: i } }),
      ),
      [],
    );
    const poison = ids[17];
    const step: Step = {
      name: 'context',
      find(_db, _survey, objects) {
        if (objects.some(({ id }) => id === poison)) throw new Error(`${poison} is too odd`);
        return Promise.resolve({
          facts: new Map(objects.map(({ id }) => [id, { classification: 'NT' }])),
          write: () => Promise.resolve(),
        });
      },
    };
    await markStale(db, { survey: 'ztf', step: 'context', ids, reason: 'test', now: time });
    expect(await workOff([step])).to.deep.equal({ done: 29, failed: 1 });
    expect((await classes()).filter((each) => each === 'NT')).to.have.length(29);
    const left = await db.arrays('SELECT object_id, reason, tries FROM glint.stale_objects');
    expect(left).to.deep.equal([[poison, `${poison} is too odd`, 1]]);
  });

  it('rebuild every object, from where they were cut short', async () => {
    const count = 600;
    const idOf = (i: number) =>
      `ZTF26aaaa${String.fromCharCode(97 + (((i / 676) | 0) % 26), 97 + (((i / 26) | 0) % 26), 97 + (i % 26))}`;
    await feed(
      Array.from({ length: count }, (_, i) =>
        smallZtfPacket({
          objectId: idOf(i),
          candid: BigInt(i + 1),
          candidate: { ra: i / 2, magpsf: 18 },
        }),
      ),
      [],
    );
    const whole = await db.arrays('SELECT * FROM ztf.objects ORDER BY objectId');
    await db.execute('UPDATE ztf.objects SET maggmean = 99, ncand = 7');
    await beginRebuild(db, {
      survey: 'ztf',
      step: 'features',
      version: 'test',
      total: count,
      now: time,
    });

    const stop = new AbortController();
    const done = await runRebuilds(tools, [], stop.signal, () => stop.abort());
    expect(done).to.equal(250);
    const [halfway] = await selectRebuilds(db);
    expect(halfway).to.include({ done: 250, total: count, endedAt: null });
    expect(await runRebuilds(tools, [], never)).to.equal(count - 250);
    const [ended] = await selectRebuilds(db);
    expect(ended).to.include({ done: count });
    expect(ended.endedAt).not.to.equal(null);
    expect(await db.arrays('SELECT * FROM ztf.objects ORDER BY objectId')).to.deep.equal(whole);
    expect(await selectObjectPage(db, 'ztf', idOf(count - 2), 10)).to.deep.equal([idOf(count - 1)]);
  });

  it('ask for a rebuild when definitions change, and for none in an empty database', async () => {
    const versions = { features: '1', rules: 'a' };
    await askForNewVersions(tools, versions);
    expect((await selectRebuilds(db)).filter(({ endedAt }) => endedAt === null)).to.deep.equal([]);
    await feed([smallZtfPacket()], []);
    await askForNewVersions(tools, versions);
    expect((await selectRebuilds(db)).filter(({ endedAt }) => endedAt === null)).to.deep.equal([]);
    await askForNewVersions(tools, { features: '2', rules: 'b' });
    const open = (await selectRebuilds(db)).filter(({ endedAt }) => endedAt === null);
    expect(open.map(({ survey, step, version }) => [survey, step, version])).to.have.deep.members([
      ['ztf', 'features', '2'],
      ['ztf', 'context', 'rules:b'],
    ]);
  });
});
