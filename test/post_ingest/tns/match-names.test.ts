import { expect } from 'chai';

import { hpx29 } from '../../../common/astro/healpix.ts';
import { htm16 } from '../../../common/astro/htm.ts';
import { parseConfig } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import { selectComments } from '../../../common/store/comments.ts';
import type { Database } from '../../../common/store/database.ts';
import type { ObjectPlace } from '../../../common/store/places.ts';
import { selectTnsOfObject } from '../../../common/store/tns-matches.ts';
import type { TnsEntry } from '../../../common/store/tns.ts';
import { matchAgain } from '../../../post_ingest/tns/match-again.ts';
import { takeEntries } from '../../../post_ingest/tns/take-list.ts';
import { tnsStep } from '../../../post_ingest/tns/tns-step.ts';
import { randomPosition, seededRandom } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import {
  asPlaced,
  chordArcsec,
  lsstNumber,
  moved,
  shuffled,
  storePlaces,
  ztfName,
} from '../placed-objects.ts';

const NOW = new Date('2026-02-09T12:00:00Z');
const TABLES = ['objects', 'crossmatch_tns', 'tns_matches', 'comments'];

describe('names of the Transient Name Server', () => {
  let db: Database;
  let context: Context;
  before(async () => {
    ({ db } = await freshDatabase());
    context = { config: parseConfig({}), db, log: silentLog, now: () => NOW };
  });
  after(() => db.close());
  beforeEach(clear);

  async function clear(): Promise<void> {
    for (const survey of ['ztf', 'lsst'])
      for (const table of TABLES) await db.execute(`DELETE FROM ${survey}.${table}`);
    await db.execute('DELETE FROM glint.job_progress');
  }
  /** As ingest does: facts go into the objects' rows, the rest is written by the step. */
  async function ingest(survey: Survey, places: readonly ObjectPlace[]): Promise<void> {
    const findings = await tnsStep.find(db, survey, asPlaced(places));
    const rows = places.map((place) => {
      const facts = findings.facts.get(place.id);
      const values = { tns_name: facts?.tnsName ?? null, tns_type: facts?.tnsType ?? null };
      return { ...place, values };
    });
    await storePlaces(db, survey, rows);
    const server = await db.server();
    await db.transaction((tx) => findings.write(tx, server));
  }
  async function tables(survey: Survey) {
    const key = survey === 'ztf' ? 'objectId' : 'diaObjectId';
    const read = (sql: string) => db.arrays(sql.replaceAll('KEY', key));
    return {
      objects: await read(`SELECT KEY, tns_name, tns_type FROM ${survey}.objects ORDER BY KEY`),
      matches: await read(`SELECT * FROM ${survey}.tns_matches ORDER BY KEY, tns_name`),
      comments: await read(
        `SELECT KEY, user, topic, content FROM ${survey}.comments ORDER BY KEY, topic`,
      ),
    };
  }
  const nameOf = async (survey: Survey, id: string) => {
    const { objects } = await tables(survey);
    return objects.find(([objectId]) => objectId === id)?.slice(1);
  };
  const commentsOf = async (id: string) =>
    (await selectComments(db, 'ztf', id)).map(({ content }) => content);

  it('are found in any order of arrival: objects before names, names before objects', async () => {
    const random = seededRandom(3);
    const centres = [
      { ra: 0, dec: 90 },
      { ra: 359.9999, dec: 0 },
      { ra: 45, dec: 41.8103 },
      ...Array.from({ length: 40 }, () => randomPosition(random)),
    ];
    const places: Record<Survey, ObjectPlace[]> = { ztf: [], lsst: [] };
    const entries: TnsEntry[] = [];
    for (const [i, centre] of centres.entries()) {
      const near = () => moved({ ra: centre.ra, decl: centre.dec }, 3 * random(), 360 * random());
      for (let j = 0; j < 3; j++) {
        places.ztf.push({ id: ztfName(3 * i + j), ...near() });
        places.lsst.push({ id: lsstNumber(3 * i + j), ...near() });
      }
      for (let j = 0; j < 2; j++) entries.push(entry(2 * i + j + 1, near()));
    }
    await takeEntries(context, entries);
    for (const survey of ['ztf', 'lsst'] as const) await ingest(survey, places[survey]);
    const expected = { ztf: await tables('ztf'), lsst: await tables('lsst') };
    const inReach = places.ztf.flatMap((place) =>
      entries.filter(({ ra, decl }) => chordArcsec(place, { ra, decl }) <= 3),
    );
    expect(expected.ztf.matches).to.have.length(inReach.length);
    expect(inReach.length).to.be.greaterThan(80);
    for (const seed of [1, 2, 3]) {
      await clear();
      const mixed = seededRandom(seed);
      const works = [
        ...slices(shuffled(entries, mixed), 17).map((group) => () => takeEntries(context, group)),
        ...(['ztf', 'lsst'] as const).flatMap((survey) =>
          slices(shuffled(places[survey], mixed), 13).map((group) => () => ingest(survey, group)),
        ),
      ];
      for (const work of shuffled(works, mixed)) await work();
      expect({ ztf: await tables('ztf'), lsst: await tables('lsst') }).to.deep.equal(expected);
    }
  });

  it('give the nearest to the row, all to the matches, and each a comment that is replaced', async () => {
    const id = ztfName(1);
    const at = { ra: 123.4, decl: -5.6 };
    const far = entry(7, moved(at, 2.5, 10), { source_group: 'ZTF' });
    await takeEntries(context, [far]);
    await ingest('ztf', [{ id, ...at }]);
    expect(await nameOf('ztf', id)).to.deep.equal(['2026aag', null]);
    expect(await commentsOf(id)).to.deep.equal([
      'In TNS as AT 2026aag (https://www.wis-tns.org/object/2026aag), 2.50 arcsec from here; discovered 2026-02-08 12:00:00 UTC (MJD 61079.50000) by ALeRCE in data of ZTF.',
    ]);
    await takeEntries(context, [entry(8, moved(at, 0.25, 200))]);
    expect(await nameOf('ztf', id)).to.deep.equal(['2026aah', null]);
    expect(await commentsOf(id)).to.have.length(2);
    const classified = { type: 'SN Ia', tns_prefix: 'SN', z: 0.05 };
    await takeEntries(context, [entry(8, moved(at, 0.25, 200), classified)]);
    expect(await nameOf('ztf', id)).to.deep.equal(['2026aah', 'SN Ia']);
    const [, comment] = await commentsOf(id);
    expect(comment).to.match(/^In TNS as SN 2026aah .*; type SN Ia; redshift 0\.05; discovered/);
    const found = await selectTnsOfObject(db, 'ztf', id);
    expect(found.map(({ name }) => name)).to.deep.equal(['2026aah', '2026aag']);
    expect(found[0].arcsec).to.be.closeTo(0.25, 1e-6);
    // Nothing new: nothing is written, and the comments keep their numbers.
    const before = await db.arrays('SELECT * FROM ztf.comments');
    await takeEntries(context, [entry(8, moved(at, 0.25, 200), classified)]);
    await ingest('ztf', [{ id, ...at }]);
    expect(await db.arrays('SELECT * FROM ztf.comments')).to.deep.equal(before);
  });

  it('follow entries that move, are renamed or swap names, and objects that move', async () => {
    const at = { ra: 10, decl: 20 };
    const [one, two] = [ztfName(1), ztfName(2)];
    const there = moved(at, 60, 90);
    await ingest('ztf', [
      { id: one, ...at },
      { id: two, ...there },
    ]);
    await takeEntries(context, [entry(1, at), entry(2, there)]);
    expect(await nameOf('ztf', one)).to.deep.equal(['2026aaa', null]);
    // Both names change hands.
    await takeEntries(context, [
      { ...entry(1, at), name: '2026aab' },
      { ...entry(2, there), name: '2026aaa' },
    ]);
    expect(await nameOf('ztf', one)).to.deep.equal(['2026aab', null]);
    expect(await nameOf('ztf', two)).to.deep.equal(['2026aaa', null]);
    expect((await commentsOf(one)).join())
      .to.include('2026aab')
      .and.not.include('2026aaa');
    // A new number takes over a name: the entry that had it is gone.
    await takeEntries(context, [{ ...entry(3, there), name: '2026aab' }]);
    expect(await nameOf('ztf', one)).to.deep.equal([null, null]);
    expect(await commentsOf(one)).to.deep.equal([]);
    expect((await db.arrays('SELECT id FROM ztf.crossmatch_tns ORDER BY id')).flat()).to.deep.equal(
      ['2', '3'],
    );
    await takeEntries(context, [entry(2, moved(at, 2.9, 45))]);
    expect(await nameOf('ztf', one)).to.deep.equal(['2026aab', null]);
    await ingest('ztf', [{ id: one, ...moved(at, 30, 0) }]);
    expect(await nameOf('ztf', one)).to.deep.equal([null, null]);
    expect(await db.arrays('SELECT * FROM lsst.tns_matches')).to.deep.equal([]);
  });

  it('are not overtaken by older news', async () => {
    const at = { ra: 200, decl: 0 };
    const id = ztfName(5);
    await ingest('ztf', [{ id, ...at }]);
    const news = (type: string | null, lastmodified_date: string) =>
      entry(9, at, { type, lastmodified_date });
    await takeEntries(context, [news('SN II', '2026-02-09T10:00:00.000Z')]);
    await takeEntries(context, [news(null, '2026-02-09T00:00:00.000Z')]);
    expect(await nameOf('ztf', id)).to.deep.equal(['2026aai', 'SN II']);
    await takeEntries(context, [news('SN IIb', '2026-02-09T11:00:00.000Z')]);
    expect(await nameOf('ztf', id)).to.deep.equal(['2026aai', 'SN IIb']);
    // What a list does not speak of stays.
    await takeEntries(context, [entry(9, at, { host_name: 'NGC 1', hostz: 0.0123 })]);
    const [row] = await db.arrays('SELECT type, host_name, hostz FROM lsst.crossmatch_tns');
    expect(row).to.deep.equal(['SN IIb', 'NGC 1', 0.0123]);
  });

  it('heal what ingest and the job did at one moment, each not seeing the other', async () => {
    const place = { id: ztfName(6), ra: 300, decl: -60 };
    const early = await tnsStep.find(db, 'ztf', asPlaced([place]));
    await takeEntries(context, [entry(11, place)]);
    await storePlaces(db, 'ztf', [place]);
    const server = await db.server();
    await db.transaction((tx) => early.write(tx, server));
    expect(await nameOf('ztf', place.id)).to.deep.equal([null, null]);
    const { signal } = new AbortController();
    expect(await matchAgain(context, signal)).to.equal(
      '1 names matched again: 1 objects have one of them',
    );
    expect(await nameOf('ztf', place.id)).to.deep.equal(['2026aak', null]);
    // An entry that vanished while an object was being stored leaves no name behind.
    const late = await tnsStep.find(db, 'ztf', asPlaced([{ ...place, id: ztfName(7) }]));
    await db.execute('DELETE FROM ztf.crossmatch_tns');
    await storePlaces(db, 'ztf', [
      { ...place, id: ztfName(7), values: { tns_name: '2026aak', tns_type: null } },
    ]);
    await db.transaction((tx) => late.write(tx, server));
    await matchAgain(context, signal);
    expect(await nameOf('ztf', ztfName(7))).to.deep.equal([null, null]);
    expect(await db.arrays('SELECT * FROM ztf.comments')).to.deep.equal([]);
  });

  it('keep hostile words as words', async () => {
    const at = { ra: 50, decl: 50 };
    const id = ztfName(8);
    const group = `<script>alert('x')</script>", \\N 'OR 1=1; \u{1f4a5}`;
    await takeEntries(context, [entry(12, at, { discovering_groups: group, type: "a'b\\" })]);
    await ingest('ztf', [{ id, ...at }]);
    expect(await nameOf('ztf', id)).to.deep.equal(['2026aal', "a'b\\"]);
    expect((await commentsOf(id))[0]).to.include(group);
    const [comment] = await selectComments(db, 'ztf', id);
    expect(comment).to.include({ author: null, isRobot: true, topic: 'tns:2026aal' });
  });
});

/** Entry 1 is called 2026aaa, 2 is 2026aab ... */
function entry(
  id: number,
  { ra, decl }: { ra: number; decl: number },
  values: TnsEntry['values'] = {},
): TnsEntry {
  const letters = ztfName(id - 1).slice(-3);
  return {
    id,
    name: `2026${letters}`,
    ra,
    decl,
    htm16: htm16(ra, decl),
    hpx29: hpx29(ra, decl),
    values: {
      tns_prefix: 'AT',
      disc_date: '2026-02-08T12:00:00.000Z',
      discovering_groups: 'ALeRCE',
      ...values,
    },
  };
}

function slices<Item>(items: readonly Item[], length: number): Item[][] {
  const groups: Item[][] = [];
  for (let at = 0; at < items.length; at += length) groups.push(items.slice(at, at + length));
  return groups;
}
