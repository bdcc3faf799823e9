import { expect } from 'chai';

import { openFeed } from '../../../ingest/feed.ts';
import { checkNight, surveyChecksums } from './check-consistency.ts';
import { makeNight } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';
import { surroundNight } from './surroundings.ts';

describe('a night that comes again', () => {
  const packets = makeNight({ seed: 41, objects: 150, epochs: 9 });
  const alerts = new Set(packets.map(({ candid }) => candid)).size;
  let stand: Stand;
  let checksums: Map<string, string>;

  before(async function () {
    this.timeout(120_000);
    stand = await openStand({ pattern: 'chaos_replay.*' });
    await surroundNight(stand.db, packets);
    await stand.makeTopic('chaos_replay', 2);
    await stand.send('chaos_replay', packets);
    const child = await stand.start();
    await stand.drained('chaos_replay');
    await child.stop();
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [
      { topic: 'chaos_replay', packets },
    ]);
    checksums = await allChecksums();
    // All that is worked out of the objects' places is there to be changed.
    const tables = ['sherlock_classifications', 'sherlock_crossmatches', 'tns_matches', 'comments'];
    for (const table of [...tables, 'crossmatch_lsst', 'exposures', 'coverage_changes']) {
      const [[rows]] = await stand.db.arrays(`SELECT COUNT(*) FROM ztf.${table}`);
      expect(Number(rows), table).to.be.greaterThan(0);
    }
  });
  after(() => stand.close());

  it('changes no row when it comes in another topic', async function () {
    this.timeout(120_000);
    await stand.makeTopic('chaos_replay_again', 3);
    await stand.send('chaos_replay_again', [...packets].reverse());
    const child = await stand.start();
    await stand.drained('chaos_replay_again');
    await child.stop();
    expect(await allChecksums()).to.deep.equal(checksums);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [
      { topic: 'chaos_replay', packets },
      { topic: 'chaos_replay_again', packets },
    ]);
    expect(await ledgerOf('chaos_replay_again')).to.deep.equal([packets.length, 0, packets.length]);
  });

  it('changes no row when it is fed without Kafka', async function () {
    this.timeout(120_000);
    const feed = openFeed(stand.context, 'ztf');
    await feed.push(packets.map(({ bytes }) => bytes));
    const stats = await feed.finish();
    expect(stats).to.include({ received: packets.length, stored: 0, known: packets.length });
    expect(await allChecksums()).to.deep.equal(checksums);
    expect(await ledgerOf('direct:ztf')).to.deep.equal([packets.length, 0, packets.length]);
  });

  it('was stored once: alerts that came twice the first time were known', async () => {
    expect(await ledgerOf('chaos_replay')).to.deep.equal([
      packets.length,
      alerts,
      packets.length - alerts,
    ]);
  });

  /** Of both surveys: links between them are in either. */
  async function allChecksums(): Promise<Map<string, string>> {
    const [ztf, lsst] = [
      await surveyChecksums(stand.db, 'ztf'),
      await surveyChecksums(stand.db, 'lsst'),
    ];
    return new Map([...ztf, ...lsst]);
  }

  async function ledgerOf(topic: string): Promise<number[]> {
    const [row] = await stand.db.arrays(
      'SELECT SUM(received), SUM(stored), SUM(known) FROM glint.ledger WHERE topic = :topic',
      { topic },
    );
    return row.map(Number);
  }
});
