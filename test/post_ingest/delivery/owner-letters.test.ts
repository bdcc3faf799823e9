import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectDueLetters } from '../../../common/store/owner-letters.ts';
import type { RunningDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { pauseWithReason } from '../../../post_ingest/filters/pause-filter.ts';
import { freshDatabase } from '../../servers.ts';
import { startMailServer } from '../../webapp/accounts/mail-server.ts';
import type { MailServer } from '../../webapp/accounts/mail-server.ts';
import { addFilter, addUser, deliveryContext, until } from './delivery-world.ts';

const TO = 'vera@example.org';
const DAY_MS = 86_400_000;

describe('letters to owners of filters', () => {
  let db: Database;
  let context: Context;
  let userId: number;
  let mails: MailServer;
  let running: RunningDelivery | undefined;
  let aheadMs = 0;

  before(async () => {
    let url: string;
    ({ db, url } = await freshDatabase());
    mails = await startMailServer();
    context = {
      ...(await deliveryContext(db, url, { GLINT_MAIL_URL: mails.url })),
      now: () => new Date(Date.now() + aheadMs),
    };
    userId = await addUser(db, 'vera');
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  after(async () => {
    await mails?.stop();
    await db?.close();
  });

  const pause = async (name: string) => {
    const queryId = await addFilter(db, userId, { name, outputs: {} });
    await pauseWithReason(context, { queryId, userId }, 'it failed 3 times: no table');
    return queryId;
  };
  const waiting = () => selectDueLetters(db, new Date(Date.now() + 10 * DAY_MS), 10);

  it('are sent, once, though the process that paused the filter ended at once', async () => {
    const queryId = await pause('the first');
    await pauseWithReason(context, { queryId, userId }, 'it failed again');
    running = await startDelivery(context);
    const mail = await mails.next(TO);
    expect(mail.text).to.include('“the first” was paused').and.include('it failed 3 times');
    expect(mail.text).to.include(`https://glint.example/filters/${queryId}/`);
    expect(mail.raw).to.match(/^Message-ID: <glint\.letter\.\d+@glint\.example>/im);
    await until(async () => (await waiting()).length === 0);
    expect(mails.mails).to.have.length(1);
  });

  it('wait for a mail server that is away', async () => {
    const port = Number(new URL(mails.url).port);
    await mails.stop();
    running = await startDelivery(context);
    await pause('the second');
    await until(async () => (await waiting()).some(({ tries }) => tries > 0));
    mails = await startMailServer(port);
    expect((await mails.next(TO)).text).to.include('“the second” was paused');
    await until(async () => (await waiting()).length === 0);
    expect(mails.mails).to.have.length(1);
  });

  it('are given up after some days, and not sent to accounts that are disabled', async () => {
    mails.refuse(true);
    await pause('the third');
    running = await startDelivery(context);
    await until(async () => (await waiting()).some(({ tries }) => tries > 0));
    aheadMs = 6 * DAY_MS;
    await until(async () => (await waiting()).length === 0);
    await running.stop();
    mails.refuse(false);
    await db.execute('UPDATE glint.users SET disabled_at = created_at');
    const before = mails.mails.length;
    await pause('the fourth');
    running = await startDelivery(context);
    await until(async () => (await waiting()).length === 0);
    expect(mails.mails).to.have.length(before);
  });
});
