import { expect } from 'chai';

import { selectFilter, selectOptionalFilter } from '../../../common/store/filters.ts';
import { selectOutputs } from '../../../common/store/filter-outputs.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const TEXT = 'SELECT objectId, ncand, maggmin FROM objects WHERE ncand > 3 AND maggmin < 25';
const SETTINGS = { run: 'alerts', memory: 'every', wait: '0' };

describe('filters on the site', function () {
  this.timeout(120_000);
  let site: TestSite;
  let kay: LoggedIn;
  let lee: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    kay = await logIn(site, 'kay');
    lee = await logIn(site, 'lee');
  });
  after(() => site?.stop());

  const save = async (by: LoggedIn, sql = TEXT, name = `filter ${Math.random()}`) => {
    const answer = await by.post('/queries/create/', { name, description: '', survey: 'ztf', sql });
    if (answer.status !== 303) throw new Error(`${answer.status}: ${await answer.text()}`);
    return Number(/\/queries\/(\d+)\//.exec(answer.headers.get('location') ?? '')?.[1]);
  };
  const text = async (answer: Response | Promise<Response>) => (await answer).text();
  const visitor = (path: string) => fetch(site.url + path, { redirect: 'manual' });
  const publish = (by: LoggedIn, id: number) => by.post(`/queries/${id}/level/`, { level: '1' });
  /** A filter that is on. */
  const switchedOn = async (
    by: LoggedIn,
    sql = TEXT,
    settings: Record<string, string> = SETTINGS,
  ) => {
    const id = await save(by, sql);
    for (const [path, fields] of [
      ['settings', settings],
      ['dry-run', { nights: '30' }],
      ['switch', { to: 'on' }],
    ] as const) {
      const answer = await by.post(`/filters/${id}/${path}/`, fields);
      if (answer.status !== 303) throw new Error(`${path}: ${await answer.text()}`);
    }
    return id;
  };

  describe('switching on', () => {
    it('is refused to whoever has as many on as an account may have, and says what to do', async () => {
      const max = await logIn(site, 'max');
      const id = await switchedOn(max);
      expect((await max.post(`/filters/${id}/switch/`, { to: 'off' })).status).to.equal(303);
      const [columns] = await site.db.arrays(
        `SELECT GROUP_CONCAT(column_name) FROM information_schema.columns
         WHERE table_schema = 'glint' AND table_name = 'filters' AND column_name NOT IN ('mq_id', 'state')`,
      );
      await site.db.execute(
        `INSERT INTO glint.filters (mq_id, state, ${String(columns[0])})
         SELECT 900000 + seq, IF(seq % 2 = 0, 'on', 'paused'), ${String(columns[0])}
         FROM glint.filters, glint.seq_1_to_100 WHERE mq_id = :id`,
        { id },
      );
      const refused = await max.post(`/filters/${id}/switch/`, { to: 'on' });
      expect(refused.status).to.equal(400);
      expect(await text(refused)).to.match(/100 of your filters are on or paused.*switch one off/);
      await site.db.execute('DELETE FROM glint.filters WHERE mq_id = 900001');
      expect((await max.post(`/filters/${id}/switch/`, { to: 'on' })).status).to.equal(303);
      await site.db.execute('DELETE FROM glint.filters WHERE mq_id > 900000');
    });

    it('leads from a saved query over settings and a dry run to a filter that is on', async () => {
      const id = await save(kay);
      expect(await text(kay.get(`/queries/${id}/`))).to.include('Run on the stream');
      expect((await kay.get(`/filters/${id}/`)).headers.get('location')).to.equal(
        `/filters/${id}/settings/`,
      );
      expect(await text(kay.get(`/filters/${id}/settings/`))).to.include(
        'at every alert that passes',
      );
      const kept = await kay.post(`/filters/${id}/settings/`, {
        ...SETTINGS,
        kafka: '1',
        content: 'columns',
      });
      expect(kept.headers.get('location')).to.equal(`/filters/${id}/?done=settings`);
      expect(await text(kay.get(`/filters/${id}/`)))
        .to.include('It is off')
        .and.not.include('Switch on<');

      const early = await kay.post(`/filters/${id}/switch/`, { to: 'on' });
      expect(early.status).to.equal(400);
      expect(await early.text()).to.include('Try version 1 on past nights first');

      const tried = await kay.post(`/filters/${id}/dry-run/`, { nights: '30' });
      expect(tried.status).to.equal(303);
      const page = await text(kay.get(`/filters/${id}/?done=tried`));
      expect(page).to.include('of the alerts pass').and.include(ZTF_ID).and.include('100 %');
      await kay.post(`/filters/${id}/switch/`, { to: 'on' });
      const filter = await selectFilter(site.db, id);
      expect(filter.state).to.equal('on');
      const days = ((filter.expiresAt?.getTime() ?? 0) - site.context.now().getTime()) / 86_400_000;
      expect(days).to.equal(site.context.config.filterDays);
      const [kafka] = await selectOutputs(site.db, id);
      expect(kafka).to.include({ channel: 'kafka', isActive: true, nextSeq: 1n });
    });
  });

  it('explains an object', async () => {
    const id = await switchedOn(kay);
    const page = await text(kay.get(`/filters/${id}/why/?object=${ZTF_ID}`));
    expect(page).to.include('passes now').and.include('ncand &gt; 3');
  });

  it('asks what is remembered when its query is edited, and runs the new version', async () => {
    const id = await switchedOn(kay);
    expect(await text(kay.get(`/queries/${id}/edit/`))).to.include('This query runs on the stream');
    const edit = { survey: 'ztf', name: `edited ${id}`, description: '', version: '1' };
    const sql = `${TEXT} AND ncand > 4`;
    const unasked = await kay.post(`/queries/${id}/edit/`, { ...edit, sql });
    expect(unasked.status).to.equal(400);
    const before = await selectFilter(site.db, id);
    const wrong = { ...edit, memory: 'keep', sql: 'SELECT objectId FROM objects LIMIT 3' };
    expect((await kay.post(`/queries/${id}/edit/`, wrong)).status).to.equal(400);
    expect((await selectFilter(site.db, id)).version).to.equal(1);
    await site.db.execute('UPDATE glint.filters SET memory_since = :old WHERE mq_id = :id', {
      old: new Date(before.memorySince.getTime() - 1_000),
      id,
    });
    expect(
      (await kay.post(`/queries/${id}/edit/`, { ...edit, sql, memory: 'clear' })).status,
    ).to.equal(303);
    const after = await selectFilter(site.db, id);
    expect(after.version).to.equal(2);
    expect(after.memorySince.getTime()).to.equal(site.context.now().getTime());
  });

  it('refuses settings that do not fit, with what was typed still in the form', async () => {
    const id = await save(kay);
    for (const [change, words] of [
      [{ run: 'annotations' }, 'names no annotator'],
      [{ memory: 'days', days: 'x' }, 'days: must be a number'],
      [{ memory: 'brighter', column: 'gone', by: '1' }, 'no column gone'],
      [{ memory: 'brighter', column: 'objectId', by: '1' }, 'is no number'],
      [{ webhook: '1', url: 'javascript:alert(1)', body: 'json' }, 'url'],
      [{ webhook: '1', url: 'https://me:secret@example.org/', body: 'json' }, 'holds no password'],
      [{ memory: '<script>' }, 'memory'],
    ] as [Record<string, string>, string][]) {
      const answer = await kay.post(`/filters/${id}/settings/`, { ...SETTINGS, ...change });
      expect(answer.status, words).to.equal(400);
      const page = await answer.text();
      expect(page).to.include(words).and.not.include('value="<script>"');
    }
    expect(await selectOptionalFilter(site.db, id)).to.equal(undefined);
  });

  it('is not there for others while it is private, and tells them no secrets when it is public', async () => {
    const webhook = { webhook: '1', url: 'https://example.org/very-secret', body: 'json' };
    const id = await switchedOn(kay, TEXT, { ...SETTINGS, ...webhook });
    for (const path of [`/filters/${id}/`, `/filters/${id}/why/?object=${ZTF_ID}`]) {
      expect((await lee.get(path)).status).to.equal(404);
      expect((await visitor(path)).status).to.equal(404);
    }
    expect(await text(visitor('/filters/'))).not.to.include(`/filters/${id}/`);
    await publish(kay, id);
    expect(await text(visitor('/filters/'))).to.include(`/filters/${id}/`);
    const [{ secret }] = await selectOutputs(site.db, id);
    for (const page of [
      await text(lee.get(`/filters/${id}/`)),
      await text(visitor(`/api/v1/filters/${id}`)),
    ]) {
      expect(page).not.to.include('very-secret').and.not.include(String(secret));
    }
    expect(await text(kay.get(`/filters/${id}/`))).to.include('very-secret');
  });

  it('warns its owner, and nobody else, that others cannot run what names a private list', async () => {
    const list = { description: '', user_id: kay.userId, active: true };
    await insertRows(site.db, 'glint', 'watchlists', [
      { ...list, wl_id: 901, name: 'my secret stars', public: false },
      { ...list, wl_id: 902, name: 'stars for all', public: true },
    ]);
    const open = await save(kay, 'SELECT objects.objectId FROM objects, watchlist:902');
    const id = await switchedOn(
      kay,
      'SELECT objects.objectId FROM objects, watchlist:901 WHERE ncand > 3',
    );
    const warning = 'names what only you may see: watchlist 901';
    const pageOf = (by: LoggedIn, path: string) => text(by.get(path));
    expect(await pageOf(kay, `/queries/${open}/`)).not.to.include('only you may see');
    expect(await pageOf(kay, `/queries/${id}/`))
      .to.include(warning)
      .and.include('If you make it public, others');
    await publish(kay, id);
    expect(await pageOf(kay, `/queries/${id}/edit/`)).to.include(
      'names what only you may see: watchlist 901',
    );
    expect(await pageOf(kay, `/filters/${id}/`)).to.include('names what only you may see');
    const why = `why/?object=${ZTF_ID}`;
    for (const path of [`/queries/${id}/`, `/filters/${id}/`, `/filters/${id}/${why}`]) {
      for (const page of [await pageOf(lee, path), await text(visitor(path))]) {
        expect(page, path).not.to.include('only you may see').and.not.include('my secret stars');
      }
    }
    expect((await lee.get(`/filters/${id}/${why}`)).status).to.equal(400);
  });

  it('ends with its query', async () => {
    const id = await switchedOn(kay);
    await kay.post(`/queries/${id}/delete/`);
    expect(await selectOptionalFilter(site.db, id)).to.equal(undefined);
    await publish(lee, 1);
    expect((await visitor('/filters/')).status).to.equal(200);
  });
});
