import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { startWeb } from '../../../webapp/server.ts';

describe('accounts while the database is away', () => {
  it('are told with 503 and a way to try again, and pages without them stay', async () => {
    const url = 'mysql://glint:secret@127.0.0.1:1';
    const db = openDatabase(url, { connectTimeoutMs: 500 });
    const config = parseConfig({ GLINT_DATABASE_URL: url, GLINT_WEB_PORT: '0' });
    const web = await startWeb({ config, db, log: silentLog, now: () => new Date() });
    const cookie = `glint_session=${'A'.repeat(43)}`;
    try {
      const login = await fetch(`${web.url}/login/`);
      expect(login.status).to.equal(200);
      const visitor = login.headers.getSetCookie()[0].split(';')[0];
      const _csrf = /name="_csrf" value="([^"]+)"/.exec(await login.text())?.[1] ?? '';
      const answers = [
        await fetch(`${web.url}/profile/`, { headers: { cookie } }),
        await fetch(`${web.url}/login/`, {
          method: 'POST',
          headers: { cookie: visitor, origin: web.url },
          body: new URLSearchParams({ login: 'maia', password: 'secret words', _csrf }),
        }),
        await fetch(`${web.url}/api/v1/status?token=${'f'.repeat(40)}`),
      ];
      for (const answer of answers) {
        expect(answer.status).to.equal(503);
        expect(answer.headers.get('retry-after')).to.equal('5');
        const text = await answer.text();
        expect(text).to.include('database does not answer').and.not.include('secret');
      }
    } finally {
      await web.stop();
      await db.close();
    }
  });
});
