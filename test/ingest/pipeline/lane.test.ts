import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { SetupError, UpstreamError } from '../../../common/errors.ts';
import { selectOffset } from '../../../common/store/ingest-records.ts';
import type { Database } from '../../../common/store/database.ts';
import { freshDatabase } from '../../servers.ts';
import { messages, startTestLane } from './made-up-survey.ts';

describe('a lane', () => {
  let db: Database;
  let topic: string;
  let topics = 0;

  before(async function () {
    this.timeout(60_000);
    ({ db } = await freshDatabase());
  });
  beforeEach(() => {
    topic = `lane-${topics++}`;
  });
  after(() => db.close());

  it('closes a batch when it is full', async () => {
    const { lane, batches } = startTestLane(db, { batchSize: 10, batchMs: 60_000 });
    await lane.deliver(messages(topic, 0, 35));
    await lane.flush();
    expect(batches).to.deep.equal([10, 10, 10, 5]);
    expect(lane.stats()).to.include({ received: 35, stored: 35, batches: 4, bufferedBytes: 0 });
    expect(await ledger()).to.deep.equal([35, 35, 0, 0]);
    await lane.stop();
  });

  it('closes a batch when its packets are large', async () => {
    const bytes = 21 << 20;
    const { lane, batches } = startTestLane(db, { batchMs: 60_000, bufferBytes: 10 * bytes });
    await lane.deliver(messages(topic, 0, 3, bytes));
    await lane.flush();
    expect(batches).to.deep.equal([2, 1]);
    await lane.stop();
  });

  it('closes a batch when its first packet has waited long enough', async () => {
    const { lane, batches } = startTestLane(db, { batchMs: 30 });
    await lane.deliver(messages(topic, 0, 3));
    while (batches.length === 0) await sleep(5);
    expect(batches).to.deep.equal([3]);
    expect(await selectOffset(db, topic, 0)).to.equal(3n);
    await lane.stop();
  });

  it('holds the stream up while too much is in memory', async () => {
    const gate = openGate();
    const { lane, prepared } = startTestLane(db, { batchSize: 5, bufferBytes: 1_000 }, gate.wait);
    let isTaken = false;
    const delivery = lane.deliver(messages(topic, 0, 20)).then(() => {
      isTaken = true;
    });
    await prepared(2);
    expect(isTaken, 'taken while nothing is stored').to.equal(false);
    expect(lane.stats().bufferedBytes).to.equal(2_000);
    gate.open();
    await delivery;
    expect(lane.stats().bufferedBytes).to.be.at.most(1_000);
    await lane.flush();
    expect(lane.stats().stored).to.equal(20);
    await lane.stop();
  });

  it('lets go of what waits when it is no longer ours', async () => {
    const gate = openGate();
    const { lane, prepared } = startTestLane(db, { batchSize: 5, bufferBytes: 1_000 }, gate.wait);
    const share = new AbortController();
    const delivery = lane.deliver(messages(topic, 0, 40), share.signal);
    await prepared(2);
    share.abort();
    await delivery;
    // Two batches are on their way: one is being stored, one is prepared.
    expect(lane.stats().bufferedBytes).to.equal(1_000);
    gate.open();
    await lane.flush();
    expect(await selectOffset(db, topic, 0)).to.equal(10n);
    await lane.stop();
  });

  it('counts messages once that come again before they are stored', async () => {
    const { lane } = startTestLane(db, { batchMs: 200 });
    await lane.deliver(messages(topic, 0, 10));
    await lane.deliver(messages(topic, 5, 15));
    await lane.flush();
    await lane.deliver(messages(topic, 0, 15));
    await lane.flush();
    expect(await ledger()).to.deep.equal([15, 15, 0, 0]);
    expect(await selectOffset(db, topic, 0)).to.equal(15n);
    await lane.stop();
  });

  it('counts a batch once whose commit was not answered', async () => {
    let isLost = false;
    const forgetful: Database = {
      ...db,
      async transaction(work) {
        const result = await db.transaction(work);
        if (isLost) return result;
        isLost = true;
        throw new UpstreamError('the answer was lost');
      },
    };
    const { lane } = startTestLane(forgetful);
    await lane.deliver(messages(topic, 0, 10));
    await lane.flush();
    expect(await ledger()).to.deep.equal([10, 10, 0, 0]);
    await lane.stop();
  });

  it('tries again for as long as time may heal it, and says what it waits for', async () => {
    let tries = 0;
    const { lane, fatal } = startTestLane(db, {}, () =>
      ++tries < 4 ? Promise.reject(new UpstreamError('the disk is away')) : Promise.resolve(),
    );
    await lane.deliver(messages(topic, 0, 10));
    while (lane.stats().waitingFor === null) await sleep(5);
    expect(lane.stats().waitingFor).to.equal('the disk is away');
    await lane.flush();
    expect(lane.stats()).to.include({ stored: 10, waitingFor: null });
    expect(await ledger()).to.deep.equal([10, 10, 0, 0]);
    expect(fatal).to.deep.equal([]);
    await lane.stop();
  });

  it('gives up when no repeating will mend it, and tells whoever delivers', async () => {
    const broken = new SetupError('the table is of another version');
    const { lane, fatal } = startTestLane(db, {}, () => Promise.reject(broken));
    await lane.deliver(messages(topic, 0, 10));
    expect(await lane.flush().catch((err: unknown) => err)).to.equal(broken);
    expect(await lane.deliver(messages(topic, 10, 20)).catch((err: unknown) => err)).to.equal(
      broken,
    );
    await lane.stop();
    expect(fatal).to.deep.equal([broken]);
    expect(await selectOffset(db, topic, 0)).to.equal(undefined);
  });

  it('sets a packet apart that cannot be stored, and stores the others', async () => {
    let writes = 0;
    // Batches of 8, 4, 2 and 1 packets hold the poison, which is the first.
    const { lane } = startTestLane(db, {}, () =>
      ++writes <= 4 ? Promise.reject(new Error('the row does not fit')) : Promise.resolve(),
    );
    await lane.deliver(messages(topic, 0, 8));
    await lane.flush();
    expect(await ledger()).to.deep.equal([8, 7, 0, 1]);
    const [letter] = await db.arrays(
      'SELECT message_offset, fault, packet FROM glint.dead_letters WHERE topic = :topic',
      { topic },
    );
    expect(letter).to.deep.equal(['0', 'invalid_alert', messages(topic, 0, 1)[0].value]);
    await lane.stop();
  });

  it('stops after the batch that is being stored; the rest was not taken', async () => {
    const gate = openGate();
    const { lane, fatal, prepared } = startTestLane(
      db,
      { batchSize: 5, bufferBytes: 1_000 },
      gate.wait,
    );
    const delivery = lane.deliver(messages(topic, 0, 40));
    await prepared(2);
    const stopped = lane.stop();
    gate.open();
    await Promise.all([stopped, delivery]);
    expect(await selectOffset(db, topic, 0)).to.equal(5n);
    expect(await ledger()).to.deep.equal([5, 5, 0, 0]);
    expect(fatal).to.deep.equal([]);
  });

  it('stops without a complaint while the database is away', async () => {
    const { lane, fatal } = startTestLane(db, {}, () =>
      Promise.reject(new UpstreamError('the database is away')),
    );
    await lane.deliver(messages(topic, 0, 10));
    while (lane.stats().waitingFor === null) await sleep(5);
    await lane.stop();
    expect(fatal).to.deep.equal([]);
    expect(await selectOffset(db, topic, 0)).to.equal(undefined);
  });

  async function ledger(): Promise<number[]> {
    const [row] = await db.arrays(
      `SELECT SUM(received), SUM(stored), SUM(known), SUM(dead_lettered) FROM glint.ledger
         WHERE topic = :topic`,
      { topic },
    );
    return row.map(Number);
  }
});

/** Writing waits at it until it is opened. */
function openGate(): { wait: () => Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait: () => opened, open };
}
