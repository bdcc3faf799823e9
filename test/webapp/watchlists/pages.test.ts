import { expect } from 'chai';

import { readWatchlist } from '../../../common/watchlists/read-watchlist.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { LSST_ID, ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { sendForm } from './multipart.ts';
import { SOURCES, seedList } from './seed-list.ts';

describe('pages of watchlists', function () {
  this.timeout(60_000);
  let site: TestSite;
  let ada: LoggedIn;
  let bob: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    [ada, bob] = await Promise.all([logIn(site, 'ada'), logIn(site, 'bob')]);
  });
  after(() => site?.stop());
  beforeEach(async () => {
    await site.db.execute('DELETE FROM glint.watchlists');
    await site.db.execute('DELETE FROM glint.watchlist_cones');
    await site.db.execute('DELETE FROM glint.list_matches');
    await site.db.execute('DELETE FROM ztf.watchlist_hits');
    await site.db.execute('DELETE FROM lsst.watchlist_hits');
  });

  const visit = (path: string) => fetch(site.url + path, { redirect: 'manual' });
  const text = async (answer: Promise<Response>) => (await answer).text();
  const names = (id: number) =>
    site.db
      .arrays(`SELECT name FROM glint.watchlist_cones WHERE wl_id = ${id} ORDER BY cone_id`)
      .then((rows) => rows.map(([name]) => name));

  it('shows objects of both surveys, by every order, with what is known of each', async () => {
    const { id } = await seedList(site, ada.userId, {
      name: 'hosts',
      description: 'a\n\n<b>b</b>',
    });
    const page = await text(ada.get(`/watchlists/${id}/`));
    expect(page).to.contain(`/object/${ZTF_ID}/`).and.to.contain(`/object/${LSST_ID}/`);
    expect(page).to.contain('0.83″').and.to.contain('0.13″').and.to.contain('watchlist-sky');
    expect(page).to.contain('&lt;b&gt;b&lt;/b&gt;').and.not.to.contain('<b>b');
    expect(page)
      .to.contain('Matching against all known objects')
      .and.to.contain('js/list-progress.js');
    const order = async (query: string) => {
      const body = (await text(ada.get(`/watchlists/${id}/?${query}`))).split('<tbody>')[1];
      return body.indexOf(ZTF_ID) < body.indexOf(LSST_ID) ? 'ztf' : 'lsst';
    };
    // The seeded ZTF object was seen later, less often, and farther from its source.
    expect(await order('')).to.equal('ztf');
    expect(await order('sort=last&order=up')).to.equal('lsst');
    expect(await order('sort=arcsec')).to.equal('lsst');
    expect(await order('sort=detections')).to.equal('lsst');
    expect(await order('sort=source')).to.equal('lsst');
    expect(await order('sort=class&order=down')).to.equal('ztf');
    expect(await order('sort=magnitude')).to.equal('ztf');
    expect((await ada.get(`/watchlists/${id}/?sort=evil`)).status).to.equal(400);
    expect(await text(ada.get(`/watchlists/${id}/?page=7`))).not.to.contain('hits-table');
  });

  it('gives all hits as CSV, and progress for the script', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'hosts' });
    const csv = (await text(ada.get(`/watchlists/${id}/hits.csv`))).trimEnd().split('\r\n');
    expect(csv).to.have.length(3);
    expect(csv[1]).to.match(
      new RegExp(`^NGC 4868,ztf,${ZTF_ID},194\\.49\\d*,48\\.85\\d*,0\\.83,31,SN,19\\.\\d{3},g,`),
    );
    expect(csv[2]).to.match(new RegExp(`^"a ""quoted"", name",lsst,${LSST_ID},`));
    const progress = await ada.get(`/watchlists/${id}/progress/json/`);
    expect(await progress.json()).to.deep.include({ isRunning: true });
    expect((await bob.get(`/watchlists/${id}/progress/json/`)).status).to.equal(404);
    expect((await bob.get(`/watchlists/${id}/hits.csv`)).status).to.equal(404);
  });

  it('gives its sources so that they can be read again: /cat/, /txt/, VOTable', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'hosts', public: true });
    const cat = await visit(`/watchlists/${id}/cat/`);
    expect(cat.headers.get('content-type')).to.contain('text/csv');
    expect(cat.headers.get('content-disposition')).to.contain(`watchlist-${id}.csv`);
    const csv = await cat.text();
    expect(csv.split('\r\n')[0]).to.equal('ra,decl,name,radius');
    expect(csv.split('\r\n')[1]).to.equal('194.494,48.851,NGC 4868,5');
    for (const path of [
      `/watchlists/${id}/cat/`,
      `/watchlists/${id}/votable/`,
      `/watchlist/${id}/txt/`,
    ]) {
      const { sources, faults } = await readWatchlist({
        bytes: new Uint8Array(await (await visit(path)).arrayBuffer()),
        name: 'file',
      });
      expect(faults, path).to.deep.equal([]);
      expect(sources, path).to.deep.equal(
        SOURCES.map((source) => ({
          ...source,
          radiusArcsec: source.radiusArcsec ?? (path.includes('txt') ? null : 5),
        })),
      );
    }
    const head = await fetch(`${site.url}/watchlists/${id}/cat/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
  });

  it('hides private lists in the words of those that are not there', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'secret hosts' });
    const gone = id + 1_000;
    for (const path of [
      '',
      'sources/',
      'cat/',
      'txt/',
      'votable/',
      'hits.csv',
      'progress/json/',
      'edit/',
      'delete/',
    ]) {
      const [hidden, absent] = await Promise.all([
        bob.get(`/watchlists/${id}/${path}`),
        bob.get(`/watchlists/${gone}/${path}`),
      ]);
      expect(hidden.status, path).to.equal(404);
      expect((await hidden.text()).replace(`watchlist ${id} `, 'watchlist N '), path).to.equal(
        (await absent.text()).replace(`watchlist ${gone} `, 'watchlist N '),
      );
    }
    for (const path of ['switch/', 'copy/', 'run/', 'delete/', 'sources/', 'sources/remove/']) {
      const fields = { active: 'off', cones_textarea: '1,2,a', names: 'NGC 4868' };
      expect((await bob.post(`/watchlists/${id}/${path}`, fields)).status, path).to.equal(404);
    }
    expect(await text(bob.get('/watchlists/'))).not.to.contain('secret hosts');
    expect(await text(bob.get(`/object/${ZTF_ID}/`))).not.to.contain('secret hosts');
    expect(await text(ada.get(`/object/${ZTF_ID}/`))).to.contain('secret hosts');
    expect(await names(id)).to.have.length(3);
  });

  it('lets everybody read public lists, and their owner alone change them', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'open hosts', public: true });
    const page = await text(visit(`/watchlists/${id}/`));
    expect(page)
      .to.contain('open hosts')
      .and.to.contain('by ada')
      .and.not.to.contain('Switch it off');
    expect(await text(visit(`/object/${LSST_ID}/`))).to.contain('open hosts');
    expect((await bob.get(`/watchlists/${id}/edit/`)).status).to.equal(403);
    for (const path of ['switch/', 'run/', 'delete/', 'sources/remove/', 'sources/', 'edit/']) {
      const fields = {
        active: 'off',
        names: 'NGC 4868',
        cones_textarea: '1,2,a',
        name: 'x',
        radius: '3',
      };
      expect((await bob.post(`/watchlists/${id}/${path}`, fields)).status, path).to.equal(403);
    }
    const copied = (await bob.post(`/watchlists/${id}/copy/`)).headers.get('location') ?? '';
    expect(await text(bob.get(copied)))
      .to.contain('open hosts')
      .and.to.contain('private');
    expect((await ada.get(copied)).status).to.equal(404);
  });

  it('is edited, switched, matched again and deleted by its owner', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'hosts' });
    const row = async () =>
      (
        await site.db.arrays(
          `SELECT name, description, active, public, radius, version FROM glint.watchlists WHERE wl_id = ${id}`,
        )
      )[0].map(String);
    const settings = { name: ' New name ', description: 'd', radius: '12.5' };
    const bad = await ada.post(`/watchlists/${id}/edit/`, { ...settings, radius: 'wide' });
    expect(bad.status).to.equal(400);
    expect(await bad.text())
      .to.contain('value="wide"')
      .and.to.contain('number of arcseconds');
    const version = Number((await row())[5]);
    await ada.post(`/watchlists/${id}/edit/`, { ...settings, active: '1' });
    expect(await row()).to.deep.equal(['New name', 'd', '1', '0', '12.5', String(version + 1)]);
    await ada.post(`/watchlists/${id}/switch/`, { public: 'on' });
    await ada.post(`/watchlists/${id}/switch/`, { active: 'off' });
    expect((await row()).slice(2, 4)).to.deep.equal(['0', '1']);
    expect((await ada.post(`/watchlists/${id}/switch/`, { active: 'maybe' })).status).to.equal(400);
    expect((await ada.post(`/watchlists/${id}/switch/`)).status).to.equal(400);
    await site.db.execute('UPDATE glint.list_matches SET ended_at = started_at');
    expect(await text(ada.get(`/watchlists/${id}/`))).to.contain('have been matched');
    await ada.post(`/watchlists/${id}/run/`);
    expect(await text(ada.get(`/watchlists/${id}/`))).to.contain('Matching against all known');
    expect(await text(ada.get(`/watchlists/${id}/delete/`))).to.contain('Delete “New name”');
    expect((await ada.post(`/watchlists/${id}/delete/`)).headers.get('location')).to.equal(
      '/watchlists/',
    );
    expect((await ada.get(`/watchlists/${id}/`)).status).to.equal(404);
  });

  it('adds sources after a preview, and removes them by choice and by name', async () => {
    const { id, coneIds } = await seedList(site, ada.userId, { name: 'hosts' });
    const at = `${site.url}/watchlists/${id}/sources/`;
    const sent = await sendForm(at, ada, {
      cones_textarea: '1,2,new one\nbad\n10.5,20.25,<i>empty</i>,2.5',
    });
    const preview = sent.headers.get('location') ?? '';
    const page = await text(ada.get(preview));
    expect(page)
      .to.contain('Add to hosts')
      .and.to.contain('Add the 2 good ones, without the bad line');
    const saved = await sendForm(`${site.url}${preview}save/`, ada, {});
    expect(saved.headers.get('location')).to.equal(`/watchlists/${id}/`);
    // What it had already is not there twice.
    expect(await names(id)).to.deep.equal([...SOURCES.map(({ name }) => name), 'new one']);
    const unseen = await text(ada.get(`/watchlists/${id}/sources/?show=unseen`));
    expect(unseen).to.contain('new one').and.not.to.contain('NGC 4868</a>');
    expect(await text(ada.get(`/watchlists/${id}/sources/?find=quot`))).not.to.contain(
      'new one</a>',
    );
    await sendForm(`${at}remove/`, ada, { cone: String(coneIds[2]) });
    const half = await sendForm(`${at}remove/`, ada, { names: 'new one\r\nNew One\r\nngc 4868' });
    expect(half.status).to.equal(200);
    expect(await half.text())
      .to.contain('1 taken out')
      .and.to.contain('“New One”, “ngc 4868”');
    expect(await names(id)).to.deep.equal(['NGC 4868', 'a "quoted", name']);
    expect((await sendForm(`${at}remove/`, ada, {})).status).to.equal(400);
  });

  it('lists, finds, orders and pages', async () => {
    for (let i = 0; i < 52; i++) {
      await site.db.execute(
        `INSERT INTO glint.watchlists (user_id, name, description, active, public, radius, sources, created_at, updated_at)
        VALUES (:userId, :name, '100%_sure', 1, 1, 5, :i, :now, :now)`,
        {
          userId: bob.userId,
          name: `list ${String(i).padStart(2, '0')}`,
          i,
          now: new Date(1e12 + i * 1e6),
        },
      );
    }
    const shown = async (path: string) =>
      [...(await text(visit(path))).matchAll(/list (\d\d)<\/a>/g)].map(([, n]) => Number(n));
    const newest = await shown('/watchlists/');
    expect([newest.length, newest[0]]).to.deep.equal([50, 51]);
    expect((await shown('/watchlists/?sort=name'))[0]).to.equal(0);
    expect((await shown('/watchlists/?sort=sources'))[0]).to.equal(51);
    expect(await shown('/watchlists/?show=public&page=1&sort=name')).to.deep.equal([50, 51]);
    expect(await shown('/watchlists/?find=list+07')).to.deep.equal([7]);
    expect(await shown('/watchlists/?find=0%25_s')).to.have.length(50);
    expect(await shown('/watchlists/?find=0x_s')).to.deep.equal([]);
    expect((await visit('/watchlists/?show=mine')).status).to.equal(302);
  });

  it('answers at Lasair’s addresses', async () => {
    const { id } = await seedList(site, ada.userId, { name: 'hosts', public: true });
    const leads = async (path: string) => {
      const answer = await visit(path);
      return [answer.status, answer.headers.get('location')];
    };
    expect(await leads('/watchlist/')).to.deep.equal([301, '/watchlists/']);
    expect(await leads(`/watchlist/${id}/`)).to.deep.equal([301, `/watchlists/${id}/`]);
    expect(await leads(`/watchlists/${id}/run/`)).to.deep.equal([302, `/watchlists/${id}/`]);
    for (const path of [
      '/watchlists/0/',
      '/watchlists/x/',
      '/watchlists/99999999999/',
      '/watchlist/1e3/',
    ])
      expect((await visit(path)).status, path).to.equal(404);
  });
});
