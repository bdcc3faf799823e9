import { expect } from 'chai';

import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';

describe('the page of users', () => {
  let site: AccountSite;
  let staff: LoggedIn;
  let maia: LoggedIn;
  before(async () => {
    site = await startAccountSite();
    staff = await logIn(site, 'boss', { role: 'staff' });
    maia = await logIn(site, 'maia', { role: 'power' });
  });
  after(() => site.stop());

  const roleOf = async (name: string) =>
    (await site.db.arrays('SELECT role FROM glint.users WHERE name = :name', { name }))[0][0];

  it('is for staff', async () => {
    expect((await fetch(`${site.url}/users/`, { redirect: 'manual' })).status).to.equal(302);
    expect((await maia.get('/users/')).status).to.equal(403);
    const change = { change: 'role', role: 'staff' };
    expect((await maia.post(`/users/${maia.userId}/`, change)).status).to.equal(403);
    expect(await roleOf('maia')).to.equal('power');
    expect((await staff.get('/users/')).status).to.equal(200);
    // The menu shows the way to whom it is open.
    expect(await (await staff.get('/schema/')).text()).to.include('href="/users/"');
    expect(await (await maia.get('/schema/')).text()).to.not.include('href="/users/"');
  });

  it('finds by name, address and person, whatever is typed', async () => {
    await site.db.execute(
      "UPDATE glint.users SET first_name = 'Μαῖα', last_name = 'Z' WHERE name = 'maia'",
    );
    for (const find of ['mai', 'MAI', 'maia@ex', 'Μαῖα', 'Μαῖα Z']) {
      const html = await (await staff.get(`/users/?find=${encodeURIComponent(find)}`)).text();
      expect(html, find).to.include('maia@example.org').and.not.include('boss@example.org');
    }
    for (const find of ['%', '_', '\\', "'", '💫', '"><script>']) {
      const answer = await staff.get(`/users/?find=${encodeURIComponent(find)}`);
      expect(answer.status).to.equal(200);
      expect(await answer.text(), find)
        .to.include('No account matches')
        .and.not.include('<script>');
    }
  });

  it('changes roles at once, disables and enables', async () => {
    const post = (fields: Record<string, string>) => staff.post(`/users/${maia.userId}/`, fields);
    expect((await post({ change: 'role', role: 'user' })).status).to.equal(303);
    expect(await roleOf('maia')).to.equal('user');
    for (const wrong of [
      { change: 'role', role: 'god' },
      { change: 'role' },
      { change: 'x' },
      {},
    ]) {
      expect((await post(wrong as Record<string, string>)).status).to.equal(400);
    }
    await post({ change: 'disable' });
    expect((await maia.get('/profile/')).status).to.equal(302);
    expect(await (await staff.get('/users/')).text()).to.include('Enable');
    await post({ change: 'enable' });
    const back = await fetch(`${site.url}/api/v1/status`, {
      headers: { authorization: `Token ${maia.token}` },
    });
    expect(back.status).to.equal(200);
    expect((await staff.post('/users/4711/', { change: 'enable' })).status).to.equal(404);
    expect((await staff.post('/users/x/', { change: 'enable' })).status).to.equal(400);
  });

  it('lets nobody change their own account, so that staff remains', async () => {
    for (const fields of [{ change: 'disable' }, { change: 'role', role: 'user' }]) {
      const answer = await staff.post(`/users/${staff.userId}/`, fields as Record<string, string>);
      expect(answer.headers.get('location')).to.equal('/users/?done=oneself');
    }
    expect(await roleOf('boss')).to.equal('staff');
    expect((await staff.get('/users/?done=oneself')).status).to.equal(200);
  });

  it('shows fifty a page', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [
      `user${String(i).padStart(2, '0')}`,
      `user${i}@example.net`,
      'user',
      new Date(),
    ]);
    await site.db.execute('INSERT INTO glint.users (name, email, role, created_at) VALUES :rows', {
      rows,
    });
    const first = await (await staff.get('/users/?find=example.net')).text();
    expect(first).to.include('user49').and.not.include('user50');
    expect(first).to.include('page&#x3D;2');
    const second = await (await staff.get('/users/?find=example.net&page=2')).text();
    expect(second).to.include('user59').and.not.include('user49');
  });
});
