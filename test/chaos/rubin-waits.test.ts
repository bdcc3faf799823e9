import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { takeAnnotations } from '../../common/annotations/take-annotations.ts';
import { insertAnnotator } from '../../common/store/annotations/annotators.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import { FILTER_STAGES } from '../../post_ingest/filters/filter-tools.ts';
import { checkArrivals } from '../ingest/chaos/check-arrivals.ts';
import { openStand } from '../ingest/chaos/stand.ts';
import type { Stand } from '../ingest/chaos/stand.ts';
import { makePackets } from '../ingest/simulate/make-packets.ts';
import { testFolder, testKafka, testMariaDb } from '../servers.ts';
import { checkDeliveries, checkReceived, matchesOf } from './check-told.ts';
import { startLife } from './lives.ts';
import type { Life } from './lives.ts';
import type { LifeOptions } from './life-child.ts';
import { kafkaReceipts, openOutsideWorld, webhookReceipts } from './outside-world.ts';
import type { OutsideWorld } from './outside-world.ts';
import { ORACLE, OWNER, switchOn } from './sky-filters.ts';
import type { SkyFilter } from './sky-filters.ts';

const TOPIC = 'lsst-alerts-waits';
const WAIT_MINUTES = 10;
const ALERTS_AT_ONCE = 8;
const LIFE_MS = 60_000;

/** Of half of all objects the annotator writes, always the same; of the others never. */
const isAnnotated = (objectId: string) => BigInt(objectId) % 2n === 0n;

