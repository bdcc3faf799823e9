import { expect } from 'chai';

import type { Annotation } from '../../../../common/annotations/annotation.ts';
import { takeAnnotations } from '../../../../common/annotations/take-annotations.ts';
import type { Incoming, Outcome, Sender } from '../../../../common/annotations/take-annotations.ts';
import { parseConfig } from '../../../../common/config.ts';
import { NotFoundError } from '../../../../common/errors.ts';
import { unpackEntries } from '../../../../common/filters/batch-entries.ts';
import { silentLog } from '../../../../common/log.ts';
import { deleteWithAnnotations } from '../../../../common/store/annotations/annotations.ts';
import {
  countAnnotationDays,
  countAnnotations,
  selectAnnotationHistory,
  selectObjectAnnotations,
  selectNewestAnnotations,
} from '../../../../common/store/annotations/annotation-lists.ts';
import { useAnnotatorKey } from '../../../../common/store/annotations/annotator-keys.ts';
import {
  insertAnnotator,
  listAnnotators,
  selectReadableAnnotator,
  updateAnnotator,
} from '../../../../common/store/annotations/annotators.ts';
import type { Database } from '../../../../common/store/database.ts';
import { deleteAccount } from '../../../../common/store/accounts/end-account.ts';
import { endAccounts } from '../../../../post_ingest/end-accounts.ts';
import { insertUser } from '../../../../common/store/accounts/users.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../insert-rows.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const KNOWN = 'ZTF21aaaaaaa';
const TABLES = [
  ...['ztf.annotations', 'ztf.annotation_history', 'lsst.annotations', 'lsst.annotation_history'],
  ...['glint.filter_batches', 'glint.annotators', 'glint.annotator_keys', 'glint.users'],
];
const SETTINGS = { description: '', isActive: true, isPublic: true };

function later(minutes: number): Date {
  return new Date(NOW.getTime() + minutes * 60_000);
}

function say(change: Partial<Annotation> = {}, survey: 'ztf' | 'lsst' = 'ztf'): Incoming {
  const annotation = {
    ...{ topic: 'quick', objectId: KNOWN, classification: 'SN', version: '1', explanation: '' },
    ...{ classdict: '{}', url: '' },
    ...change,
  };
  return { survey, annotation, arrivedAtMs: NOW.getTime() };
}

