import { expect } from 'chai';

import { dryRun } from '../../../common/filters/dry-run.ts';
import { openFilterQuery } from '../../../common/filters/open-filter.ts';
import { selectFilter } from '../../../common/store/filters.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import { storeAlerts } from '../../post_ingest/filters/many-alerts.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { NOW } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const OBJECTS = 2_400;
const DAY_MS = 86_400_000;
/** The night before. */
const JD = 2_440_587.5 + Math.floor(NOW.getTime() / DAY_MS) - 1 + 0.1;
const SETTINGS = { run: 'alerts', memory: 'every', wait: '0' };

describe('dry runs of filters', function () {
  this.timeout(120_000);
  let site: TestSite;
  let kay: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    kay = await logIn(site, 'kay');
    await storeAlerts(site.db, OBJECTS, JD);
  });
  after(() => site?.stop());

  const save = async (condition: string) => {
    const name = `filter ${Math.random()}`;
    const sql = `SELECT objectId, ncand FROM objects WHERE ${condition}`;
    const made = await kay.post('/queries/create/', { name, description: '', survey: 'ztf', sql });
    const id = Number(/\/queries\/(\d+)\//.exec(made.headers.get('location') ?? '')?.[1]);
    await kay.post(`/filters/${id}/settings/`, SETTINGS);
    return id;
  };
  const pageOf = async (id: number) => (await kay.get(`/filters/${id}/`)).text();
  /** The alerts of the last two nights, of which the made ones alone are of that magnitude. */
  const tryOut = (id: number) => kay.post(`/filters/${id}/dry-run/`, { nights: '2' });

  it('refuse a filter that passes more than its share, with the figure', async () => {
    const id = await save('ncand < 5');
    await tryOut(id);
    const page = await pageOf(id);
    const figure = /This filter passes ([\d.]+) % of all alerts \((\d+) of (\d+) that were tried\)/;
    const [, share, passed, tried] = (figure.exec(page) ?? []).map(Number);
    // Half of those made; the alerts of the seeded object, of which there are few, do not pass.
    expect(passed).to.equal(OBJECTS / 2);
    expect(tried).to.be.within(OBJECTS, OBJECTS + 10);
    expect(share).to.be.closeTo((100 * passed) / tried, 0.05);
    expect(page).to.include('at most 5 % may pass').and.not.include('Switch on<');
    const refused = await kay.post(`/filters/${id}/switch/`, { to: 'on' });
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.match(figure);
    const byToken = await fetch(`${site.url}/api/v1/filters/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Token ${kay.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'on' }),
    });
    expect(byToken.status).to.equal(400);
    expect(await byToken.text()).to.match(figure);
    expect((await selectFilter(site.db, id)).state).to.equal('off');
  });

  it('let one through that passes few', async () => {
    const id = await save('ncand = 3 AND jdmax < 0');
    await tryOut(id);
    expect((await kay.post(`/filters/${id}/switch/`, { to: 'on' })).status).to.equal(303);
    expect((await selectFilter(site.db, id)).state).to.equal('on');
  });

  it('say so where the time was over, and reckon from what was tried', async () => {
    const id = await save('ncand = 3');
    const { context } = site;
    const sandbox = openSandbox(context);
    const services = { db: site.db, sandbox, now: context.now };
    const filter = await openFilterQuery(services, {
      queryId: id,
      version: 1,
      userId: kay.userId,
    });
    const options = { version: 1, nights: 2, timeoutMs: 5_000, holder: 'user:1' };
    const cut = await dryRun(services, filter, { ...options, budgetMs: 0 });
    const whole = await dryRun(services, filter, { ...options, budgetMs: 60_000 });
    await sandbox.close();
    expect(cut).to.include({ isCut: true, isComplete: false, objectsTried: 1_000, problem: '' });
    expect(whole).to.include({ isCut: false, isComplete: true, objectsTried: whole.objects });
    // One in ten, within five standard deviations of a draw of 1,000.
    expect(cut.share).to.be.closeTo(0.1, 5 * Math.sqrt((0.1 * 0.9) / 1_000));
    expect(whole.passed).to.equal(OBJECTS / 10);

    await site.db.execute('UPDATE glint.filters SET dry_run = :found WHERE mq_id = :id', {
      found: JSON.stringify(cut),
      id,
    });
    const page = (await pageOf(id)).replace(/\s+/g, ' ');
    expect(page).to.include('the time was over then').and.include('drawn by lot');
  });
});
