import { createHash, randomBytes } from 'node:crypto';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { NotFoundError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import {
  countDeadLetters,
  insertDeadLetters,
  listDeadLetters,
  markFailedAgain,
  markRetried,
  selectDeadLetter,
  selectWaitingDeadLetters,
} from '../../../common/store/dead-letters.ts';
import type { NewDeadLetter } from '../../../common/store/dead-letters.ts';
import { pruneDeadLetters } from '../../../post_ingest/prune.ts';
import { freshDatabase } from '../../servers.ts';

const arrivedAt = new Date('2026-03-10T05:06:07.000Z');

function letter(changes: Partial<NewDeadLetter> = {}): NewDeadLetter {
  return {
    survey: 'ztf',
    topic: 'ztf_20260310_programid1',
    partition: 3,
    offset: 2n ** 60n + 1n,
    recordNumber: 0,
    fault: 'damaged',
    reason: 'the packet is damaged: a block ends too early',
    packet: Buffer.from('Obj\x01\\\'"\0\t\n\xff', 'latin1'),
    arrivedAt,
    ...changes,
  };
}

describe('dead letters', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  beforeEach(() => db.execute('DELETE FROM glint.dead_letters'));
  after(() => db?.close());

  const insert = (...letters: NewDeadLetter[]) =>
    db.transaction((tx) => insertDeadLetters(tx, letters));

  it('are kept byte by byte, with all that is known of them', async () => {
    const packet = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 0xff));
    await insert(letter({ packet, reason: 'Grüße, “unreadable” 🛰' }));
    const [{ deadLetterId }] = await listDeadLetters(db, { limit: 10 });
    const stored = await selectDeadLetter(db, deadLetterId);
    expect(stored.packet.equals(packet)).to.equal(true);
    expect(stored).to.deep.include({
      survey: 'ztf',
      topic: 'ztf_20260310_programid1',
      partition: 3,
      offset: 2n ** 60n + 1n,
      recordNumber: 0,
      fault: 'damaged',
      reason: 'Grüße, “unreadable” 🛰',
      packetBytes: 1024,
      arrivedAt,
      state: 'waiting',
      tries: 1,
    });
  });

  it('are forgotten when they are old, sooner where they were stored since', async () => {
    const DAY_MS = 86_400_000;
    const now = new Date(arrivedAt.getTime() + 100 * DAY_MS);
    const letters = [1, 29, 31, 89, 91, 99].flatMap((age, i) =>
      [2 * i, 2 * i + 1].map((recordNumber) =>
        letter({ recordNumber, arrivedAt: new Date(now.getTime() - age * DAY_MS) }),
      ),
    );
    await insert(...letters);
    const all = await listDeadLetters(db, { limit: 20 });
    const stored = all.filter(({ recordNumber }) => recordNumber % 2 === 1);
    await markRetried(
      db,
      stored.map(({ deadLetterId }) => deadLetterId),
    );
    const prune = async (environment: Record<string, string>) => {
      const context = { db, config: parseConfig(environment), log: silentLog, now: () => now };
      const outcome = await pruneDeadLetters.run(context, new AbortController().signal);
      const left = await listDeadLetters(db, { limit: 20 });
      return [outcome.match(/\d+/g)?.map(Number), left.map((each) => each.recordNumber).reverse()];
    };
    const waiting = [0, 2, 4, 6, 8, 10];
    expect(await prune({ GLINT_DEAD_LETTER_DAYS: '0' })).to.deep.equal([
      [4, 0],
      [0, 1, 2, 3, ...waiting.slice(2)],
    ]);
    expect(await prune({})).to.deep.equal([
      [0, 2],
      [0, 1, 2, 3, 4, 6],
    ]);
    expect(await prune({ GLINT_DEAD_LETTER_DAYS: '7' })).to.deep.equal([
      [1, 3],
      [0, 1],
    ]);
  });

  it('stay as they are when the same message comes again', async () => {
    await insert(letter(), letter({ recordNumber: 4 }));
    const before = await listDeadLetters(db, { limit: 10 });
    await markRetried(db, [before[0].deadLetterId]);
    const marked = await listDeadLetters(db, { limit: 10 });
    await insert(
      letter({ reason: 'another reason', arrivedAt: new Date() }),
      letter({ recordNumber: 4 }),
    );
    expect(await listDeadLetters(db, { limit: 10 })).to.deep.equal(marked);
    await insert(letter({ offset: 5n }));
    expect(await listDeadLetters(db, { limit: 10 })).to.have.length(3);
  });

  it('are known by a hash of their bytes when they came without Kafka', async () => {
    const packet = randomBytes(100);
    const direct = letter({ topic: 'direct:ztf', partition: 0, offset: null, packet });
    await insert(direct, direct);
    await insert(direct, { ...direct, packet: randomBytes(100) });
    const letters = await listDeadLetters(db, { limit: 10 });
    expect(letters).to.have.length(2);
    const hash = createHash('sha256').update(packet).digest('hex');
    expect(letters[1].offset).to.equal(BigInt(`0x${hash.slice(0, 16)}`) >> 1n);
  });

  it('vanish with the transaction of their batch', async () => {
    const failed = db.transaction(async (tx) => {
      await insertDeadLetters(tx, [letter()]);
      throw new Error('the batch failed');
    });
    expect(await failed.catch(String)).to.match(/the batch failed/);
    expect(await listDeadLetters(db, { limit: 10 })).to.deep.equal([]);
  });

  it('are listed newest first, by page, fault and state', async () => {
    const letters = Array.from({ length: 25 }, (_, i) =>
      letter({ offset: BigInt(i), fault: i % 5 === 0 ? 'not_avro' : 'damaged' }),
    );
    await insert(...letters);
    const first = await listDeadLetters(db, { limit: 10 });
    expect(first.map(({ offset }) => Number(offset))).to.deep.equal(
      Array.from({ length: 10 }, (_, i) => 24 - i),
    );
    const next = await listDeadLetters(db, { limit: 10, before: first[9].deadLetterId });
    expect(next[0].offset).to.equal(14n);
    const notAvro = await listDeadLetters(db, { limit: 100, fault: 'not_avro' });
    expect(notAvro).to.have.length(5);
    await markRetried(
      db,
      notAvro.slice(0, 2).map(({ deadLetterId }) => deadLetterId),
    );
    expect(await listDeadLetters(db, { limit: 100, state: 'retried' })).to.have.length(2);
    expect(await countDeadLetters(db)).to.deep.equal([
      { survey: 'ztf', fault: 'damaged', state: 'waiting', count: 20 },
      { survey: 'ztf', fault: 'not_avro', state: 'retried', count: 2 },
      { survey: 'ztf', fault: 'not_avro', state: 'waiting', count: 3 },
    ]);
    const waiting = await selectWaitingDeadLetters(db, 0n, 10);
    expect(waiting).to.have.length(10);
    expect(await selectWaitingDeadLetters(db, waiting[9], 100)).to.have.length(13);
  });

  it('remember how often they were tried, and the latest reason', async () => {
    await insert(letter());
    const [{ deadLetterId }] = await listDeadLetters(db, { limit: 1 });
    await markFailedAgain(db, deadLetterId, 'unknown_schema', 'x'.repeat(5_000));
    const stored = await selectDeadLetter(db, deadLetterId);
    expect(stored).to.include({ tries: 2, fault: 'unknown_schema', state: 'waiting' });
    expect(stored.reason).to.have.length(2_000);
    await markRetried(db, [deadLetterId]);
    await markRetried(db, [deadLetterId]);
    await markRetried(db, []);
    expect(await selectDeadLetter(db, deadLetterId)).to.include({ tries: 3, state: 'retried' });
  });

  it('take many at once, and large ones', async () => {
    const many = Array.from({ length: 1_500 }, (_, i) =>
      letter({ offset: BigInt(i), packet: Buffer.alloc(20_000, i) }),
    );
    const large = letter({ offset: 10_000n, packet: Buffer.alloc(9 << 20, 7) });
    await insert(...many, large, letter({ offset: 10_001n }));
    const [{ count }] = await countDeadLetters(db);
    expect(count).to.equal(1_502);
    const [, { packetBytes, reason }] = await listDeadLetters(db, { limit: 2 });
    expect(packetBytes).to.equal(9 << 20);
    expect(reason).not.to.match(/not kept/);
  });

  it('leave out only bytes that the server would not take, and say so', async () => {
    await db.transaction((tx) => {
      const small = { ...tx, arrays: () => Promise.resolve([['16777216']]) };
      return insertDeadLetters(small, [letter({ packet: Buffer.alloc(9 << 20), offset: null })]);
    });
    const [{ packetBytes, reason }] = await listDeadLetters(db, { limit: 1 });
    expect(packetBytes).to.equal(0);
    expect(reason).to.match(/its 9437184 bytes are not kept.*max_allowed_packet is 16777216/);
  });

  it('say which there is none', async () => {
    const error: unknown = await selectDeadLetter(db, 99n).catch((err: unknown) => err);
    expect(error).to.be.instanceOf(NotFoundError);
    expect(String(error)).to.match(/dead letter 99/);
  });
});
