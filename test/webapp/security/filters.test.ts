import { expect } from 'chai';

import { disableAccount } from '../../../common/store/accounts/end-account.ts';
import { selectFilter } from '../../../common/store/filters.ts';
import { selectDueOutputs } from '../../../common/store/outbox.ts';
import { addFilter, addMatches } from '../../post_ingest/delivery/delivery-world.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

describe('filters and hostile people', function () {
  this.timeout(120_000);
  let site: TestSite;
  let owner: LoggedIn;
  let other: LoggedIn;

  before(async () => {
    site = await startSeededSite();
    owner = await logIn(site, 'owner');
    other = await logIn(site, 'other');
  });
  after(() => site?.stop());

  it('are explained with the rights of whoever asks: private lists stay private', async () => {
    const { insertId } = await site.db.execute(
      `INSERT INTO glint.watchlists
        (user_id, name, description, active, public, radius, sources, created_at, updated_at)
      VALUES (:userId, 'secret hosts', '', 1, 0, 5, 1, :now, :now)`,
      { userId: owner.userId, now: new Date() },
    );
    const queryId = await addFilter(site.db, owner.userId, {
      text: `SELECT objects.objectId FROM objects, watchlist:${insertId} WHERE objects.ncand > 0`,
      isPublic: true,
      outputs: {},
    });
    const why = async (headers: Record<string, string>) => {
      const address = `${site.url}/api/v1/filters/${queryId}/why?object=${ZTF_ID}`;
      const answer = await fetch(address, { headers });
      return { status: answer.status, text: await answer.text() };
    };
    const own = await why({ authorization: `Token ${owner.token}` });
    expect(own.status, own.text).to.equal(200);
    for (const headers of [{}, { authorization: `Token ${other.token}` }]) {
      const { status, text } = await why(headers as Record<string, string>);
      expect(status, text).to.equal(400);
      expect(text).to.include('that you may use').and.not.include('secret hosts');
    }
    const page = await other.get(`/filters/${queryId}/why/?object=${ZTF_ID}`);
    expect(page.status).to.equal(400);
    expect(await page.text()).to.include('that you may use');
    await site.db.execute('UPDATE glint.watchlists SET public = 1 WHERE wl_id = :id', {
      id: insertId,
    });
    expect((await why({})).status).to.equal(200);
  });

  it('run and post no more when the account is disabled', async () => {
    const gone = await logIn(site, 'gone');
    const queryId = await addFilter(site.db, gone.userId, {
      outputs: { webhook: { url: 'https://example.org/', body: 'json' } },
    });
    await addMatches(site.db, queryId, 1);
    const isDue = async () =>
      (await selectDueOutputs(site.db, new Date())).some((output) => output.queryId === queryId);
    expect(await isDue()).to.equal(true);
    await disableAccount(site.db, gone.userId, new Date());
    expect(await selectFilter(site.db, queryId)).to.include({
      state: 'paused',
      stateReason: 'The account was disabled.',
    });
    expect(await isDue()).to.equal(false);
  });

  it('make work that counts: dry runs and runs over past nights', async () => {
    const busy = await logIn(site, 'busy');
    const queryId = await addFilter(site.db, busy.userId, { outputs: {} });
    await site.db.execute(
      'INSERT INTO glint.request_counts (user_id, slot, minute, requests) VALUES (:userId, :slot, :minute, 100000)',
      countedNow(busy.userId, site.context.now()),
    );
    for (const [path, fields] of [
      ['dry-run', { nights: '1' }],
      ['backfills', { from: '2026-11-01', to: '2026-11-02' }],
    ] as const) {
      expect((await busy.post(`/filters/${queryId}/${path}/`, fields)).status, path).to.equal(429);
    }
  });
});

function countedNow(userId: number, now: Date) {
  const minute = Math.floor(now.getTime() / 60_000);
  return { userId, minute, slot: minute % 64 };
}
