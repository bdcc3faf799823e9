import { expect } from 'chai';

import { RateLimitError } from '../../../../common/errors.ts';
import {
  beginLogin,
  countMail,
  deleteOldAttempts,
} from '../../../../common/store/accounts/attempts.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';

const START = Date.UTC(2026, 10, 21, 10);
const OWNER_AT = '192.0.2.7';

describe('counts of attempts', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());
  beforeEach(() => db.execute('DELETE FROM glint.attempts'));

  const at = (seconds: number) => new Date(START + 1_000 * seconds);
  const fail = (seconds: number, subject = 'user 1', address = OWNER_AT) =>
    beginLogin(db, { subject, address }, at(seconds));
  /** Seconds that a try has to wait; 0 where it may be made. */
  const refusal = async (seconds: number, subject?: string, address?: string) => {
    try {
      await fail(seconds, subject, address);
      return 0;
    } catch (err) {
      expect(err).to.be.instanceOf(RateLimitError);
      return Number((err as RateLimitError).details.retryAfterSeconds);
    }
  };

  it('make no rows for whoever has to wait, whatever names they try', async () => {
    const [address, rows] = ['203.0.113.5', 'SELECT COUNT(*) FROM glint.attempts'];
    let tried = 0;
    while ((await refusal(0, `nobody ${tried}`, address)) === 0) tried++;
    const before = await db.arrays(rows);
    for (let i = 0; i < 20; i++) expect(await refusal(1, `other ${i}`, address)).to.be.above(0);
    expect(await db.arrays(rows)).to.deep.equal(before);
  });

  it('let five tries pass, then wait longer each time, and tell how long', async () => {
    for (let i = 0; i < 5; i++) expect(await refusal(0)).to.equal(0);
    expect(await refusal(0)).to.equal(5);
    // What was refused does not count.
    expect(await refusal(4)).to.equal(1);
    expect(await refusal(5)).to.equal(0);
    expect(await refusal(5)).to.equal(10);
    expect(await refusal(15)).to.equal(0);
    expect(await refusal(15)).to.equal(20);
  });

  it('count a hundred tries at once as a hundred', async () => {
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => fail(0)));
    expect(results.filter((result) => result.status === 'fulfilled')).to.have.length(5);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).to.be.instanceOf(RateLimitError);
    }
  });

  it('begin anew after a success, and after a day', async () => {
    for (let i = 0; i < 4; i++) await fail(0);
    await (await fail(0)).succeeded(at(0));
    for (let i = 0; i < 5; i++) expect(await refusal(1)).to.equal(0);
    expect(await refusal(1)).to.equal(5);
    for (let i = 0; i < 5; i++) expect(await refusal(90_000)).to.equal(0);
  });

  it('never keep the owner out from where the owner has logged in before', async () => {
    await (await fail(0)).succeeded(at(0));
    // A botnet tries from everywhere until the account itself is slow to answer.
    let seconds = 0;
    for (let i = 0; i < 60; i++) {
      const wait = await refusal(seconds, 'user 1', `198.51.100.${i}`);
      seconds += wait;
    }
    const elsewhere = await refusal(seconds, 'user 1', '203.0.113.1');
    const elsewhereNext = await refusal(seconds, 'user 1', '203.0.113.2');
    expect(Math.max(elsewhere, elsewhereNext)).to.be.above(0).and.at.most(300);
    expect(await refusal(seconds)).to.equal(0);
  });

  it('hold back one address that tries many accounts, though others go on', async () => {
    for (let i = 0; i < 60; i++) expect(await refusal(0, `user ${i}`)).to.equal(0);
    expect(await refusal(0, 'user 61')).to.be.above(0);
    expect(await refusal(0, 'user 61', '198.51.100.1')).to.equal(0);
  });

  it('do not let the success of one account clear an address that attacks others', async () => {
    for (let i = 0; i < 59; i++) await fail(0, `user ${i}`);
    await (await fail(0, 'mine')).succeeded(at(0));
    expect(await refusal(1, 'user 60')).to.equal(0);
    expect(await refusal(1, 'user 61')).to.be.above(0);
  });

  it('take addresses of one network of IPv6 for one', async () => {
    for (let i = 0; i < 5; i++) await fail(0, 'user 1', `2001:db8::${i + 1}`);
    expect(await refusal(0, 'user 1', '2001:db8::abcd')).to.equal(5);
  });

  it('bear any text as a name, and keep none of it', async () => {
    for (const subject of ['', '\u0000', '💫'.repeat(50_000), "'; DROP TABLE glint.users; --"]) {
      expect(await refusal(0, subject)).to.equal(0);
    }
    const keys = (await db.arrays('SELECT attempt_key FROM glint.attempts')).flat().map(String);
    for (const key of keys) expect(key).to.match(/^login-(pair|account|address):[0-9a-f]{64}$/);
  });

  it('hold back mails to one address, in any capitals, and from one', async () => {
    const mail = (email: string, address: string) =>
      countMail(db, { email, address }, at(0)).then(
        () => true,
        () => false,
      );
    for (const email of ['a@example.org', 'A@example.org', 'a@EXAMPLE.org']) {
      expect(await mail(email, OWNER_AT)).to.equal(true);
    }
    expect(await mail('a@example.org', '198.51.100.1')).to.equal(false);
    for (let i = 0; i < 37; i++) expect(await mail(`b${i}@example.org`, OWNER_AT)).to.equal(true);
    expect(await mail('c@example.org', OWNER_AT)).to.equal(false);
  });

  it('are forgotten when they hold nobody back, known addresses after 90 days', async () => {
    await fail(0, 'user 1');
    await (await fail(0, 'user 2', '198.51.100.1')).succeeded(at(0));
    expect(await deleteOldAttempts(db, at(3_600))).to.equal(0);
    // Three counts each; where somebody logged in, two of them are remembered.
    expect(await deleteOldAttempts(db, at(2 * 86_400))).to.equal(4);
    expect(await deleteOldAttempts(db, at(91 * 86_400))).to.equal(2);
  });
});
