import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { checkNight } from './check-consistency.ts';
import { makeNight } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';
import { checkAsUnbroken, surroundNight } from './surroundings.ts';

const PARTITIONS = 6;

describe('several ingest processes', () => {
  let stand: Stand;

  afterEach(async function () {
    this.timeout(30_000);
    await stand.close();
  });

  it('share a topic, and the others go on with what a killed one had', async function () {
    this.timeout(180_000);
    const topic = 'chaos_group_killed';
    stand = await openStand({ pattern: topic });
    const packets = makeNight({ seed: 31, objects: 500, epochs: 9 });
    await surroundNight(stand.db, packets);
    await stand.makeTopic(topic, PARTITIONS);
    const group = 'chaos-three';
    const children = await Promise.all([1, 2, 3].map(() => stand.start({ group })));
    const allWorking = Promise.all(children.map((child) => child.isWorking)).then(() => true);
    let sent = 0;
    const sendMore = async (count: number) => {
      await stand.send(topic, packets.slice(sent, sent + count));
      sent = Math.min(packets.length, sent + count);
    };
    // Partitions are shared out when all have joined: then each has work.
    while (!(await Promise.race([allWorking, sleep(100, false)]))) await sendMore(10);
    expect(sent, 'sent when all three worked').to.be.lessThan(packets.length - 1_000);
    await sendMore(1_000);
    children[0].kill();
    await sendMore(packets.length);
    await stand.drained(topic);
    expect(children.map((child) => child.hasExited())).to.deep.equal([true, false, false]);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic, packets }]);
    await checkAsUnbroken(stand, packets);
  });

  it('may read the same messages at the same time', async function () {
    this.timeout(120_000);
    const topic = 'chaos_group_rivals';
    stand = await openStand({ pattern: topic });
    const packets = makeNight({ seed: 32, objects: 200, epochs: 9 });
    await surroundNight(stand.db, packets);
    await stand.makeTopic(topic, 2);
    // In groups of their own each is given everything, as one is whom Kafka takes for dead.
    await Promise.all([stand.start(), stand.start(), stand.send(topic, packets)]);
    await stand.drained(topic);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic, packets }]);
    await checkAsUnbroken(stand, packets);
  });

  it('may work on the same objects at the same time', async function () {
    this.timeout(120_000);
    const [first, second] = ['chaos_group_first', 'chaos_group_second'];
    stand = await openStand({ pattern: `${first}|${second}` });
    // Few objects that come often, each of them in both topics and all partitions.
    const packets = makeNight({ seed: 33, objects: 40, epochs: 40 });
    const isSecond = (_: unknown, i: number) => i % 3 === 0;
    const parts = [
      { topic: first, packets: packets.filter((packet, i) => !isSecond(packet, i)) },
      { topic: second, packets: packets.filter(isSecond) },
    ];
    await surroundNight(stand.db, packets);
    for (const { topic, packets: part } of parts) {
      await stand.makeTopic(topic, 2);
      await stand.send(topic, part);
    }
    const group = 'chaos-same';
    await Promise.all([stand.start({ group }), stand.start({ group }), stand.start({ group })]);
    await stand.drained(first, second);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, parts);
    await checkAsUnbroken(stand, packets);
  });
});
