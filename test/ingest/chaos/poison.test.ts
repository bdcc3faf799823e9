import { expect } from 'chai';

import { checkNight } from './check-consistency.ts';
import { encodePacket, lonelyRecord, makeNight } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';

const [whole] = makeNight({ seed: 72, objects: 1, epochs: 1, firstObject: 5_000 });

/** Packets that cannot be stored, and why. */
const POISON: { what: string; bytes: Buffer | null; fault: string }[] = [
  { what: 'bytes of nothing', bytes: Buffer.from('no alert at all'), fault: 'not_avro' },
  { what: 'half a packet', bytes: whole.bytes.subarray(0, -150), fault: 'damaged' },
  { what: 'a message without a value', bytes: null, fault: 'not_avro' },
  {
    what: 'a word longer than its column',
    bytes: encodePacket({ ...lonelyRecord(5_001), publisher: 'x'.repeat(300) }),
    fault: 'invalid_alert',
  },
  {
    what: 'a position that is none, in its history',
    bytes: poisonedHistory(),
    fault: 'invalid_alert',
  },
];

describe('poison among good packets', () => {
  let stand: Stand;

  before(async function () {
    this.timeout(120_000);
    stand = await openStand({ pattern: 'chaos_poison' });
  });
  after(() => stand.close());

  it('goes to the dead letters, whole and with its reason, and its neighbours are stored', async function () {
    this.timeout(120_000);
    const topic = 'chaos_poison';
    const packets = makeNight({ seed: 71, objects: 60, epochs: 9 });
    await stand.makeTopic(topic, 1);
    const messages: { value: Buffer | null }[] = packets.map(({ bytes }) => ({ value: bytes }));
    POISON.forEach(({ bytes }, i) => messages.splice(40 + 7 * i, 0, { value: bytes }));
    await stand.producer.send(topic, messages);
    const child = await stand.start();
    await stand.drained(topic);
    await child.stop();
    const letters = await stand.db.arrays(
      'SELECT message_offset, fault, packet, topic, reason FROM glint.dead_letters ORDER BY message_offset',
    );
    expect(letters.map(([offset, fault]) => [Number(offset), fault])).to.deep.equal(
      POISON.map(({ fault }, i) => [40 + 7 * i, fault]),
    );
    for (const [i, { what, bytes }] of POISON.entries()) {
      const [, , packet, , reason] = letters[i];
      expect((packet as Buffer).equals(bytes ?? Buffer.alloc(0)), what).to.equal(true);
      expect(reason, what).to.be.a('string').that.is.not.empty;
    }
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [
      { topic, packets, poison: POISON.length },
    ]);
  });
});

function poisonedHistory(): Buffer {
  const record = lonelyRecord(5_002);
  const { candidate } = record;
  const earlier = { ...candidate, candid: 77n, pid: 77n, dec: 1e6 };
  return encodePacket({ ...record, prv_candidates: [earlier] });
}
