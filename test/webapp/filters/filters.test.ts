import { expect } from 'chai';

import { selectFilter, selectOptionalFilter } from '../../../common/store/filters.ts';
import { selectOutputs } from '../../../common/store/filter-outputs.ts';
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
  const switchedOn = async (by: LoggedIn, sql = TEXT, settings: Record<string, string> = SETTINGS) => {
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
    it('leads from a saved query over settings and a dry run to a filter that is on', async () => {
      const id = await save(kay);
      expect(await text(kay.get(`/queries/${id}/`))).to.include('Run on the stream');
      expect((await kay.get(`/filters/${id}/`)).headers.get('location')).to.equal(
        `/filters/${id}/settings/`,
      );
      expect(await text(kay.get(`/filters/${id}/settings/`))).to.include('at every alert that passes');
      const kept = await kay.post(`/filters/${id}/settings/`, { ...SETTINGS, kafka: '1', content: 'columns' });
      expect(kept.headers.get('location')).to.equal(`/filters/${id}/?done=settings`);
      expect(await text(kay.get(`/filters/${id}/`))).to.include('It is off').and.not.include('Switch on<');

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

  it('ends with its query', async () => {
    const id = await switchedOn(kay);
    await kay.post(`/queries/${id}/delete/`);
    expect(await selectOptionalFilter(site.db, id)).to.equal(undefined);
    await publish(lee, 1);
    expect((await visitor('/filters/')).status).to.equal(200);
  });
});
