import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { startKafka } from '../../bin/servers/kafka.ts';
import type { PrivateKafka } from '../../bin/servers/kafka.ts';
import { startMariaDb } from '../../bin/servers/mariadb.ts';
import type { PrivateDatabase } from '../../bin/servers/mariadb.ts';
import { takeAnnotations } from '../../common/annotations/take-annotations.ts';
import { matchId } from '../../common/filters/filter.ts';
import { silentLog } from '../../common/log.ts';
import { projectRoot } from '../../common/project-root.ts';
import { ALL_TABLES } from '../../common/schema/tables.ts';
import { openDatabase } from '../../common/store/database.ts';
import { migrate } from '../../common/store/migrate.ts';
import { STORE_STAGES } from '../../ingest/pipeline/store-batch.ts';
import { FILTER_STAGES } from '../../post_ingest/filters/filter-tools.ts';
import { checkNight } from '../ingest/chaos/check-consistency.ts';
import { makeNight, random32 } from '../ingest/chaos/night.ts';
import { openStand } from '../ingest/chaos/stand.ts';
import type { Stand } from '../ingest/chaos/stand.ts';
import { surroundNight } from '../ingest/chaos/surroundings.ts';
import { testFolder } from '../servers.ts';
import { checkDeliveries, checkReceived, checkTold, matchesOf } from './check-told.ts';
import { startLife } from './lives.ts';
import type { Life } from './lives.ts';
import type { LifeOptions } from './life-child.ts';
import { kafkaReceipts, mailedIds, openOutsideWorld, webhookReceipts } from './outside-world.ts';
import type { OutsideWorld } from './outside-world.ts';
import { layFilters, ORACLE, OWNER } from './sky-filters.ts';
import type { SkyFilter } from './sky-filters.ts';

const TOPIC = 'chaos_whole';
const PREFIX = 'told_';
const DOWN_MS = 20_000;
const RANDOM_DEATHS = 6;
/** Longer than anything takes here. */
const LIFE_MS = 60_000;
/** Matches that a mail lists. */
const LISTED = 200;
const CHANNELS = ['kafka', 'webhook', 'mail'] as const;

