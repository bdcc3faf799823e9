import { expect } from 'chai';

import { ForbiddenError, InvalidInputError, NotFoundError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import type { QueryContent } from '../../../common/queries/saved-query-content.ts';
import { QueryContentSchema } from '../../../common/queries/saved-query-content.ts';
import { SYSTEM_QUERIES } from '../../../common/queries/system-queries/system-queries.ts';
import type { Database } from '../../../common/store/database.ts';
import { installSystemQueries } from '../../../common/store/install-system-queries.ts';
import {
  MAX_QUERIES_OF_USER,
  contentOf,
  copyQuery,
  deleteQueriesOf,
  deleteQuery,
  editQuery,
  insertQuery,
  setLevel,
} from '../../../common/store/save-query.ts';
import {
  isEditable,
  isReadable,
  listQueries,
  selectReadableQuery,
  selectSystemQueries,
  selectVersion,
  selectVersions,
} from '../../../common/store/saved-queries.ts';
import type { Actor, Level } from '../../../common/store/saved-queries.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import { freshDatabase } from '../../servers.ts';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const LATER = new Date('2026-11-21T11:00:00.000Z');

const content = (name: string, text = 'SELECT objectId FROM objects'): QueryContent => ({
  name,
  description: `about ${name}`,
  survey: 'ztf',
  source: { kind: 'statement', text },
  fields: [],
});

describe('saved queries', () => {
  let db: Database;
  let owner: Actor;
  let other: Actor;
  let staff: Actor;

  before(async () => {
    ({ db } = await freshDatabase());
    const make = async (name: string, role: Actor['role']): Promise<Actor> => ({
      userId: await insertUser(db, { name, email: `${name}@example.org`, role }, NOW),
      role,
    });
    owner = await make('kay', 'user');
    other = await make('lee', 'power');
    staff = await make('sam', 'staff');
  });
  after(() => db.close());
  beforeEach(async () => {
    for (const table of ['queries', 'query_versions', 'installed_queries']) {
      await db.execute(`DELETE FROM glint.${table}`);
    }
  });

  const make = (name: string, text?: string, level?: Level, by = owner) =>
    db.transaction((tx) => insertQuery(tx, by.userId, content(name, text), NOW, { level }));
  const rejection = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      await work;
    } catch (err) {
      return err;
    }
    throw new Error('nothing was thrown');
  };

  describe('who may see and change them', () => {
    it('private ones are their owner’s alone, staff is no exception', async () => {
      const id = await make('mine');
      expect((await selectReadableQuery(db, id, owner.userId)).name).to.equal('mine');
      for (const reader of [undefined, other.userId, staff.userId]) {
        expect(await rejection(selectReadableQuery(db, id, reader))).to.be.instanceOf(
          NotFoundError,
        );
      }
      for (const actor of [other, staff]) {
        const tries = [
          () =>
            editQuery(
              db,
              actor,
              { queryId: id, fromVersion: 1, content: content('x'), note: '' },
              NOW,
            ),
          () => copyQuery(db, actor, id, NOW),
          () => setLevel(db, actor, id, 1),
          () => deleteQuery(db, actor, id),
        ];
        for (const each of tries) expect(await rejection(each())).to.be.instanceOf(NotFoundError);
      }
    });

    it('says the same of a private one and of none at all', async () => {
      const id = await make('mine');
      const hidden = (await rejection(selectReadableQuery(db, id, other.userId))) as Error;
      const missing = (await rejection(selectReadableQuery(db, id + 1, other.userId))) as Error;
      expect(hidden.message.replaceAll(String(id), 'N')).to.equal(
        missing.message.replaceAll(String(id + 1), 'N'),
      );
    });

    it('public ones are everybody’s to see and their owner’s to change', async () => {
      const id = await make('open', undefined, 1);
      await selectReadableQuery(db, id, undefined);
      for (const actor of [other, staff]) {
        expect(await rejection(deleteQuery(db, actor, id))).to.be.instanceOf(ForbiddenError);
      }
      await deleteQuery(db, owner, id);
      expect(await selectVersions(db, id)).to.deep.equal([]);
    });

    it('system ones are for staff to make and change', async () => {
      const id = await make('stream');
      expect(await rejection(setLevel(db, owner, id, 2))).to.be.instanceOf(ForbiddenError);
      const own = await make('stream', undefined, 0, staff);
      await setLevel(db, staff, own, 2);
      const edit = { queryId: own, fromVersion: 1, content: content('new'), note: '' };
      expect(await rejection(editQuery(db, owner, edit, NOW))).to.be.instanceOf(ForbiddenError);
      expect((await selectSystemQueries(db)).map((query) => query.queryId)).to.deep.equal([own]);
      // Who was staff and no longer is may not change what is on the streams page.
      const was: Actor = { userId: staff.userId, role: 'user' };
      expect(isEditable({ userId: staff.userId, level: 2 }, was)).to.equal(false);
    });

    it('is one rule over owner and level', () => {
      const readable = ([0, 1, 2] as const).map((level) =>
        [7, 8, undefined].map((reader) => isReadable({ userId: 7, level }, reader)),
      );
      expect(readable).to.deep.equal([
        [true, false, false],
        [true, true, true],
        [true, true, true],
      ]);
    });
  });

  describe('names and limits', () => {
    it('an owner has a name once, whatever its letters’ case; others may have it too', async () => {
      await make('Bright Novae');
      for (const same of ['bright novae', ' BRIGHT NOVAE ']) {
        expect(await rejection(make(same.trim()))).to.be.instanceOf(InvalidInputError);
      }
      await make('bright novae', undefined, 0, other);
      // What a case-folding collation would throw together is not the same name.
      await make('Bright Novæ 🌟');
      await make('Bright Novæ 💥');
    });

    it('takes texts up to the limits and no further', () => {
      const parse = (change: object) =>
        QueryContentSchema.safeParse({ ...content('a'), ...change });
      const text = (length: number) => ({
        source: { kind: 'statement', text: 'é'.repeat(length) },
      });
      expect(parse(text(32_768)).success).to.equal(true);
      expect(parse(text(32_769)).success).to.equal(false);
      expect(parse({ name: 'n'.repeat(256), description: 'd'.repeat(4_096) }).success).to.equal(
        true,
      );
      for (const bad of [
        { name: 'n'.repeat(257) },
        { name: '   ' },
        { name: 'two\nlines' },
        { description: 'd'.repeat(4_097) },
        { survey: 'gaia' },
        { fields: [{ name: 'a-b', label: '', unit: '', default: 1 }] },
        { fields: [{ name: 'a', label: '', unit: '', default: NaN }] },
      ]) {
        expect(parse(bad).success, JSON.stringify(bad)).to.equal(false);
      }
    });

    it('keeps the longest text as it is, bytes and all', async () => {
      const text = `SELECT '${'☄ é \\ " \' \t'.repeat(4_000)}'`.slice(0, 40_000);
      const id = await make('long', text);
      const { source } = await selectReadableQuery(db, id, owner.userId);
      expect(source).to.deep.equal({ kind: 'statement', text });
      const [listed] = await listQueries(db, { ownerId: owner.userId, limit: 1 });
      expect(text.startsWith(listed.firstLine)).to.equal(true);
    });

    it('an account keeps so many, even when it makes two at once', async () => {
      await db.execute(
        `INSERT INTO glint.queries (user_id, name_key, name, description, survey, source, fields, public, version, created_at, updated_at)
         SELECT ${owner.userId}, seq, seq, '', 'ztf', '{"kind":"statement","text":"SELECT 1"}', '[]', 0, 1, :now, :now
         FROM (WITH RECURSIVE s AS (SELECT 1 AS seq UNION ALL SELECT seq + 1 FROM s WHERE seq < ${MAX_QUERIES_OF_USER - 1}) SELECT seq FROM s) numbers`,
        { now: NOW },
      );
      const outcomes = await Promise.allSettled([make('one more'), make('and another')]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).to.have.length(1);
      expect(refused[0].reason).to.be.instanceOf(InvalidInputError);
    });
  });

  describe('versions', () => {
    it('each edit is one, with who, when and why; the same again is none', async () => {
      const id = await make('v', 'SELECT 1');
      const edit = { queryId: id, fromVersion: 1, content: content('v', 'SELECT 2'), note: 'two' };
      expect(await editQuery(db, owner, edit, LATER)).to.deep.equal({ kind: 'saved', version: 2 });
      expect((await editQuery(db, owner, edit, LATER)).kind).to.equal('unchanged');
      const versions = await selectVersions(db, id);
      expect(
        versions.map(({ version, author, createdAt, note }) => [version, author, createdAt, note]),
      ).to.deep.equal([
        [2, 'kay', LATER, 'two'],
        [1, 'kay', NOW, ''],
      ]);
      const first = await selectVersion(db, id, 1);
      expect(first.content).to.deep.equal(content('v', 'SELECT 1'));
      expect(await rejection(selectVersion(db, id, 3))).to.be.instanceOf(NotFoundError);
    });

    it('of two who began from the same, the second is told and nothing is written', async () => {
      const id = await make('v', 'SELECT 1');
      const edits = ['SELECT 2', 'SELECT 3'].map((text) =>
        editQuery(
          db,
          owner,
          { queryId: id, fromVersion: 1, content: content('v', text), note: '' },
          NOW,
        ),
      );
      const outcomes = await Promise.all(edits);
      expect(outcomes.map(({ kind }) => kind).sort()).to.deep.equal(['conflict', 'saved']);
      const conflict = outcomes.find((outcome) => outcome.kind === 'conflict');
      expect(conflict?.current.version).to.equal(2);
      expect(await selectVersions(db, id)).to.have.length(2);
    });

    it('copies are private, of the copier, and say whence they are', async () => {
      const id = await make('open', 'SELECT 1', 1);
      const copies = [await copyQuery(db, other, id, NOW), await copyQuery(db, other, id, NOW)];
      const copied = await Promise.all(
        copies.map((each) => selectReadableQuery(db, each, other.userId)),
      );
      expect(copied.map(({ name, level }) => [name, level])).to.deep.equal([
        ['open', 0],
        ['open (2)', 0],
      ]);
      expect((await selectVersion(db, copies[0], 1)).note).to.equal(
        `copied from query ${id} of kay, version 1`,
      );
    });
  });

  describe('lists', () => {
    it('finds by name, description and owner, and takes % and _ as they stand', async () => {
      await make('100% pure', undefined, 1);
      await make('1000 pure', undefined, 1);
      await make('a_b', undefined, 1, other);
      await make('hidden pure');
      const find = async (text: string, byName = true) =>
        (await listQueries(db, { levels: [1], find: text, byName, limit: 10 })).map(
          ({ name }) => name,
        );
      expect(await find('0% p')).to.deep.equal(['100% pure']);
      expect(await find('pure')).to.deep.equal(['100% pure', '1000 pure']);
      expect(await find('_')).to.deep.equal(['a_b']);
      expect(await find('lee')).to.deep.equal(['a_b']);
      expect(await find('', false)).to.deep.equal(['a_b', '1000 pure', '100% pure']);
      expect(await find("'; DROP TABLE queries; --")).to.deep.equal([]);
    });
  });

  describe('what comes with the program', () => {
    const [first] = SYSTEM_QUERIES;
    const install = (queries = SYSTEM_QUERIES) => installSystemQueries(db, queries, silentLog, NOW);
    const changed = [{ ...first, content: { ...first.content, description: 'better' } }];

    it('is put in once, by however many at once', async () => {
      await Promise.all([install(), install()]);
      expect(await install()).to.deep.equal([]);
      const queries = await selectSystemQueries(db);
      expect(queries.map((query) => query.systemKey).sort()).to.deep.equal(
        SYSTEM_QUERIES.map((query) => query.key).sort(),
      );
      expect(queries.every((query) => query.userId === 0 && query.owner === null)).to.equal(true);
    });

    it('follows the program while nobody has touched it', async () => {
      await install([first]);
      expect(await install(changed)).to.deep.equal([first.key]);
      const [query] = await selectSystemQueries(db);
      expect([query.version, query.description]).to.deep.equal([2, 'better']);
    });

    it('stays as staff edited it, and stays away when staff deleted it', async () => {
      await install([first]);
      const [query] = await selectSystemQueries(db);
      const edited = { ...contentOf(query), description: 'ours' };
      const edit = { queryId: query.queryId, fromVersion: 1, content: edited, note: '' };
      expect((await editQuery(db, staff, edit, NOW)).kind).to.equal('saved');
      expect(await install(changed)).to.deep.equal([]);
      expect((await selectSystemQueries(db))[0].description).to.equal('ours');
      await deleteQuery(db, staff, query.queryId);
      expect(await install()).not.to.include(first.key);
      expect((await selectSystemQueries(db)).map((each) => each.systemKey)).not.to.include(
        first.key,
      );
    });
  });

  it('go with their account, but what is on the streams page and copies of others stay', async () => {
    const open = await make('open', undefined, 1, staff);
    const secret = await make('secret', undefined, 0, staff);
    const stream = await make('stream', undefined, 2, staff);
    const copy = await copyQuery(db, other, open, NOW);
    await db.transaction((tx) => deleteQueriesOf(tx, staff.userId));
    for (const gone of [open, secret]) {
      expect(await rejection(selectReadableQuery(db, gone, staff.userId))).to.be.instanceOf(
        NotFoundError,
      );
      expect(await selectVersions(db, gone)).to.deep.equal([]);
    }
    expect((await selectReadableQuery(db, stream, undefined)).userId).to.equal(0);
    expect(await selectVersions(db, stream)).to.have.length(1);
    await selectReadableQuery(db, copy, other.userId);
  });
});
