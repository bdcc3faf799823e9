import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { SetupError, UpstreamError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import type { Database } from '../../../common/store/database.ts';
import { runFollowTns } from '../../../post_ingest/tns/follow-tns.ts';
import { requireReference } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import { startTnsServer, TNS_BOT } from '../../tns-server.ts';
import type { TnsServer } from '../../tns-server.ts';
import { storePlaces, ztfName } from '../placed-objects.ts';

const HEADER =
  '"objid","name_prefix","name","ra","declination","redshift","typeid","type","source_group","discoverydate","lastmodified"';
const WHOLE = 'tns_public_objects.csv.zip';
const SEARCH = '/api/get/search';

describe('the job follow-tns', () => {
  let db: Database;
  let server: TnsServer;
  let now: Date;
  let context: Context;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());
  beforeEach(async () => {
    for (const survey of ['ztf', 'lsst'])
      for (const table of ['objects', 'crossmatch_tns', 'tns_matches', 'comments'])
        await db.execute(`DELETE FROM ${survey}.${table}`);
    await db.execute('DELETE FROM glint.job_progress');
    server = await startTnsServer();
    now = new Date('2026-02-09T02:07:00Z');
    context = contextWith({
      GLINT_TNS_URL: server.url,
      GLINT_TNS_BOT_ID: TNS_BOT.id,
      GLINT_TNS_BOT_NAME: TNS_BOT.name,
      GLINT_TNS_API_KEY: TNS_BOT.apiKey,
    });
  });
  afterEach(() => server.close());

  const contextWith = (environment: Record<string, string>): Context => ({
    config: parseConfig(environment),
    db,
    log: silentLog,
    now: () => now,
  });
  const run = (signal = new AbortController().signal) =>
    runFollowTns(context, signal, () => Promise.resolve());
  const asked = () =>
    server.requests.splice(0).map(({ path, fields }) => {
      const file = /tns_public_objects(?:_\w+)?(?=\.csv)/.exec(path)?.[0];
      return file ?? `${path.split('/')[3]} ${fields.data}`;
    });
  const entries = () =>
    db.arrays('SELECT id, tns_name, tns_prefix, type, z FROM ztf.crossmatch_tns ORDER BY id');
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (err: unknown) => err,
    );

  it('does nothing without a bot, and says so', async () => {
    context = contextWith({ GLINT_TNS_URL: server.url });
    expect(await run()).to.match(/^no bot of the Transient Name Server is set/);
    expect(server.requests).to.deep.equal([]);
    context = contextWith({ GLINT_TNS_BOT_ID: '1' });
    expect(await failure(run())).to.be.instanceOf(SetupError);
  });

  it('takes the real list, and gives an object its name', async function () {
    const list = readFileSync(
      requireReference(this, 'catalogues/tns_public_objects_3rows.csv'),
      'utf8',
    );
    server.lists.set(WHOLE, `"2026-02-09 00:00:00"\n${list}`);
    await storePlaces(db, 'ztf', [{ id: 'ZTF18abquxjv', ra: 35.5774, decl: -9.6885 }]);
    const outcome = await run();
    expect(outcome).to.include('whole list: 3 rows, 3 new, 0 changed');
    const [row] = await db.arrays('SELECT tns_name, tns_type FROM ztf.objects');
    expect(row).to.deep.equal(['2018lzf', 'SN Ia']);
    const [comment] = await db.arrays('SELECT content FROM ztf.comments');
    expect(comment[0]).to.include('by ZTF.').and.to.include('SN 2018lzf');
    expect(await db.arrays('SELECT COUNT(*) FROM lsst.crossmatch_tns')).to.deep.equal([['3']]);
  });

  it('takes the whole list once a day, and changes since then by the hour', async () => {
    server.lists.set(WHOLE, whole('2026-02-09', [entry(1), entry(2)]));
    server.lists.set('tns_public_objects_00.csv.zip', hour('2026-02-09', 0, [entry(3)]));
    // The list of hour 2 is still that of yesterday.
    server.lists.set('tns_public_objects_02.csv.zip', hour('2026-02-08', 2, []));
    expect(await run()).to.include('whole list: 2 rows, 2 new');
    expect(asked()).to.deep.equal([
      'tns_public_objects',
      'tns_public_objects_00',
      'tns_public_objects_01',
      'tns_public_objects_02',
      'search {"public_timestamp":"2026-02-08 02:07:00"}',
    ]);
    server.lists.set('tns_public_objects_01.csv.zip', hour('2026-02-09', 1, [entry(1, 'SN Ia')]));
    now = new Date('2026-02-09T02:27:00Z');
    expect(await run()).to.include('tns_public_objects_01.csv.zip: 1 rows, 0 new, 1 changed');
    expect(asked()).to.deep.equal([
      'tns_public_objects_00',
      'tns_public_objects_01',
      'tns_public_objects_02',
      'search {"public_timestamp":"2026-02-09 01:57:00"}',
    ]);
    expect(await entries()).to.deep.equal([
      ['1', '2026aab', 'AT', 'SN Ia', 0.5],
      ['2', '2026aac', 'AT', null, 0.5],
      ['3', '2026aad', 'AT', null, 0.5],
    ]);
    now = new Date('2026-02-09T03:07:00Z');
    await run();
    expect(asked().slice(0, 3)).to.deep.equal([
      'tns_public_objects_01',
      'tns_public_objects_02',
      'tns_public_objects_03',
    ]);
  });

  it('forgets what the whole list no longer has, but not what came after it was made', async () => {
    await storePlaces(db, 'ztf', [{ id: ztfName(1), ra: 2, decl: 2 }]);
    server.lists.set(WHOLE, whole('2026-02-09', [entry(1), entry(2)]));
    await run();
    expect(await names()).to.deep.equal([['2026aac']]);
    server.lists.set('tns_public_objects_05.csv.zip', hour('2026-02-10', 5, [entry(9)]));
    now = new Date('2026-02-10T05:27:00Z');
    server.lists.set(WHOLE, whole('2026-02-10', [entry(1), entry(2)]));
    await run();
    now = new Date('2026-02-11T01:07:00Z');
    server.lists.set(WHOLE, whole('2026-02-10', [entry(1)]));
    expect(await run()).to.include('1 gone');
    expect((await entries()).map(([id]) => id)).to.deep.equal(['1', '9']);
    expect(await names()).to.deep.equal([[null]]);
    expect(await db.arrays('SELECT * FROM ztf.comments')).to.deep.equal([]);
  });

  it('does not believe a whole list that lacks too much', async () => {
    const all = Array.from({ length: 1_500 }, (_, i) => entry(i + 1));
    server.lists.set(WHOLE, whole('2026-02-09', all));
    await run();
    now = new Date('2026-02-10T01:07:00Z');
    server.lists.set(WHOLE, whole('2026-02-10', all.slice(0, 900)));
    expect(await run()).to.include('it lacks 600 of 1500 known entries, which stay');
    expect(await entries()).to.have.length(1_500);
  });

  it('makes up for days without a connection from the lists of days', async () => {
    server.lists.set(WHOLE, whole('2026-02-09', [entry(1)]));
    await run();
    asked();
    now = new Date('2026-02-12T00:27:00Z');
    server.lists.set('tns_public_objects_00.csv.zip', hour('2026-02-12', 0, [entry(12)]));
    for (const day of ['20260209', '20260210']) {
      const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
      server.lists.set(
        `tns_public_objects_${day}.csv.zip`,
        list(`${date} 00:00 - 23:59`, [entry(Number(day) - 20260200)]),
      );
    }
    await run();
    // It is too early for the whole list, and for yesterday's: that is asked for again.
    expect(asked()).to.deep.equal([
      'tns_public_objects_20260209',
      'tns_public_objects_20260210',
      'tns_public_objects_20260211',
      'tns_public_objects_00',
      'search {"public_timestamp":"2026-02-11 00:27:00"}',
    ]);
    server.lists.set(
      'tns_public_objects_20260211.csv.zip',
      list('2026-02-11 00:00 - 23:59', [entry(11)]),
    );
    now = new Date('2026-02-12T00:47:00Z');
    await run();
    expect(asked().slice(0, 2)).to.deep.equal([
      'tns_public_objects_20260211',
      'tns_public_objects_00',
    ]);
    expect((await entries()).map(([id]) => id)).to.deep.equal(['1', '9', '10', '11', '12']);
  });

  it('asks what new names are, a few at a time, and leaves the rest when it has to wait', async () => {
    server.lists.set(WHOLE, whole('2026-02-09', [entry(1)]));
    server.found = Array.from({ length: 5 }, (_, i) => ({
      objname: nameOf(i + 1),
      prefix: 'AT',
      objid: i + 1,
    }));
    for (const { objname, objid } of server.found.slice(0, 4)) {
      const type = { object_type: { name: 'TDE', id: 120 } };
      server.objects.set(objname, { objid, objname, radeg: objid, decdeg: objid, ...type });
    }
    server.limits.set('/api/get/object', { left: 2, resetSeconds: 3_600 });
    const error = await failure(run());
    expect(error).to.be.instanceOf(UpstreamError);
    expect(String(error)).to.include('3601 s');
    expect(String(error)).to.include('whole list: 1 rows');
    expect((await entries()).map(([id]) => id)).to.deep.equal(['1', '2', '3']);
    server.limits.clear();
    asked();
    now = new Date('2026-02-09T02:27:00Z');
    expect(await run()).to.include('1 new names, 1 that it tells nothing of');
    expect(asked().filter((path) => path.startsWith('object'))).to.deep.equal([
      'object {"objname":"2026aae","photometry":"0","spectra":"0"}',
      'object {"objname":"2026aaf","photometry":"0","spectra":"0"}',
    ]);
    expect((await entries())[3]).to.deep.equal(['4', '2026aae', null, 'TDE', null]);
  });

  it('goes on with the others when one part fails, and fails then', async () => {
    server.lists.set(WHOLE, Buffer.from('<html>Access denied</html>'));
    server.lists.set('tns_public_objects_20260208.csv.zip', list('2026-02-08', [entry(8)]));
    server.refuse = ({ path }) => (path === SEARCH ? { status: 500 } : undefined);
    const error = String(await failure(run()));
    expect(error).to.include('the archive is damaged').and.to.include('search with HTTP 500');
    expect(error).to.include('tns_public_objects_20260208.csv.zip: 1 rows, 1 new');
    server.refuse = () => ({ status: 401 });
    expect(await failure(run())).to.be.instanceOf(SetupError);
  });

  it('counts and tells rows that cannot be read, and takes the others', async () => {
    const rows = [entry(1), '"2","AT"', '"3","AT","2026aad","","","","","","","",""', entry(4)];
    server.lists.set(WHOLE, whole('2026-02-09', rows));
    expect(await run()).to.include(
      '4 rows, 2 new, 0 changed, 2 refused (line 4: it has 2 values instead of 11; line 5: it has no position)',
    );
    expect((await entries()).map(([id]) => id)).to.deep.equal(['1', '4']);
  });

  it('stops between two groups of rows, and does the same again without harm', async () => {
    const all = Array.from({ length: 1_600 }, (_, i) => entry(i + 1));
    server.lists.set(WHOLE, whole('2026-02-09', all));
    const stop = new AbortController();
    let clocks = 0;
    context = { ...context, now: () => (++clocks === 4 && stop.abort(), now) };
    expect(await failure(run(stop.signal))).to.be.instanceOf(Error);
    const part = (await entries()).length;
    expect(part).to.be.greaterThan(0).and.lessThan(1_600);
    context = { ...context, now: () => now };
    expect(await run()).to.include(`1600 rows, ${1_600 - part} new, 0 changed`);
    expect(await entries()).to.have.length(1_600);
    expect(await db.arrays('SELECT COUNT(*) FROM lsst.crossmatch_tns')).to.deep.equal([['1600']]);
  });

  const names = () => db.arrays('SELECT tns_name FROM ztf.objects');
});

/** 1 is 2026aab, at 1 degree of right ascension and declination, or near it. */
function nameOf(id: number): string {
  return `2026${ztfName(id).slice(-3)}`;
}

function entry(id: number, type = ''): string {
  const place = `"${id % 360}","${id % 90}"`;
  const modified = id === 9 ? '2026-02-10 05:20:00' : '2026-02-08 10:00:00';
  return `"${id}","AT","${nameOf(id)}",${place},"0.5","","${type}","ZTF","2026-02-08 03:00:00","${modified}"`;
}

function list(period: string, entries: string[]): string {
  return [`"${period}"`, HEADER, ...entries, ''].join('\n');
}

const whole = (day: string, entries: string[]) => list(`${day} 00:00:00`, entries);

function hour(day: string, number: number, entries: string[]): string {
  const text = String(number).padStart(2, '0');
  return list(`${day} ${text}:00:00 - ${text}:59:59`, entries);
}