describe('a night on its whole way, while everything dies in turn', () => {
  const packets = makeNight({ seed: 61, objects: 160, epochs: 9 });
  const random = random32(61);
  const folder = mkdtempSync(join(testFolder(), 'whole-way-'));
  let database: PrivateDatabase;
  let kafka: PrivateKafka;
  let world: OutsideWorld;
  let stand: Stand;
  let userId: number;
  let filters: SkyFilter[];
  let environment: Record<string, string>;
  const lives: Life[] = [];
  let sent = 0;
  let annotated = 0;

  const startDatabase = (port?: number) =>
    startMariaDb({ folder: join(folder, 'mariadb'), port, bufferPoolBytes: 128 << 20 });
  const startBroker = (port?: number) =>
    startKafka({
      folder: join(folder, 'kafka'),
      libs: join(projectRoot, 'var', 'kafka-libs'),
      port,
    });

  before(async function () {
    this.timeout(180_000);
    [database, kafka, world] = await Promise.all([
      startDatabase(),
      startBroker(),
      openOutsideWorld(),
    ]);
    const db = openDatabase(database.url);
    await migrate(db, ALL_TABLES, silentLog);
    environment = {
      GLINT_MAIL_URL: world.mailUrl,
      GLINT_WEBHOOK_PRIVATE: 'true',
      GLINT_WEB_URL: 'https://glint.example',
      GLINT_FILTER_TOPIC_PREFIX: PREFIX,
      GLINT_FILTER_MAX_SHARE: '1',
    };
    stand = await openStand({
      servers: { db, url: database.url, brokers: kafka.brokers },
      pattern: `${TOPIC}.*`,
      environment,
    });
    environment = {
      ...environment,
      GLINT_HOME: folder,
      GLINT_DATABASE_URL: database.url,
      GLINT_KAFKA_BROKERS: kafka.brokers.join(','),
    };
    await surroundNight(db, packets);
    ({ userId, filters } = await layFilters(db, packets, world.webhookUrl));
    await stand.makeTopic(TOPIC);
  });
  after(async function () {
    this.timeout(60_000);
    for (const life of lives) life.kill();
    await stand?.close();
    await world?.stop();
    await Promise.all([database?.server.stop(), kafka?.server.stop()]);
  });

  const start = {
    ingest: (kill?: { stage: (typeof STORE_STAGES)[number]; count: number }) =>
      stand.start(kill && { kill }),
    filters: (options: Partial<Extract<LifeOptions, { role: 'filters' }>> = {}) =>
      remembered(startLife({ role: 'filters', environment, ...options }, folder)),
    async deliver(options: Partial<Extract<LifeOptions, { role: 'deliver' }>> = {}) {
      // A digest may go again.
      await stand.db.execute('UPDATE glint.filter_outputs SET last_sent_at = NULL');
      return remembered(startLife({ role: 'deliver', environment, ...options }, folder));
    },
  };
  async function remembered(starting: Promise<Life>): Promise<Life> {
    const life = await starting;
    lives.push(life);
    return life;
  }

  /** Sends some more of the night, and has the annotator write of objects that are there. */
  async function more(count: number): Promise<void> {
    if (sent === packets.length) throw new Error('the night is too short for all deaths');
    const some = packets.slice(sent, sent + count);
    sent += some.length;
    await stand.send(TOPIC, some);
    const rows = await stand.db.arrays(
      `SELECT objectId FROM ztf.objects WHERE objectId NOT IN (SELECT objectId FROM ztf.annotations)
       ORDER BY objectId LIMIT 4`,
    );
    const now = new Date();
    const incoming = rows.map(([objectId]) => ({
      survey: 'ztf' as const,
      arrivedAtMs: now.getTime(),
      annotation: {
        topic: ORACLE,
        objectId: String(objectId),
        classification: ++annotated % 3 === 0 ? 'AGN' : 'SN',
        version: '',
        explanation: '',
        classdict: '{}',
        url: '',
      },
    }));
    await takeAnnotations(stand.db, { userId, name: 'kay' }, incoming, now, { isWhole: true });
  }

  /** Whether all that was sent is stored, and filters have run on it. */
  async function isWorkedOff(): Promise<boolean> {
    const [[stored, batches, retries]] = await stand.db.arrays(
      `SELECT (SELECT COALESCE(SUM(received), 0) FROM glint.ledger),
         (SELECT COUNT(*) FROM glint.filter_batches WHERE done_at IS NULL),
         (SELECT COUNT(*) FROM glint.filter_retries)`,
    );
    return Number(stored) >= sent && Number(batches) + Number(retries) === 0;
  }

  /** Whether all matches are sent to these channels. */
  async function isDelivered(...channels: (typeof CHANNELS)[number][]): Promise<boolean> {
    const [[waiting]] = await stand.db.arrays(
      `SELECT COUNT(*) FROM glint.filter_outputs o JOIN glint.filters f ON f.mq_id = o.mq_id
       WHERE o.next_seq < f.next_seq AND o.channel IN (:channels)`,
      { channels },
    );
    return Number(waiting) === 0;
  }

  /** Sends more whenever there is nothing to do, until the work is done. */
  async function feedDuring(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    const over = work.finally(() => (isOver = true));
    const feeding = async () => {
      while (!isOver) {
        if ((await isWorkedOff()) && (await isDelivered('kafka', 'webhook'))) await more(15);
        await sleep(100);
      }
    };
    await Promise.all([over, feeding()]);
  }

  async function expectDeath(name: string, life: { exited: Promise<string>; log(): string }) {
    const end = await Promise.race([life.exited, sleep(LIFE_MS, 'lives on', { ref: false })]);
    expect(end, `${name}: ${life.log().slice(-1_000)}`).to.equal('SIGKILL');
  }

  it('of each process at every stage', async function () {
    this.timeout(300_000);
    const ingest = async () => {
      for (const stage of STORE_STAGES) {
        const kill = { stage, count: stage === 'reported' ? 1 : 2 };
        await expectDeath(`ingest ${stage}`, await start.ingest(kill));
      }
      return start.ingest();
    };
    const filtering = async () => {
      for (const stage of FILTER_STAGES) {
        const softMs = stage === 'retried' ? 0 : 10_000;
        const kill = { stage, count: 1 + (FILTER_STAGES.indexOf(stage) % 2) };
        await expectDeath(`filters ${stage}`, await start.filters({ kill, softMs }));
      }
      return start.filters();
    };
    const delivering = async () => {
      for (const channel of CHANNELS) {
        for (const stage of ['read', 'sent', 'recorded'] as const) {
          const life = await start.deliver({ kill: { stage, channel } });
          await expectDeath(`deliver ${channel} ${stage}`, life);
        }
      }
      return start.deliver();
    };
    const all = Promise.all([ingest(), filtering(), delivering()]);
    await feedDuring(all);
    const [ingesting, ...others] = await all;
    ingesting.kill();
    for (const life of others) life.kill();
  });

  it('at random, and of Kafka, mail, receiver and database', async function () {
    this.timeout(300_000);
    let processes = [await start.ingest(), await start.filters(), await start.deliver()];
    const starts = [() => start.ingest(), () => start.filters(), () => start.deliver()];
    const deaths = async () => {
      for (let i = 0; i < RANDOM_DEATHS; i++) {
        await sleep(100 + 700 * random());
        const which = i % 3;
        processes[which].kill();
        await processes[which].exited;
        processes[which] = await starts[which]();
      }
    };
    await feedDuring(deaths());
    await more(60);
    kafka.server.signal('SIGKILL');
    await Promise.all([kafka.server.exited, world.goAway()]);
    await sleep(DOWN_MS);
    await world.comeBack();
    kafka = await startBroker(kafka.port);
    await more(100);
    await sleep(500);
    database.server.signal('SIGKILL');
    await database.server.exited;
    await sleep(1_000);
    database = await startDatabase(database.port);
    while (sent < packets.length) await more(200);
    await stand.drained(TOPIC);
    while (!(await isWorkedOff()) || !(await isDelivered('kafka', 'webhook'))) await sleep(100);
    // Mails are due a minute after the last: a new life need not wait.
    processes[2].kill();
    await processes[2].exited;
    processes = [processes[0], processes[1], await start.deliver()];
    while (!(await isDelivered('mail'))) await sleep(100);
    for (const life of processes) {
      expect(life.hasExited(), life.log().slice(-1_000)).to.equal(false);
      await life.stop();
    }
  });

  it('tells what the filters imply, everything once', async function () {
    this.timeout(60_000);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic: TOPIC, packets }]);
    for (const filter of filters) await checkTold(stand.db, filter);
    const troubled = await stand.db.arrays(
      "SELECT mq_id, state, state_reason FROM glint.filters WHERE state <> 'on'",
    );
    expect(troubled).to.deep.equal([]);
  });

  it('delivers every match on every channel, in order, and again only under the same id', async function () {
    this.timeout(60_000);
    const hooked = webhookReceipts(world.calls());
    const { topics } = await topicsOfFilters();
    const streamed = await kafkaReceipts(stand.context.config.kafka, stand.admin, topics);
    const mailed = mailedIds(world.mails());
    for (const filter of filters) {
      const { queryId, name, channels } = filter;
      await checkDeliveries(stand.db, filter);
      const matches = await matchesOf(stand.db, queryId);
      checkReceived(`${name} by webhook`, matches, hooked.get(queryId) ?? []);
      checkReceived(`${name} by Kafka`, matches, streamed.get(queryId) ?? []);
      const inMails = [...(mailed.get(queryId) ?? [])];
      const mailable = channels.mail === undefined ? [] : matches.map(matchId);
      expect(mailable, `${name} by mail`).to.include.members(inMails);
      // Of more the mails only say how many there are.
      if (mailable.length <= LISTED) expect(inMails).to.have.members(mailable);
    }
    // Nobody was told of anything else: no filter was paused, no output ended.
    for (const { to, text } of world.mails()) {
      expect(to).to.deep.equal([OWNER]);
      expect(text).to.match(/ match(es)? of your filter/);
    }
  });

  it('notifies nobody when the night comes again', async function () {
    this.timeout(120_000);
    const before = await counts();
    const again = `${TOPIC}_again`;
    await stand.makeTopic(again, 2);
    await stand.send(again, [...packets].reverse());
    const processes = [await start.ingest(), await start.filters(), await start.deliver()];
    await stand.drained(again);
    while (!(await isWorkedOff())) await sleep(100);
    // Time for what must not come.
    await sleep(1_000);
    for (const life of processes) await life.stop();
    expect(await counts()).to.deep.equal(before);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [
      { topic: TOPIC, packets },
      { topic: again, packets },
    ]);
  });

  async function topicsOfFilters(): Promise<{ topics: string[]; ends: string[] }> {
    const rows = await stand.db.arrays('SELECT topic FROM glint.filter_topics ORDER BY topic');
    const topics = rows.map(([topic]) => String(topic));
    const offsets = await stand.admin.endOffsets(topics);
    const ends = topics.map((topic) =>
      (offsets.get(topic) ?? [])
        .map(({ partition, high }) => `${topic}/${partition} ${high}`)
        .join(),
    );
    return { topics, ends };
  }

  async function counts(): Promise<unknown> {
    const tables = ['filter_batches', 'matches', 'deliveries', 'filter_memory', 'filter_retries'];
    const rows = [];
    for (const table of tables)
      rows.push(String(await stand.db.arrays(`SELECT COUNT(*) FROM glint.${table}`)));
    const { ends } = await topicsOfFilters();
    return { rows, ends, calls: world.calls().length, mails: world.mails().length };
  }
});
