import { createHash } from 'node:crypto';

import { expect } from 'chai';

import { createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { insertApiToken, selectApiTokens } from '../../../common/store/accounts/api-tokens.ts';
import { disableAccount } from '../../../common/store/accounts/end-account.ts';
import { updateDisabled, updatePassword } from '../../../common/store/accounts/users.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { startAccountSite } from './account-site.ts';
import type { AccountSite } from './account-site.ts';
import { openFormBrowser } from './form-browser.ts';

const PASSWORD = 'seven sisters in taurus';

describe('API tokens', function () {
  this.timeout(120_000);
  let site: AccountSite;
  let maia: LoggedIn;
  before(async () => {
    site = await startAccountSite();
    maia = await logIn(site, 'maia');
  });
  after(() => site.stop());

  const status = async (token: string) =>
    (await fetch(`${site.url}/api/v1/status`, { headers: { authorization: `Token ${token}` } }))
      .status;
  const make = (fields: Record<string, string | string[]>) => {
    const browser = openFormBrowser(site.url);
    browser.cookies.set('glint_session', maia.cookie.split('=')[1]);
    return browser.fill('/profile/', fields, '/profile/tokens/');
  };
  const tokenIn = (html: string) => /id="new-token">([0-9a-f]{40})</.exec(html)?.[1] ?? '';

  it('are shown once, kept as a hash, and work at once', async () => {
    const answer = await make({ name: 'laptop', scopes: ['read', 'query'], expires: '' });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    const token = tokenIn(await answer.text());
    expect(token).to.match(/^[0-9a-f]{40}$/);
    expect(await status(token)).to.equal(200);
    const hash = createHash('sha256').update(token).digest('hex');
    const stored = await site.db.arrays(
      "SELECT token_hash, scopes, expires_at FROM glint.api_tokens WHERE name = 'laptop'",
    );
    expect(stored).to.deep.equal([[hash, 'read,query', null]]);
    const profile = await (await maia.get('/profile/')).text();
    expect(profile).to.include('laptop').and.not.include(token);
  });

  it('have one name each: a form sent twice makes one', async () => {
    const fields = { name: 'twice', scopes: 'read', expires: '' };
    expect((await make(fields)).status).to.equal(200);
    const again = await make(fields);
    expect(again.status).to.equal(400);
    expect(await again.text()).to.include('There is a token of the name twice already');
  });

  it('are not made of what makes no sense', async () => {
    const good = { name: 'sensible', scopes: 'read', expires: '' };
    const cases: [Record<string, string | string[]>, string][] = [
      [{ name: '' }, 'give the token a name'],
      [{ name: 'x'.repeat(65) }, 'give the token a name'],
      [{ scopes: [] }, 'choose one scope'],
      [{ scopes: 'everything' }, 'a scope is one of'],
      [{ expires: '2001-01-01' }, 'must lie ahead'],
      [{ expires: '2027-02-30' }, 'write the day'],
      [{ expires: 'tomorrow' }, 'write the day'],
    ];
    for (const [wrong, sentence] of cases) {
      const answer = await make({ ...good, ...wrong });
      expect(answer.status, sentence).to.equal(400);
      expect((await answer.text()).toLowerCase()).to.include(sentence);
    }
  });

  it('end on their last day, with their account, and when revoked', async () => {
    const { db, now } = site.context;
    const day = new Date(now().getTime() + 2 * 86_400_000).toISOString().slice(0, 10);
    const ending = tokenIn(
      await (await make({ name: 'ends', scopes: 'read', expires: day })).text(),
    );
    expect(await status(ending)).to.equal(200);
    site.pass(3 * 86_400);
    expect(await status(ending)).to.equal(401);
    expect(await (await maia.get('/profile/')).text()).to.include('ended');

    await disableAccount(db, maia.userId, now());
    expect(await status(maia.token)).to.equal(401);
    await updateDisabled(db, maia.userId, null);
    expect(await status(maia.token)).to.equal(200);
    maia = { ...(await logIn(site, 'maia2')) };

    const [{ tokenId }] = await selectApiTokens(db, maia.userId);
    const atlas = await logIn(site, 'atlas');
    await atlas.post(`/profile/tokens/${tokenId}/revoke/`);
    expect(await status(maia.token), 'nobody revokes those of others').to.equal(200);
    const revoked = await maia.post(`/profile/tokens/${tokenId}/revoke/`);
    expect(revoked.status).to.equal(303);
    expect(await status(maia.token)).to.equal(401);
  });

  it('note when they were last used, once a minute', async () => {
    const vera = await logIn(site, 'vera');
    const used = async () => (await selectApiTokens(site.db, vera.userId))[0].lastUsedAt?.getTime();
    expect(await used()).to.equal(undefined);
    await status(vera.token);
    const first = await used();
    site.pass(30);
    await status(vera.token);
    expect(await used()).to.equal(first);
    site.pass(31);
    await status(vera.token);
    expect(await used()).to.be.above(Number(first));
  });

  it('open the addresses for programs and no pages', async () => {
    const vera = await logIn(site, 'vera2');
    const ask = (path: string) =>
      fetch(site.url + path, {
        headers: { authorization: `Token ${vera.token}` },
        redirect: 'manual',
      });
    expect((await ask('/profile/')).status).to.equal(302);
    expect(
      (await fetch(`${site.url}/profile/?token=${vera.token}`, { redirect: 'manual' })).status,
    ).to.equal(302);
    expect((await ask('/api/v1/status')).status).to.equal(200);
  });

  it('are fifty at the most', async () => {
    const many = await logIn(site, 'many');
    const { db, now } = site.context;
    const add = (name: string) =>
      db.transaction((tx) =>
        insertApiToken(tx, many.userId, { name, scopes: ['read'], expiresAt: null }, now()),
      );
    for (let i = 0; i < 49; i++) await add(`token ${i}`);
    const err = await add('one more').catch((reason: unknown) => reason);
    expect(String(err)).to.include('at most 50 tokens');
  });

  it('never come into the log, wherever they are given', async () => {
    const vera = await logIn(site, 'vera3');
    const { token } = vera;
    const wrong = 'f'.repeat(40);
    for (const key of [token, wrong]) {
      await fetch(`${site.url}/api/v1/nothing?a=1&token=${key}&b=2`);
      await fetch(`${site.url}/api/v1/objects/ztf/nothing?token=${key}`);
      await fetch(`${site.url}/ztf/api/nothing/?token=${key}`);
      await fetch(`${site.url}/profile/?token=${key}`, { redirect: 'manual' });
      await fetch(`${site.url}/lsst/api/query/`, {
        method: 'POST',
        body: new URLSearchParams({ token: key, selected: '*', tables: 'nothing' }),
      });
      await fetch(`${site.url}/api/v1/status`, { headers: { authorization: `Token ${key}` } });
      await fetch(`${site.url}/api/v1/queries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Token ${key}` },
        body: `{"token":"${key}", broken`,
      });
    }
    expect(site.logged.length).to.be.above(5);
    const log = site.logged.join('\n');
    expect(log).to.not.include(token);
    expect(log).to.not.include(wrong);
  });

  it('are taken out of the request, so that no answer shows them', async () => {
    const vera = await logIn(site, 'vera4');
    const answer = await fetch(`${site.url}/api/v1/nothing?token=${vera.token}&b=2`);
    expect(answer.status).to.equal(404);
    expect(await answer.text()).to.not.include(vera.token);
    const wrong = await fetch(`${site.url}/api/v1/status?token=${'f'.repeat(40)}`);
    expect(wrong.status).to.equal(401);
    expect(wrong.headers.get('www-authenticate')).to.equal('Token');
    expect(wrong.headers.get('content-type')).to.include('application/problem+json');
    expect(await wrong.text()).to.not.include('fff');
  });

  describe('for name and password, as Lasair gives them', () => {
    let name: string;
    before(async () => {
      const user = await logIn(site, 'celaeno');
      name = user.name;
      const hash = await createPasswordHasher({ log2N: 8, r: 8, p: 1 }).hash(PASSWORD);
      await updatePassword(site.db, user.userId, hash, site.context.now());
    });
    beforeEach(() => site.db.execute('DELETE FROM glint.attempts'));
    const ask = (path: string, body: Record<string, string>) =>
      fetch(site.url + path, { method: 'POST', body: new URLSearchParams(body) });

    it('come from all three addresses, from forms and JSON, each in place of the last', async () => {
      let last = '';
      for (const path of ['/api/auth-token/', '/ztf/api/auth-token/', '/lsst/api/auth-token/']) {
        const answer = await ask(path, { username: name, password: PASSWORD });
        expect(answer.status, path).to.equal(200);
        const { token } = (await answer.json()) as { token: string };
        expect(token).to.match(/^[0-9a-f]{40}$/);
        expect(await status(token)).to.equal(200);
        if (last !== '') expect(await status(last)).to.equal(401);
        last = token;
      }
      const json = await fetch(`${site.url}/api/auth-token/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: name, password: PASSWORD, name: 'other machine' }),
      });
      expect(json.status).to.equal(200);
      expect(await status(last), 'another name, another token').to.equal(200);
    });

    it('say what is missing or wrong in the words of the framework, and are limited', async () => {
      const missing = await ask('/api/auth-token/', { username: name });
      expect(missing.status).to.equal(400);
      expect(await missing.json()).to.deep.equal({ password: ['This field is required.'] });
      expect((await fetch(`${site.url}/api/auth-token/`)).status).to.equal(405);
      for (let i = 0; i < 5; i++) {
        const wrong = await ask('/api/auth-token/', { username: name, password: 'wrong' });
        expect(wrong.status).to.equal(400);
        expect(await wrong.json()).to.have.property('non_field_errors');
      }
      const limited = await ask('/lsst/api/auth-token/', { username: name, password: PASSWORD });
      expect(limited.status).to.equal(429);
      expect(Number(limited.headers.get('retry-after'))).to.be.within(1, 5);
    });
  });
});
