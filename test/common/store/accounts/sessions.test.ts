import { expect } from 'chai';

import type { Database } from '../../../../common/store/database.ts';
import {
  insertSession,
  selectSessionAccount,
  selectSessions,
} from '../../../../common/store/accounts/sessions.ts';
import { insertUser } from '../../../../common/store/accounts/users.ts';
import { freshDatabase } from '../../../servers.ts';

describe('sessions', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());

  it('are fifty of an account at most: the one used longest ago ends', async () => {
    const start = Date.UTC(2026, 10, 21);
    const at = (seconds: number) => new Date(start + 1_000 * seconds);
    const insert = (name: string) =>
      db.transaction((tx) =>
        insertUser(tx, { name, email: `${name}@example.org`, role: 'user' }, at(0)),
      );
    const [vera, maia] = [await insert('vera'), await insert('maia')];
    const origin = { address: '192.0.2.1', agent: 'test' };
    const other = await insertSession(db, maia, origin, at(0));
    const secrets: string[] = [];
    for (let i = 0; i < 60; i++)
      secrets.push((await insertSession(db, vera, origin, at(i))).secret);
    expect(await selectSessions(db, vera, at(60))).to.have.length(50);
    const opens = async (secret: string) =>
      (await selectSessionAccount(db, secret, at(60))) !== undefined;
    expect(await opens(secrets[9])).to.equal(false);
    expect(await opens(secrets[10])).to.equal(true);
    expect(await opens(secrets[59])).to.equal(true);
    expect(await opens(other.secret)).to.equal(true);
  });

  it('begin many at once', async () => {
    const [userId] = (await db.arrays("SELECT user_id FROM glint.users WHERE name = 'vera'"))[0];
    const now = new Date(Date.UTC(2026, 10, 22));
    const origin = { address: '192.0.2.1', agent: 'test' };
    await Promise.all(
      Array.from({ length: 80 }, () => insertSession(db, Number(userId), origin, now)),
    );
    expect(await selectSessions(db, Number(userId), now)).to.have.length(50);
  });
});