describe('stored annotations', () => {
  let db: Database;
  let ann: Sender;
  let ben: Sender;
  let key: string;

  before(async () => {
    ({ db } = await freshDatabase());
    await insertRows(db, 'ztf', 'objects', [{ objectId: KNOWN, ramean: 1, decmean: 2, hpx29: 3n }]);
  });
  after(() => db.close());
  beforeEach(async () => {
    for (const table of TABLES) await db.execute(`DELETE FROM ${table}`);
    const account = async (name: string) => ({
      userId: await db.transaction((tx) =>
        insertUser(tx, { name, email: `${name}@example.org`, role: 'user' }, NOW),
      ),
      name,
    });
    ann = await account('ann');
    ben = await account('ben');
    key = await make('quick');
  });

  const make = (topic: string, owner = ann, settings = SETTINGS) =>
    db.transaction((tx) => insertAnnotator(tx, owner.userId, topic, settings, NOW));
  const take = (given: Incoming[], now = NOW, sender = ann, isWhole = true) =>
    takeAnnotations(db, sender, given, now, { isWhole });
  const newest = () =>
    db.arrays(
      'SELECT CAST(annotationID AS CHAR), objectId, classification FROM ztf.annotations ORDER BY objectId',
    );
  const history = async () =>
    (
      await db.arrays('SELECT classification FROM ztf.annotation_history ORDER BY annotationID')
    ).flat();
  const batches = async () =>
    (
      await db.arrays('SELECT survey, cause, entries FROM glint.filter_batches ORDER BY batch_id')
    ).map(([survey, cause, entries]) => [
      survey,
      unpackEntries(cause as 'annotation', entries as Uint8Array),
    ]);
  const problem = (outcome: Outcome) => ('problem' in outcome ? outcome.problem : undefined);

  it('are all in the history, the last to come is the newest, and filters are told', async () => {
    const [first] = await take([say()]);
    const outcomes = await take(
      [
        say({ classification: 'AGN' }),
        say({ classification: 'TDE', objectId: 'ZTF21aaaaaab' }),
        say({ classification: 'CV' }),
      ],
      later(1),
    );
    expect(first).to.deep.include({ isRepeat: false, isKnown: true });
    expect(outcomes.map((one) => 'isKnown' in one && one.isKnown)).to.deep.equal([
      true,
      false,
      true,
    ]);
    const ids = outcomes.map((one) => ('annotationId' in one ? one.annotationId : ''));
    expect(new Set(ids).size).to.equal(3);
    expect(await newest()).to.deep.equal([
      [ids[2], KNOWN, 'CV'],
      [ids[1], 'ZTF21aaaaaab', 'TDE'],
    ]);
    expect(await history()).to.deep.equal(['SN', 'AGN', 'TDE', 'CV']);
    const [, [survey, entries]] = await batches();
    expect(survey).to.equal('ztf');
    expect(entries).to.deep.equal({
      cause: 'annotation',
      annotations: [KNOWN, 'ZTF21aaaaaab', KNOWN].map((objectId, i) => ({
        ...{ objectId, annotationId: ids[i], topic: 'quick', arrivedAtMs: NOW.getTime() },
      })),
    });
  });

  it('that are repeated within minutes store nothing and tell nobody; later they are news', async () => {
    const given = [say(), say(), say({ objectId: 'ZTF21aaaaaab' })];
    const [first, second] = await take(given);
    expect(second).to.deep.equal({ ...first, isRepeat: true });
    const again = await take(given, later(9));
    expect(again.map((one) => 'isRepeat' in one && one.isRepeat)).to.deep.equal([true, true, true]);
    expect(again[0]).to.deep.include({
      annotationId: 'annotationId' in first && first.annotationId,
    });
    expect(await history()).to.have.length(2);
    expect(await batches()).to.have.length(1);
    await take([say({ classdict: '{"p":1}' }), say(), say()], later(10));
    expect(await history()).to.have.length(4);
    expect(await batches()).to.have.length(2);
    await take([say()], later(30));
    expect(await history()).to.have.length(5);
  });

  it('of both surveys and several annotators are stored in one transaction or not at all', async () => {
    await make('other', ben);
    const rubin = say({ objectId: '9223372036854775807' }, 'lsst');
    const refused = await take([say(), rubin, say({ topic: 'other' })]);
    expect(refused.map(problem)).to.deep.equal([
      '',
      '',
      'Annotator error: ann is not allowed to submit to topic other',
    ]);
    expect([await history(), await batches()]).to.deep.equal([[], []]);
    const some = await take([say(), rubin, say({ topic: 'other' })], NOW, ann, false);
    expect(some.map((one) => problem(one) === undefined)).to.deep.equal([true, true, false]);
    expect((await batches()).map(([survey]) => survey)).to.deep.equal(['ztf', 'lsst']);
    expect(await db.arrays('SELECT CAST(diaObjectId AS CHAR) FROM lsst.annotations')).to.deep.equal(
      [['9223372036854775807']],
    );
  });

  it('are taken from the owner of an active annotator and its key only, in Lasair’s words', async () => {
    await make('hidden', ben, { ...SETTINGS, isPublic: false });
    await make('asleep', ann, { ...SETTINGS, isActive: false });
    await make('second');
    const why = async (topic: string, sender = ann) =>
      problem((await take([say({ topic })], NOW, sender))[0]);
    expect(await why('nothing')).to.equal('Annotator error: topic nothing does not exist');
    expect(await why('hidden')).to.equal('Annotator error: topic hidden does not exist');
    expect(await why("x' OR 1=1 -- é")).to.match(/does not exist$/);
    expect(await why('quick', ben)).to.match(/ben is not allowed to submit to topic quick$/);
    expect(await why('asleep')).to.match(/topic asleep is not active/);
    expect(await why('QUICK')).to.match(/does not exist/);
    expect(await why('second', { ...ann, topic: 'quick' })).to.match(/not allowed/);
    expect(await why('quick', { ...ann, topic: 'quick' })).to.equal(undefined);
  });

  it('may hold anything that a text can', async () => {
    const said = {
      explanation: `it's "5% \\ of" 🌟 ; DROP TABLE -- \n\t`,
      classdict: JSON.stringify({ "k'ey": '🌟'.repeat(500), deep: [[[{ a: "'" }]]] }),
      url: `https://example.org/?a='b'&c="d"`,
    };
    await take([say(said)]);
    const [row] = await selectObjectAnnotations(db, 'ztf', KNOWN, undefined);
    expect(row).to.deep.include({ ...said, topic: 'quick', objectId: KNOWN });
  });

  it('come a thousand at once in a few statements', async () => {
    const given = Array.from({ length: 1_000 }, (_, i) =>
      say({
        objectId: `ZTF22${String.fromCharCode(97 + (i % 26))}${String(i)
          .padStart(6, '0')
          .replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)])}`,
        explanation: 'x'.repeat(1_000),
        classdict: JSON.stringify({ p: i, text: 'y'.repeat(4_000) }),
      }),
    );
    const questions = async () =>
      Number((await db.arrays("SHOW GLOBAL STATUS LIKE 'Questions'"))[0][1]);
    const before = await questions();
    const startedAt = performance.now();
    const outcomes = await take(given);
    const ms = performance.now() - startedAt;
    expect((await questions()) - before).to.be.below(40);
    if (process.env.TELL !== undefined) process.stderr.write(`1000 in ${ms.toFixed(0)} ms\n`);
    expect(new Set(outcomes.map((one) => 'annotationId' in one && one.annotationId)).size).to.equal(
      1_000,
    );
    expect(await countAnnotations(db, 'quick')).to.equal(1_000);
    expect(await newest()).to.have.length(1_000);
  });

  it('of one object a thousand at once leave the last', async () => {
    await take(Array.from({ length: 1_000 }, (_, i) => say({ classification: `c${i}` })));
    expect((await newest()).map(([, , classification]) => classification)).to.deep.equal(['c999']);
    expect(await history()).to.have.length(1_000);
  });

  it('of many calls at once are all kept, and the newest is the last of the history', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        take([
          say({ classification: `c${i}` }),
          say({ objectId: 'ZTF21aaaaaab', version: `${i}` }),
        ]),
      ),
    );
    expect(await history()).to.have.length(40);
    const [[id]] = await newest();
    expect(
      (
        await db.arrays(
          `SELECT CAST(MAX(annotationID) AS CHAR) FROM ztf.annotation_history WHERE objectId = '${KNOWN}'`,
        )
      )[0][0],
    ).to.equal(id);
  });

  it('are listed for those who may see them', async () => {
    await make('hidden', ann, { ...SETTINGS, isPublic: false });
    await take([say(), say({ topic: 'hidden', classification: 'secret' })]);
    await take([say({ classification: 'AGN' })], later(24 * 60));
    const of = (readerId?: number) => ({ survey: 'ztf' as const, readerId, limit: 10 });
    const classes = (rows: { classification: string }[]) => rows.map((row) => row.classification);
    expect(classes(await selectObjectAnnotations(db, 'ztf', KNOWN, undefined))).to.deep.equal([
      'AGN',
    ]);
    expect(classes(await selectObjectAnnotations(db, 'ztf', KNOWN, ann.userId))).to.deep.equal([
      'AGN',
      'secret',
    ]);
    for (const reader of [undefined, ben.userId]) {
      expect(classes(await selectAnnotationHistory(db, of(reader)))).to.deep.equal(['AGN', 'SN']);
      expect(await selectNewestAnnotations(db, { ...of(reader), topic: 'hidden' })).to.deep.equal(
        [],
      );
    }
    const own = await selectAnnotationHistory(db, of(ann.userId));
    expect(classes(own)).to.deep.equal(['AGN', 'secret', 'SN']);
    const [{ annotationID }] = own;
    const before = BigInt(annotationID);
    expect(
      classes(await selectAnnotationHistory(db, { ...of(), before, objectId: KNOWN })),
    ).to.deep.equal(['SN']);
    expect(
      classes(await selectAnnotationHistory(db, { ...of(), since: later(60), topic: 'quick' })),
    ).to.deep.equal(['AGN']);
    expect(classes(await selectNewestAnnotations(db, { ...of(), topic: 'quick' }))).to.deep.equal([
      'AGN',
    ]);
    expect([...(await countAnnotationDays(db, 'quick', NOW))]).to.deep.equal([
      ['2026-11-21', { ztf: 1, lsst: 0 }],
      ['2026-11-22', { ztf: 1, lsst: 0 }],
    ]);
  });

  it('go with their annotator, and its key opens nothing afterwards', async () => {
    await take([say(), say({ objectId: '12' }, 'lsst')]);
    await make('second');
    await take([say({ topic: 'second' })]);
    expect(await useAnnotatorKey(db, key, NOW)).to.deep.include({ topic: 'quick', name: 'ann' });
    await deleteWithAnnotations(db, 'quick', ben.userId, NOW).then(
      () => expect.fail('deleted'),
      (err: Error) => expect(err.message).to.match(/belongs to ann/),
    );
    await deleteWithAnnotations(db, 'quick', ann.userId, NOW);
    expect(await useAnnotatorKey(db, key, NOW)).to.equal(undefined);
    expect(await countAnnotations(db, 'quick')).to.equal(0);
    expect(await countAnnotations(db, 'second')).to.equal(1);
    expect(await newest()).to.have.length(1);
  });

  it('go with the account, and keys too', async () => {
    await take([say()]);
    await deleteAccount(db, ann.userId, NOW);
    expect(await history()).to.deep.equal([]);
    expect(await db.arrays('SELECT topic FROM glint.annotator_keys')).to.deep.equal([]);
  });

  it('go in portions where there are many; what was broken off is ended', async () => {
    await take([say()]);
    await make('second');
    await take([say({ topic: 'second' })]);
    // More than two portions of ann's, and as many of nobody whom it concerns.
    for (const topic of ['quick', 'others']) {
      await db.execute(
        `INSERT INTO ztf.annotation_history (objectId, topic, version, timestamp, classification,
           explanation, classdict, url)
         SELECT CONCAT('ZTF', seq), :topic, '', NOW(), 'SN', '', '{}', '' FROM ztf.seq_1_to_11000`,
        { topic },
      );
    }
    await db.execute('UPDATE glint.users SET ended_at = :NOW WHERE user_id = :userId', {
      NOW,
      userId: ann.userId,
    });
    const context = { db, config: parseConfig({}), log: silentLog, now: () => NOW };
    const run = () => endAccounts.run(context, new AbortController().signal);
    expect(await run()).to.equal('1 accounts deleted');
    expect(await run()).to.equal('0 accounts deleted');
    expect(
      await db.arrays('SELECT topic, COUNT(*) FROM ztf.annotation_history GROUP BY topic'),
    ).to.deep.equal([['others', '11000']]);
    expect(await db.arrays('SELECT topic FROM glint.annotators')).to.deep.equal([]);
    await deleteAccount(db, ann.userId, NOW).then(
      () => expect.fail('deleted'),
      (err: unknown) => expect(err).to.be.instanceOf(NotFoundError),
    );
  });
});

