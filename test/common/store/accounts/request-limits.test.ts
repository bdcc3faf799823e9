import { expect } from 'chai';

import { RateLimitError } from '../../../../common/errors.ts';
import type { Database } from '../../../../common/store/database.ts';
import { countRequest } from '../../../../common/store/accounts/request-limits.ts';
import { freshDatabase } from '../../../servers.ts';

const START = Date.parse('2026-11-21T12:00:30Z');
const at = (minutes: number, seconds = 0) => new Date(START + (minutes * 60 + seconds) * 1000);

describe('limits of requests', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());
  beforeEach(() => db.execute('DELETE FROM glint.request_counts'));

  const isAllowed = async (userId: number, limit: number, now: Date) => {
    try {
      await countRequest(db, userId, limit, now);
      return true;
    } catch (err) {
      if (!(err instanceof RateLimitError)) throw err;
      return err.details.retryAfterSeconds;
    }
  };

  it('allows so many in any hour, and says when the next may come', async () => {
    expect(await isAllowed(7, 3, at(0))).to.equal(true);
    expect(await isAllowed(7, 3, at(20))).to.equal(true);
    expect(await isAllowed(7, 3, at(59))).to.equal(true);
    // 12:00 leaves the window at 13:00:00.
    expect(await isAllowed(7, 3, at(59, 10))).to.equal(20);
    expect(await isAllowed(7, 3, at(59, 30))).to.equal(true);
    // 12:20 leaves it at 13:20:00.
    expect(await isAllowed(7, 3, at(61))).to.equal(18 * 60 + 30);
    expect(await isAllowed(7, 3, at(79, 30))).to.equal(true);
  });

  it('counts each account by itself, and refusals not at all', async () => {
    for (let count = 0; count < 5; count++) await isAllowed(1, 2, at(0));
    expect(await isAllowed(2, 2, at(0))).to.equal(true);
    const [[requests]] = await db.arrays(
      'SELECT SUM(requests) FROM glint.request_counts WHERE user_id = 1',
    );
    expect(Number(requests)).to.equal(2);
  });

  it('never lets two at once be the last one', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => isAllowed(3, 10, at(0))));
    expect(answers.filter((answer) => answer === true)).to.have.length(10);
    expect(await isAllowed(3, 10, at(0))).to.equal(3570);
    expect(await isAllowed(3, 10, at(59, 30))).to.equal(true);
  });

  it('keeps a ring of rows, however long an account asks', async () => {
    for (let hour = 0; hour < 5; hour++) {
      for (let minute = 0; minute < 60; minute += 7) {
        expect(await isAllowed(4, 9, at(hour * 60 + minute))).to.equal(true);
      }
    }
    const [[rows]] = await db.arrays('SELECT COUNT(*) FROM glint.request_counts');
    expect(Number(rows)).to.be.at.most(64);
  });
});
