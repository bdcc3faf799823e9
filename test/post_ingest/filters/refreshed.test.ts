import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import { selectBatches } from '../../../common/store/batches.ts';
import { countStale, markStale } from '../../../common/store/stale-objects.ts';
import { readVerdicts } from '../../../common/store/verdicts.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { openOwnPacks } from '../../../ingest/open-lane.ts';
import { startLane } from '../../../ingest/pipeline/lane.ts';
import { createArrivalNotes } from '../../../ingest/pipeline/note-arrivals.ts';
import { openSurvey } from '../../../ingest/surveys/surveys.ts';
import { createExposureMemory } from '../../../post_ingest/coverage/exposure-memory.ts';
import { withRefreshTools } from '../../../post_ingest/steps/object-features.ts';
import { workOffStale } from '../../../post_ingest/steps/work-off-stale.ts';
import { makePackets } from '../../ingest/simulate/make-packets.ts';
import { rubinPacket } from '../../ingest/surveys/lsst/small-packet.ts';
import { smallZtfPacket } from '../../ingest/surveys/ztf/small-packet.ts';
import { fakeStep } from '../steps/fake-steps.ts';
import { objectId, openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

/** More than the scheduler does at once. */
const OBJECTS = 260;
const DAY_MS = 86_400_000;
const CLASS = 'sherlock_classification';
const never = new AbortController().signal;

describe('filters on objects that a step could not do at ingest', () => {
  let stand: FilterStand;
  let isBroken = true;
  const step = fakeStep('context', {
    facts: { classification: 'SN' },
    find() {
      if (isBroken) throw new Error('the catalogue is away');
    },
  });
  const packets = Array.from({ length: OBJECTS }, (_, i) =>
    smallZtfPacket({ objectId: objectId(i), candid: BigInt(1_000 + i) }),
  );
  const alertsOf = (filter: number, count: number) =>
    Array.from({ length: count }, (_, i) => `${filter} ${objectId(i)} a${1_000 + i} 0`);

  before(async () => {
    stand = await openFilterStand();
  });
  after(() => stand?.close());

  async function feed(survey: Survey, some: Buffer[]) {
    const lane = openFeed(stand.context, survey, [step]);
    await lane.push(some);
    await lane.finish();
    await stand.settle({ surveys: [survey] });
  }

  /** The step is sound again, and the scheduler does what is due. */
  async function heal() {
    isBroken = false;
    stand.turn(120_000);
    await withRefreshTools(stand.context, (tools) =>
      workOffStale(tools, [step], never, stand.context.now().getTime() + 60_000),
    );
    isBroken = true;
    expect(await countStale(stand.db)).to.deep.equal([]);
  }
  const refreshedBatches = async (survey: Survey) => {
    const rows = await stand.db.arrays(
      "SELECT batch_id FROM glint.filter_batches WHERE cause = 'refreshed' AND survey = :survey",
      { survey },
    );
    return selectBatches(
      stand.db,
      rows.map(([id]) => BigInt(String(id))),
    );
  };
  const sorted = async (filter: number) => (await stand.matches(filter)).sort();

  it('tell of them once when it is done, and of nothing that they told before', async () => {
    const text = `SELECT objectId, ${CLASS} FROM objects WHERE ${CLASS} = 'SN'`;
    const patient = await stand.filter(text);
    const once = await stand.filter(text, { memory: { kind: 'once' } });
    const content = await stand.filter(`SELECT objectId, ${CLASS} FROM objects WHERE ncand > 0`, {
      memory: { kind: 'change', column: CLASS, by: 0 },
    });
    await feed('ztf', packets);
    expect([await stand.matches(patient), await stand.matches(once)]).to.deep.equal([[], []]);
    expect(await sorted(content)).to.deep.equal(alertsOf(content, OBJECTS));
    const late = await stand.filter(text);

    await heal();
    const batches = await refreshedBatches('ztf');
    expect(batches.map(({ entries }) => entries?.cause)).to.deep.equal(['refreshed', 'refreshed']);
    await stand.settle();
    expect(await sorted(patient)).to.deep.equal(alertsOf(patient, OBJECTS));
    expect(await sorted(once)).to.deep.equal(alertsOf(once, OBJECTS));
    expect(await sorted(content)).to.deep.equal(alertsOf(content, OBJECTS));
    expect(await stand.matches(late), 'on since then only').to.deep.equal([]);

    const verdicts = await readVerdicts(stand.db, 'ztf', objectId(0), '1000');
    const said = verdicts.map(({ queryId, outcome, values }) => [queryId, outcome, values[CLASS]]);
    expect(said).to.deep.equal([
      [patient, 'passed', 'SN'],
      [once, 'passed', 'SN'],
      [content, 'passed', null],
    ]);
    const stillOnce = async () => {
      expect((await stand.matches(patient)).length).to.equal(OBJECTS);
      expect((await stand.matches(once)).length).to.equal(OBJECTS);
    };
    // The same once more, as another step that failed has it.
    const ids = [objectId(0)];
    await markStale(stand.db, {
      survey: 'ztf',
      step: 'context',
      ids,
      reason: 'test',
      now: stand.context.now(),
      alerted: new Set(ids),
    });
    await heal();
    await stand.settle();
    await stillOnce();
    expect((await stand.matches(content)).length).to.equal(OBJECTS);
    // What was told is the class of then: with the next alert it has changed.
    await feed('ztf', [
      smallZtfPacket({ objectId: objectId(0), candid: 9_000n, candidate: { jd: 2_460_001.5 } }),
    ]);
    expect((await stand.matches(content)).at(-1)).to.equal(`${content} ${objectId(0)} a9000 0`);
  });

  it('tell nobody after a replay, a rebuild, or days later', async () => {
    await heal();
    await stand.settle();
    const before = await stand.matches();
    const [batches] = [(await refreshedBatches('ztf')).length];
    await feed('ztf', packets);
    await heal();
    const ids = [objectId(1)];
    await markStale(stand.db, {
      survey: 'ztf',
      step: 'context',
      ids,
      reason: 'a new catalogue',
      now: stand.context.now(),
    });
    await heal();
    await feed('ztf', [smallZtfPacket({ objectId: objectId(700), candid: 700n })]);
    stand.turn(2 * DAY_MS);
    await heal();
    await stand.settle();
    expect((await refreshedBatches('ztf')).length).to.equal(batches);
    expect((await stand.matches()).filter((match) => !match.includes(' a700 '))).to.deep.equal(
      before,
    );
  });

  it('tell of those of Rubin', async () => {
    const filter = await stand.filter(
      `SELECT diaObjectId, ${CLASS} FROM objects WHERE ${CLASS} = 'SN'`,
      { survey: 'lsst' },
    );
    await feed('lsst', [
      rubinPacket(1000, { diaSourceId: 5n, diaObjectId: 55n }, { diaObjectId: 55n }),
      rubinPacket(1000, { diaSourceId: 6n, diaObjectId: 66n }, { diaObjectId: 66n }),
    ]);
    expect(await stand.matches(filter)).to.deep.equal([]);
    await heal();
    // Too slow for the stream as well: run again beside it.
    await stand.settle({ surveys: ['lsst'], limits: { softMs: 0 } });
    expect(await sorted(filter)).to.deep.equal([`${filter} 55 a5 0`, `${filter} 66 a6 0`]);
  });

  it('tell of Rubin objects whose fits were put off to keep up with the stream', async () => {
    const filter = await stand.filter('SELECT diaObjectId FROM objects WHERE BBBPeakMJD > 0', {
      survey: 'lsst',
    });
    const { context } = stand;
    const { db, config, log, now } = context;
    const survey = openSurvey('lsst', config, log, {
      // Only what may be a supernova is fitted.
      tools: { db, steps: [fakeStep('context', { facts: { classification: 'SN' } })], log, now },
      ebvAt: () => null,
      fitBudgetMs: 0,
      exposures: createExposureMemory(),
    });
    const storage = {
      db,
      survey: 'lsst' as const,
      packs: openOwnPacks(context, 'lsst'),
      arrivals: createArrivalNotes(db, 'lsst'),
      processName: 'test',
      now,
    };
    const lane = startLane(storage, survey, { ...config, log, onFatal: () => undefined });
    const night = { alerts: 60, seed: 92, nights: 3, startNight: 3246 } as const;
    const { preload, measured } = makePackets({ survey: 'lsst', workload: 'night', ...night });
    await lane.deliver(
      [...preload, ...measured].map(({ bytes: value }) => ({
        topic: 'direct:lsst',
        partition: 0,
        offset: null,
        timestampMs: now().getTime(),
        value,
      })),
    );
    await lane.flush();
    await lane.stop();
    await stand.settle({ surveys: ['lsst'] });
    expect(await stand.matches(filter)).to.deep.equal([]);
    const rows = await db.arrays("SELECT object_id FROM glint.stale_objects WHERE step = 'fit'");
    const before = (await refreshedBatches('lsst')).length;
    await heal();
    const batches = (await refreshedBatches('lsst')).slice(before);
    const asked = batches.flatMap(({ entries }) =>
      entries?.cause === 'refreshed' ? entries.alerts.map((alert) => alert.objectId) : [],
    );
    expect(asked).to.have.members(rows.map(([id]) => String(id))).and.not.be.empty;
    await stand.settle({ surveys: ['lsst'] });
    const fitted = await db.arrays(
      'SELECT CAST(diaObjectId AS CHAR) FROM lsst.objects WHERE BBBPeakMJD > 0',
    );
    const told = (await stand.matches(filter)).map((match) => match.split(' ')[1]);
    expect(told).to.have.members(fitted.flat()).and.not.be.empty;
  });
});