describe('annotators', () => {
  let db: Database;
  let userId: number;
  before(async () => {
    ({ db } = await freshDatabase());
    userId = await db.transaction((tx) =>
      insertUser(tx, { name: 'ann', email: 'ann@example.org', role: 'user' }, NOW),
    );
  });
  after(() => db.close());
  const make = (topic: string, settings = SETTINGS) =>
    db.transaction((tx) => insertAnnotator(tx, userId, topic, settings, NOW));

  it('have names of their own, without regard to capitals', async () => {
    await make('lc-classes.v2');
    for (const [topic, words] of [
      ['LC-Classes.V2', /already/],
      ['x', /at least 2/],
      ['2fast', /begins with a letter/],
      ['a b', /begins with a letter/],
      ["a'b", /begins with a letter/],
      ['été', /begins with a letter/],
      ['a'.repeat(101), /at most 100/],
    ] as const) {
      await make(topic).then(
        () => expect.fail(topic),
        (err: Error) => expect(err.message).to.match(words),
      );
    }
    const both = await Promise.allSettled([make('same'), make('SAME'), make('same')]);
    expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('are listed and changed by their owner; private ones are not there for others', async () => {
    await make('secret', { ...SETTINGS, isPublic: false });
    const list = async (readerId?: number, isOwn = false, find = '') =>
      (await listAnnotators(db, { readerId, isOwn, find, limit: 10, offset: 0 })).map(
        ({ topic }) => topic,
      );
    expect(await list()).to.not.include('secret');
    expect(await list(userId + 1)).to.not.include('secret');
    expect(await list(userId + 1, true)).to.deep.equal([]);
    expect(await list(userId, true, 'SECR')).to.deep.equal(['secret']);
    await selectReadableAnnotator(db, 'secret', undefined).then(
      () => expect.fail('seen'),
      (err: Error) => expect(err.message).to.match(/There is no annotator/),
    );
    const settings = { description: 'now known', isActive: false, isPublic: true };
    await db.transaction((tx) => updateAnnotator(tx, 'secret', userId, settings, NOW));
    expect(await selectReadableAnnotator(db, 'secret', undefined)).to.deep.include(settings);
  });
});
