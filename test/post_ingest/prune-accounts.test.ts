import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import { silentLog } from '../../common/log.ts';
import { insertLink, selectLink, useLink } from '../../common/store/accounts/account-links.ts';
import { beginLogin } from '../../common/store/accounts/attempts.ts';
import {
  insertSession,
  selectSessionAccount,
  touchSession,
} from '../../common/store/accounts/sessions.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import { pruneAccounts } from '../../post_ingest/prune-accounts.ts';
import { freshDatabase } from '../servers.ts';

const START = Date.UTC(2026, 10, 21, 10);
const onDay = (days: number) => new Date(START + days * 86_400_000);

describe('prune-accounts', () => {
  it('forgets what has ended, and keeps what is in use', async () => {
    const { db } = await freshDatabase();
    try {
      const user = { name: 'maia', email: 'maia@example.org', role: 'user' } as const;
      const userId = await insertUser(db, user, onDay(0));
      const origin = { address: '192.0.2.1', agent: 'x'.repeat(10_000) };
      const idle = await insertSession(db, userId, origin, onDay(0));
      const used = await insertSession(db, userId, origin, onDay(0));
      const email = 'maia@example.org';
      const key = await insertLink(db, { purpose: 'password', userId, email }, onDay(0));
      await beginLogin(db, { subject: 'user 1', address: '192.0.2.1' }, onDay(0));
      const config = parseConfig({});
      const run = (days: number) =>
        pruneAccounts.run(
          { db, config, log: silentLog, now: () => onDay(days) },
          new AbortController().signal,
        );

      expect(await run(0.5)).to.equal('0 sessions, 0 links and 0 counts of attempts forgotten');
      const account = await selectSessionAccount(db, used.secret, onDay(10));
      if (account === undefined) throw new Error('the session has ended');
      await touchSession(db, account, onDay(10));
      expect((await selectLink(db, 'password', key, onDay(1))).state).to.equal('expired');
      expect(await useLink(db, key, onDay(1)), 'an expired link').to.equal(false);

      expect(await run(15)).to.equal('1 sessions, 1 links and 3 counts of attempts forgotten');
      expect(await selectSessionAccount(db, idle.secret, onDay(15))).to.equal(undefined);
      expect((await selectSessionAccount(db, used.secret, onDay(15)))?.name).to.equal('maia');
      expect((await selectLink(db, 'password', key, onDay(15))).state).to.equal('unknown');
      expect(await run(90)).to.equal('1 sessions, 0 links and 0 counts of attempts forgotten');
    } finally {
      await db.close();
    }
  });
});
