import { join } from 'node:path';

import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import type { Database } from '../../../common/store/database.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import type { RunningDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { startMailServer } from '../../webapp/accounts/mail-server.ts';
import type { MailServer } from '../../webapp/accounts/mail-server.ts';
import { ZTF_ID, seed } from '../../webapp/seed.ts';
import {
  addFilter,
  addMatches,
  addUser,
  deliveriesOf,
  deliveryContext,
  objectName,
  outputOf,
  until,
} from './delivery-world.ts';

const TO = 'vera@example.org';
const SOON = { mail: { every: 'soon' as const, gapMinutes: 30 } };
const DAILY = { mail: { every: 'day' as const, gapMinutes: 60 } };

describe('delivery by mail', function () {
  this.timeout(60_000);
  let db: Database;
  let url: string;
  let context: Context;
  let userId: number;
  let mails: MailServer;
  let running: RunningDelivery | undefined;
  let clock: Date;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
    mails = await startMailServer();
    clock = new Date('2026-11-20T10:00:00Z');
    context = {
      ...(await deliveryContext(db, url, { GLINT_MAIL_URL: mails.url })),
      now: () => clock,
    };
    userId = await addUser(db, 'vera');
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await mails?.stop();
    await db?.close();
  });

  const isAt = (queryId: number, seq: number) => async () =>
    (await outputOf(db, queryId, 'mail')).nextSeq === seq;

  it('sends what passed as one digest, then nothing until the gap has passed', async () => {
    const queryId = await addFilter(db, userId, { name: 'soon <b>', outputs: SOON });
    await addMatches(db, queryId, 3);
    running = await startDelivery(context);
    const mail = await mails.next(TO);
    for (let i = 0; i < 3; i++) {
      expect(mail.text).to.include(`https://glint.example/object/${objectName(i)}/`);
    }
    expect(mail.raw).to.match(/^Subject: soon <b>: 3 matches/m);
    expect(mail.raw).to.include('soon &lt;b&gt;').and.not.include('<b>:</a>');
    expect(mail.raw).to.match(
      /^List-Unsubscribe:\s+<https:\/\/glint\.example\/api\/v1\/filters\//im,
    );
    expect(mail.raw).to.match(/^List-Unsubscribe-Post:\s+List-Unsubscribe=One-Click/im);
    await until(isAt(queryId, 4));
    await addMatches(db, queryId, 2, (i) => ({ cause: `a${i + 100}` }));
    clock = new Date('2026-11-20T10:29:00Z');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(mails.mails).to.have.length(1);
    clock = new Date('2026-11-20T10:30:01Z');
    expect((await mails.next(TO)).raw).to.match(/^Subject: .*: 2 matches/m);
  });

  it('sends daily digests at 18:05 UTC', async () => {
    const queryId = await addFilter(db, userId, { outputs: DAILY });
    await addMatches(db, queryId, 2);
    clock = new Date('2026-11-20T18:04:00Z');
    running = await startDelivery(context);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(mails.mails).to.deep.equal([]);
    clock = new Date('2026-11-20T18:05:00Z');
    await mails.next(TO);
    await until(isAt(queryId, 3));
    await addMatches(db, queryId, 1, () => ({ cause: 'a7', matchedAt: clock }));
    clock = new Date('2026-11-21T18:04:59Z');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(mails.mails).to.have.length(1);
    clock = new Date('2026-11-21T18:05:00Z');
    await mails.next(TO);
  });

  it('sends each match once, and soon, when the clock is put back by an hour', async () => {
    const [soon, daily] = [
      await addFilter(db, userId, { name: 'soon', outputs: SOON }),
      await addFilter(db, userId, { name: 'daily', outputs: DAILY }),
    ];
    const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
    const passed = (number: number, time: string) => () => ({
      cause: `a${number}`,
      matchedAt: at(time),
    });
    const bothAt = async (seq: number) => {
      for (const queryId of [soon, daily]) await until(isAt(queryId, seq));
    };
    for (const queryId of [soon, daily]) await addMatches(db, queryId, 1, passed(1, '18:04'));
    clock = at('18:06');
    running = await startDelivery(context);
    await bothAt(2);
    // Passed just before the clock is put back, and sent after.
    for (const queryId of [soon, daily]) await addMatches(db, queryId, 1, passed(2, '18:06'));
    clock = at('17:06');
    await until(isAt(soon, 3));
    await addMatches(db, soon, 1, passed(3, '17:07'));
    clock = at('17:35');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(mails.mails).to.have.length(3);
    clock = at('17:37');
    await until(isAt(soon, 4));
    expect((await outputOf(db, daily, 'mail')).nextSeq).to.equal(2);
    clock = at('18:05');
    await until(isAt(daily, 3));
    expect(mails.mails).to.have.length(5);
    for (const queryId of [soon, daily])
      for (const { outcome } of await deliveriesOf(db, queryId, 'mail'))
        expect(outcome).to.equal('sent');
  });

  it('lists some hundred objects and counts the others', async () => {
    const queryId = await addFilter(db, userId, { outputs: SOON });
    await addMatches(db, queryId, 1_000);
    running = await startDelivery(context);
    const mail = await mails.next(TO);
    expect(mail.raw).to.match(/^Subject: .*1000 matches/m);
    expect(mail.text).to.include('800 more are on its page');
    await until(isAt(queryId, 1_001));
    expect(await deliveriesOf(db, queryId, 'mail')).to.have.length(1_000);
  });

  it('has pictures of light curves in it', async () => {
    await seed(db, join(testFolder(), 'mail-cutouts'));
    const queryId = await addFilter(db, userId, { outputs: SOON });
    await addMatches(db, queryId, 1, () => ({ objectId: ZTF_ID, record: { objectId: ZTF_ID } }));
    running = await startDelivery(context);
    const mail = await mails.next(TO);
    expect(mail.raw).to.include(`cid:${ZTF_ID}.png`);
    const attached = new RegExp(
      `filename="?${ZTF_ID}\\.png[^]*?\\r\\n\\r\\n([A-Za-z0-9+/=\\r\\n]+)`,
    );
    const png = Buffer.from(attached.exec(mail.raw)?.[1] ?? '', 'base64');
    expect(png.subarray(1, 4).toString()).to.equal('PNG');
  });

  it('waits for a mail server that is away, and sends each digest once', async () => {
    const port = Number(new URL(mails.url).port);
    await mails.stop();
    const queryId = await addFilter(db, userId, { outputs: SOON });
    await addMatches(db, queryId, 2);
    running = await startDelivery(context);
    await until(async () => (await outputOf(db, queryId, 'mail')).problem !== '');
    expect(await outputOf(db, queryId, 'mail')).to.include({ failures: 0, nextSeq: 1, active: 1 });
    mails = await startMailServer(port);
    await mails.next(TO);
    await until(isAt(queryId, 3));
    expect(mails.mails).to.have.length(1);
  });

  it('without a mail server says so, and does not keep the matches waiting', async () => {
    await running?.stop();
    const config = { ...context.config, mailUrl: undefined };
    const queryId = await addFilter(db, userId, { outputs: SOON });
    await addMatches(db, queryId, 1);
    running = await startDelivery({ ...context, config });
    await until(isAt(queryId, 2));
    const [delivery] = await deliveriesOf(db, queryId, 'mail');
    expect(delivery).to.include({ outcome: 'dropped' });
    expect(delivery.place).to.include('no mail server');
  });
});
