import { expect } from 'chai';

import { logIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

describe('who makes a request', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
  });
  after(() => site.stop());

  it('knows a token in the header, in the address and in a form, and refuses a wrong one', async () => {
    const vera = await logIn(site, 'vera');
    const path = '/api/v1/status';
    const ask = async (suffix: string, init: RequestInit = {}) =>
      (await fetch(site.url + path + suffix, init)).status;
    const good = await ask('');
    expect(good).to.equal(200);
    for (const scheme of ['Token', 'token', 'Bearer']) {
      const authorization = (key: string) => ({ headers: { authorization: `${scheme} ${key}` } });
      expect(await ask('', authorization(vera.token))).to.equal(200);
      expect(await ask('', authorization(vera.token.toUpperCase()))).to.equal(200);
      for (const key of ['', 'x', '0'.repeat(40), `${vera.token}0`, `${vera.token} x`, 'é']) {
        if (/^[\x20-\x7e]*$/.test(key)) expect(await ask('', authorization(key))).to.equal(401);
      }
    }
    expect(await ask(`?token=${vera.token}`)).to.equal(200);
    expect(await ask(`?token=${vera.token.slice(1)}0`)).to.equal(401);
    expect(await ask('?token=%27%3B--')).to.equal(401);
    expect(await ask('?token=')).to.equal(401);
  });
});
