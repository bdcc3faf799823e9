import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { startKafka } from '../../../bin/servers/kafka.ts';
import type { PrivateKafka } from '../../../bin/servers/kafka.ts';
import { startMariaDb } from '../../../bin/servers/mariadb.ts';
import type { PrivateDatabase } from '../../../bin/servers/mariadb.ts';
import { silentLog } from '../../../common/log.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { ALL_TABLES } from '../../../common/schema/tables.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { migrate } from '../../../common/store/migrate.ts';
import { testFolder } from '../../servers.ts';
import { checkNight } from './check-consistency.ts';
import { makeNight } from './night.ts';
import type { IngestChild } from './run-child.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';

const DOWN_MS = 20_000;
const BUFFER_BYTES = 2_000_000;
/** A fetch of each partition may be handed over when the buffer is not quite full. */
const MOST_BUFFERED_BYTES = BUFFER_BYTES + 4 * (4 << 20) + 1_000_000;
/** More than that in 20 s, with 50 MB waiting in Kafka, is a leak. */
const MOST_GROWTH_BYTES = 64 << 20;

describe('ingest, when a server dies', () => {
  const topic = 'chaos_servers';
  const packets = makeNight({ seed: 21, objects: 1_000, epochs: 9 });
  const half = packets.length >> 1;
  let database: PrivateDatabase;
  let kafka: PrivateKafka;
  let stand: Stand;
  let child: IngestChild;

  const startDatabase = (port?: number) =>
    startMariaDb({ folder: join(testFolder(), 'chaos-mariadb'), port, bufferPoolBytes: 128 << 20 });
  const startBroker = (port?: number) =>
    startKafka({
      folder: join(testFolder(), 'chaos-kafka'),
      libs: join(projectRoot, 'var', 'kafka-libs'),
      port,
    });

  before(async function () {
    this.timeout(120_000);
    [database, kafka] = await Promise.all([startDatabase(), startBroker()]);
    const db = openDatabase(database.url);
    await migrate(db, ALL_TABLES, silentLog);
    stand = await openStand({
      servers: { db, url: database.url, brokers: kafka.brokers },
      pattern: topic,
      environment: { GLINT_BUFFER_BYTES: String(BUFFER_BYTES) },
    });
    await stand.makeTopic(topic);
  });
  after(async function () {
    this.timeout(30_000);
    await stand.close();
    await Promise.all([database.server.stop(), kafka.server.stop()]);
  });

  it('waits for MariaDB, killed for 20 s, with flat memory, and goes on by itself', async function () {
    this.timeout(180_000);
    await stand.send(topic, packets.slice(0, half));
    child = await stand.start({ group: 'chaos-servers' });
    await child.isWorking;
    await sleep(500);
    database.server.signal('SIGKILL');
    await database.server.exited;
    const memory = await watchMemory(child, DOWN_MS);
    expect(child.stats().waitingFor, 'what it waits for').to.be.a('string');
    expect(Math.max(...memory.buffered)).to.be.lessThan(MOST_BUFFERED_BYTES);
    expect(Math.max(...memory.resident) - memory.resident[0]).to.be.lessThan(MOST_GROWTH_BYTES);
    database = await startDatabase(database.port);
    await stand.drained(topic);
    expect(child.hasExited(), child.log().slice(-1_000)).to.equal(false);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [
      { topic, packets: packets.slice(0, half) },
    ]);
  });

  it('waits for Kafka, killed for 20 s, and goes on by itself', async function () {
    this.timeout(180_000);
    await stand.send(topic, packets.slice(half, half + 2_000));
    await sleep(300);
    kafka.server.signal('SIGKILL');
    await kafka.server.exited;
    await sleep(DOWN_MS);
    kafka = await startBroker(kafka.port);
    await stand.send(topic, packets.slice(half + 2_000));
    await stand.drained(topic);
    expect(child.hasExited(), child.log().slice(-1_000)).to.equal(false);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic, packets }]);
  });
});

/** Bytes of packets held and memory of the process, every half second. */
async function watchMemory(child: IngestChild, durationMs: number) {
  const buffered: number[] = [];
  const resident: number[] = [];
  for (const end = Date.now() + durationMs; Date.now() < end;) {
    await sleep(500);
    const { bufferedBytes, memoryBytes } = child.stats();
    buffered.push(bufferedBytes);
    resident.push(memoryBytes);
  }
  return { buffered, resident };
}