describe("Rubin's alerts that wait for an annotator, while everything dies in turn", () => {
  const night = { survey: 'lsst', alerts: 130, seed: 83, nights: 3, startNight: 3246 } as const;
  const { preload, measured } = makePackets({ ...night, workload: 'night' });
  const packets = [...preload, ...measured];
  const folder = mkdtempSync(join(testFolder(), 'rubin-waits-'));
  const lives: Life[] = [];
  const filters: SkyFilter[] = [];
  let world: OutsideWorld;
  let stand: Stand;
  let userId: number;
  let environment: Record<string, string>;
  let sent = 0;

  before(async function () {
    this.timeout(120_000);
    world = await openOutsideWorld();
    environment = {
      GLINT_WEBHOOK_PRIVATE: 'true',
      GLINT_WEB_URL: 'https://glint.example',
      GLINT_FILTER_TOPIC_PREFIX: 'waited_',
      GLINT_FILTER_MAX_SHARE: '1',
    };
    stand = await openStand({ pattern: `${TOPIC}.*`, survey: 'lsst', environment });
    const [{ url }, { brokers }] = await Promise.all([testMariaDb(), testKafka()]);
    environment = {
      ...environment,
      GLINT_HOME: folder,
      GLINT_DATABASE_URL: url,
      GLINT_KAFKA_BROKERS: brokers.join(','),
    };
    const { db } = stand;
    const now = new Date();
    userId = await insertUser(db, { name: 'kay', email: OWNER, role: 'user' }, now);
    const annotator = { description: '', isActive: true, isPublic: false };
    await db.transaction((tx) => insertAnnotator(tx, userId, ORACLE, annotator, now));
    const channels = {
      kafka: { content: 'columns' as const },
      webhook: { url: world.webhookUrl, body: 'json' as const },
    };
    const queries = [
      { name: 'hasty', text: 'SELECT diaObjectId FROM objects WHERE decl < 91', waitMinutes: 0 },
      {
        name: 'patient',
        text: `SELECT objects.diaObjectId, o.classification FROM objects
          LEFT JOIN annotator:${ORACLE} AS o ON o.classification <> ''`,
        waitMinutes: WAIT_MINUTES,
      },
    ];
    for (const query of queries) {
      const queryId = await switchOn(db, userId, { ...query, survey: 'lsst' }, channels);
      const objects = 'SELECT diaObjectId FROM lsst.objects';
      filters.push({ queryId, name: query.name, channels, oracle: { kind: 'every', objects } });
    }
    await stand.makeTopic(TOPIC, 2);
  });
  after(async function () {
    this.timeout(60_000);
    for (const life of lives) life.kill();
    await stand?.close();
    await world?.stop();
  });

  const startFilters = (options: Partial<Extract<LifeOptions, { role: 'filters' }>> = {}) =>
    remembered({ role: 'filters', environment, survey: 'lsst', ...options });
  const startDeliverer = (options: Partial<Extract<LifeOptions, { role: 'deliver' }>> = {}) =>
    remembered({ role: 'deliver', environment, ...options });
  async function remembered(options: LifeOptions): Promise<Life> {
    const life = await startLife(options, folder);
    lives.push(life);
    return life;
  }

  async function expectDeath(name: string, life: { exited: Promise<string>; log(): string }) {
    const end = await Promise.race([life.exited, sleep(LIFE_MS, 'lives on', { ref: false })]);
    expect(end, `${name}: ${life.log().slice(-1_000)}`).to.equal('SIGKILL');
  }

  async function more(count: number): Promise<void> {
    if (sent === packets.length) throw new Error('the night is too short for all deaths');
    await stand.send(TOPIC, packets.slice(sent, sent + count));
    sent = Math.min(sent + count, packets.length);
  }

  /** The annotator looks at what waits. */
  async function annotate(): Promise<void> {
    const rows = await stand.db.arrays('SELECT object_id FROM glint.filter_waits');
    const now = new Date();
    const incoming = rows
      .map(([objectId]) => String(objectId))
      .filter(isAnnotated)
      .map((objectId) => ({
        survey: 'lsst' as const,
        arrivedAtMs: now.getTime(),
        annotation: {
          ...{ topic: ORACLE, objectId, classification: 'SN', version: '' },
          ...{ explanation: '', classdict: '{}', url: '' },
        },
      }));
    await takeAnnotations(stand.db, { userId, name: 'kay' }, incoming, now, { isWhole: true });
  }

  /** Whether all that was sent is stored, filters have run on it, and it is delivered. */
  async function isWorkedOff(): Promise<boolean> {
    const [[stored, batches, retries, outputs]] = await stand.db.arrays(
      `SELECT (SELECT COALESCE(SUM(received), 0) FROM glint.ledger),
         (SELECT COUNT(*) FROM glint.filter_batches WHERE done_at IS NULL),
         (SELECT COUNT(*) FROM glint.filter_retries),
         (SELECT COUNT(*) FROM glint.filter_outputs o JOIN glint.filters f ON f.mq_id = o.mq_id
          WHERE o.next_seq < f.next_seq)`,
    );
    return (
      Number(stored) >= sent && [batches, retries, outputs].every((open) => Number(open) === 0)
    );
  }

  async function workOff(): Promise<void> {
    do {
      await annotate();
      await sleep(50);
    } while (!(await isWorkedOff()) || (await waiting()).some(isAnnotated));
  }

  async function waiting(): Promise<string[]> {
    return (await stand.db.arrays('SELECT object_id FROM glint.filter_waits')).flat().map(String);
  }

  it('loses nothing that waits at any stage', async function () {
    this.timeout(200_000);
    const ingest = async () => {
      for (const stage of ['records', 'committed'] as const)
        await expectDeath(`ingest ${stage}`, await stand.start({ kill: { stage, count: 2 } }));
      return stand.start();
    };
    const filtering = async () => {
      for (const stage of FILTER_STAGES) {
        const softMs = stage === 'retried' ? 0 : 10_000;
        const kill = { stage, count: 1 + (FILTER_STAGES.indexOf(stage) % 2) };
        await expectDeath(`filters ${stage}`, await startFilters({ kill, softMs }));
      }
      return startFilters();
    };
    const delivering = async () => {
      for (const channel of ['kafka', 'webhook'] as const)
        await expectDeath(channel, await startDeliverer({ kill: { stage: 'sent', channel } }));
      return startDeliverer();
    };
    let isOver = false;
    const all = Promise.all([ingest(), filtering(), delivering()]);
    const over = all.finally(() => (isOver = true));
    const feeding = async () => {
      while (!isOver) {
        if (await isWorkedOff()) await more(ALERTS_AT_ONCE);
        await annotate();
        await sleep(100);
      }
    };
    const [[, ...killed]] = await Promise.all([over, feeding()]);
    for (const life of killed) life.kill();
  });

  it('goes on with the second of two processes when the first is killed, whichever it is', async function () {
    this.timeout(120_000);
    const filtering = await Promise.all([startFilters(), startFilters()]);
    const delivering = await Promise.all([startDeliverer(), startDeliverer()]);
    const turns = () => filtering[0].log().match(/filters on lsst are run by/g)?.length ?? 0;
    for (const dying of [0, 1]) {
      await more(20);
      await workOff();
      await more(40);
      const [filters, deliverer] = [filtering[dying], delivering[dying]];
      for (const life of [filters, deliverer]) life.kill();
      await Promise.all([filters.exited, deliverer.exited]);
      await workOff();
      filtering[dying] = await startFilters();
      delivering[dying] = await startDeliverer();
    }
    const before = turns();
    await more(20);
    await workOff();
    expect(turns(), 'nobody takes over from one that lives').to.equal(before);
    const all = [...filtering, ...delivering];
    for (const life of all) expect(life.hasExited(), life.log().slice(-1_000)).to.equal(false);
    await Promise.all(all.map((life) => life.stop()));
  });

  it('decides at the limit what no annotator writes of', async function () {
    this.timeout(120_000);
    const patient = await startFilters();
    const deliverer = await startDeliverer();
    while (sent < packets.length) await more(100);
    await workOff();
    const left = await waiting();
    expect(left.length).to.be.greaterThan(10);
    expect(left.filter(isAnnotated)).to.deep.equal([]);
    await patient.stop();
    const aheadMs = (WAIT_MINUTES + 1) * 60_000;
    const kill = { stage: 'matches' as const, count: 1 };
    await expectDeath('at the limit', await startFilters({ kill, aheadMs }));
    expect((await waiting()).sort()).to.deep.equal(left.sort());
    const late = await startFilters({ aheadMs });
    while ((await waiting()).length > 0 || !(await isWorkedOff())) await sleep(50);
    for (const life of [late, deliverer]) await life.stop();
  });

  it('has told of every alert once, with what the annotator said', async () => {
    const { db } = stand;
    await checkArrivals(db, 'lsst');
    const alerts = await db.arrays(
      "SELECT object_id, CAST(diaSourceId AS CHAR) FROM lsst.arrivals WHERE object_id <> ''",
    );
    const expected = alerts.map(([id, alert]) => `${String(id)} a${String(alert)}`).sort();
    for (const { queryId, name } of filters) {
      const matches = await matchesOf(db, queryId);
      const told = matches.map(({ objectId, cause }) => `${objectId} ${cause}`);
      expect(told.sort(), name).to.deep.equal(expected);
      const numbers = matches.map(({ seq }) => Number(seq));
      expect(numbers, name).to.deep.equal(numbers.map((_, i) => i + 1));
    }
    const [, patient] = filters;
    for (const { objectId, record } of await matchesOf(db, patient.queryId)) {
      const said = isAnnotated(objectId) ? 'SN' : null;
      expect(record, objectId).to.deep.equal({ diaObjectId: objectId, classification: said });
    }
    const troubled = await db.arrays("SELECT mq_id FROM glint.filters WHERE state <> 'on'");
    expect(troubled).to.deep.equal([]);
  });

  it('has delivered every match in order, and again only under the same id', async () => {
    const rows = await stand.db.arrays('SELECT topic FROM glint.filter_topics');
    const topics = rows.flat().map(String);
    const streamed = await kafkaReceipts(stand.context.config.kafka, stand.admin, topics);
    const hooked = webhookReceipts(world.calls());
    for (const filter of filters) {
      const { queryId, name } = filter;
      const matches = await matchesOf(stand.db, queryId);
      await checkDeliveries(stand.db, filter);
      checkReceived(`${name} by webhook`, matches, hooked.get(queryId) ?? []);
      checkReceived(`${name} by Kafka`, matches, streamed.get(queryId) ?? []);
    }
  });

  it('tells nobody when the night comes again', async function () {
    this.timeout(60_000);
    const counts = async () => ({
      calls: world.calls().length,
      rows: await stand.db.arrays(
        `SELECT (SELECT COUNT(*) FROM glint.filter_batches), (SELECT COUNT(*) FROM glint.matches),
           (SELECT COUNT(*) FROM glint.filter_waits)`,
      ),
    });
    const before = await counts();
    const again = `${TOPIC}-again`;
    await stand.makeTopic(again, 2);
    await stand.send(again, [...packets].reverse());
    const processes = [await startFilters(), await startDeliverer()];
    await stand.drained(again);
    // Time for what must not come.
    await sleep(1_000);
    for (const life of processes) await life.stop();
    expect(await counts()).to.deep.equal(before);
  });
});
