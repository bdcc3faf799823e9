import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import type { OutputSettings } from '../../common/filters/filter.ts';
import { deleteAccount, disableAccount } from '../../common/store/accounts/end-account.ts';
import { selectFilter } from '../../common/store/filters.ts';
import { insertUser } from '../../common/store/accounts/users.ts';
import { createWatchlist, deleteWatchlist } from '../../common/store/lists/watchlist-edits.ts';
import { startDelivery } from '../../post_ingest/delivery/start-delivery.ts';
import { insertRows } from '../common/store/insert-rows.ts';
import { outputOf } from '../post_ingest/delivery/delivery-world.ts';
import { startWebhookReceiver } from '../post_ingest/delivery/webhook-receiver.ts';
import type { WebhookReceiver } from '../post_ingest/delivery/webhook-receiver.ts';
import { objectId, openFilterStand } from '../post_ingest/filters/stand.ts';
import type { FilterStand } from '../post_ingest/filters/stand.ts';
import { startMailServer } from '../webapp/accounts/mail-server.ts';
import type { MailServer } from '../webapp/accounts/mail-server.ts';
import { switchOn } from './sky-filters.ts';

const GOOD = 190;
/** Of those so many have a webhook. */
const WITH_WEBHOOK = 40;
const OBJECTS = 400;
const [BATCHES, ALERTS] = [4, 15];
/** No good statement takes as long on any machine; the slow ones take minutes. */
const LIMITS = {
  pollMs: 10,
  softMs: 2_500,
  timeoutMs: 2_600,
  retryPausesMs: [20, 40],
  roundAlerts: ALERTS,
  shareAlerts: BATCHES * ALERTS,
  maxShare: 0.9,
};
const TRIPLES = 'SELECT COUNT(*) FROM objects a, objects b, objects c WHERE';
const BROKEN = {
  'slow condition': `SELECT o.objectId FROM objects o
    WHERE (${TRIPLES} a.ramean + b.ramean + c.decmean > o.decmean) > 1`,
  'slow column': `SELECT o.objectId, (${TRIPLES} a.gmag * b.gmag - c.gmag > o.decmean) AS n FROM objects o`,
  'too many rows': 'SELECT o.objectId, a.objectId AS other FROM objects o, objects a',
  'wide rows': 'SELECT objects.* FROM objects WHERE gmag < 18',
  'division by zero': 'SELECT objectId, gmag / (ncand - ncand) AS x FROM objects WHERE gmag < 18',
  'dropped column': 'SELECT objectId FROM objects WHERE gmag < 18',
  'passes everything': 'SELECT objectId FROM objects',
  'silent receiver': 'SELECT objectId FROM objects WHERE gmag < 18',
  'failing receiver': 'SELECT objectId FROM objects WHERE gmag < 18',
  'refused mail': 'SELECT objectId FROM objects WHERE gmag < 18',
};
type Broken = keyof typeof BROKEN;

describe('two hundred filters, some of them broken', function () {
  this.timeout(240_000);
  let stand: FilterStand;
  let receiver: WebhookReceiver;
  let silent: WebhookReceiver;
  let failing: WebhookReceiver;
  let mails: MailServer;
  let owner: number;
  const good: number[] = [];
  const broken = {} as Record<Broken | 'deleted watchlist' | 'disabled owner', number>;
  let alone: Outcome;
  let together: Outcome;

  before(async () => {
    stand = await openFilterStand();
    [receiver, silent, failing] = await Promise.all([1, 2, 3].map(() => startWebhookReceiver()));
    silent.answer(0);
    failing.answer(500);
    mails = await startMailServer();
    mails.refuse(true);
    await laySky(stand);
    for (let i = 0; i < GOOD; i++) {
      const outputs = i < WITH_WEBHOOK ? hook(receiver) : {};
      good.push(await switchOn(stand.db, 1, { name: `good ${i}`, text: goodText(i) }, outputs));
    }
    alone = await runNight();
    owner = await addUser('ben');
    await layBroken();
    together = await runNight();
  });
  after(async () => {
    await Promise.all([receiver, silent, failing, mails].map((server) => server?.stop()));
    await stand?.close();
  });

  interface Outcome {
    /** `filter object cause record` of the good ones. */
    matches: string[];
    /** What the good receiver got: number and body, in order by filter. */
    received: string[];
  }

  const addUser = (name: string) =>
    insertUser(stand.db, { name, email: `${name}@example.org`, role: 'user' }, new Date());
  const hook = ({ url }: WebhookReceiver): Partial<OutputSettings> => ({
    webhook: { url, body: 'json' },
  });

  async function layBroken(): Promise<void> {
    const { db } = stand;
    const outputs: Partial<Record<Broken, Partial<OutputSettings>>> = {
      'silent receiver': hook(silent),
      'failing receiver': hook(failing),
      'refused mail': { mail: { every: 'soon', gapMinutes: 1 } },
    };
    for (const [name, text] of Object.entries(BROKEN) as [Broken, string][])
      broken[name] = await switchOn(db, owner, { name, text }, outputs[name] ?? {});
    await db.execute(
      `UPDATE glint.query_versions
       SET source = JSON_SET(source, '$.text', 'SELECT objectId, no_longer FROM objects') WHERE mq_id = :id`,
      { id: broken['dropped column'] },
    );
    const editor = { userId: owner, now: new Date() };
    const list = await createWatchlist(db, editor, { name: 'short-lived' }, [
      { name: 'x', ra: 1, decl: 1, radiusArcsec: null },
    ]);
    const name = 'deleted watchlist';
    const text = `SELECT objectId FROM objects WHERE in_watchlist(${list})`;
    broken[name] = await switchOn(db, owner, { name, text }, {});
    await deleteWatchlist(db, editor, list);
    const seed = { name: 'of somebody', text: BROKEN['silent receiver'] };
    const disabled = await addUser('dora');
    broken['disabled owner'] = await switchOn(db, disabled, seed, hook(receiver));
    await disableAccount(db, disabled, new Date());
    const gone = await addUser('gus');
    await switchOn(db, gone, seed, hook(receiver));
    await deleteAccount(db, gone, new Date());
  }

  /** The same alerts through filters and deliverer, as if none had come before. */
  async function runNight(): Promise<Outcome> {
    const { db, context } = stand;
    for (const table of ['filter_batches', 'matches', 'deliveries', 'filter_nights'])
      await db.execute(`DELETE FROM glint.${table}`);
    await db.execute('UPDATE glint.filters SET next_seq = 1');
    await db.execute('UPDATE glint.filter_outputs SET next_seq = 1');
    receiver.calls.length = 0;
    for (let batch = 0; batch < BATCHES; batch++)
      await stand.alerts(
        Array.from(
          { length: ALERTS },
          (_, i) => [objectId(10 * i + batch), 1_000 * batch + i + 1] as const,
        ),
      );
    const config = {
      ...context.config,
      ...parseConfig({
        GLINT_DATABASE_URL: stand.url,
        GLINT_WEBHOOK_PRIVATE: 'true',
        GLINT_MAIL_URL: mails.url,
        GLINT_WEB_URL: 'https://glint.example',
      }),
    };
    const delivery = await startDelivery({ ...context, config });
    const filters = stand.start({ limits: LIMITS });
    const left = async () => {
      const [[count]] = await db.arrays(
        `SELECT (SELECT COUNT(*) FROM glint.filter_batches WHERE done_at IS NULL)
           + (SELECT COUNT(*) FROM glint.filter_retries)
           + (SELECT COUNT(*) FROM glint.filter_outputs o JOIN glint.filters f ON f.mq_id = o.mq_id
              WHERE o.next_seq < f.next_seq AND o.failures = 0)`,
      );
      return Number(count);
    };
    while ((await left()) > 0) await sleep(50);
    await filters.stop();
    await delivery.stop();
    const rows = await db.arrays(
      'SELECT mq_id, object_id, cause, record FROM glint.matches WHERE mq_id IN (:good) ORDER BY mq_id, seq',
      { good },
    );
    return {
      matches: rows.map((row) => row.map(String).join(' ')),
      received: receiver.calls
        .map(({ headers }) => String(headers['glint-id']))
        .sort((a, b) => parseInt(a) - parseInt(b)),
    };
  }

  it('tell and deliver of the others exactly what they do alone', () => {
    expect(alone.matches.length).to.be.greaterThan(GOOD);
    expect(alone.received.length).to.be.greaterThan(WITH_WEBHOOK);
    expect(together.matches, 'matches').to.deep.equal(alone.matches);
    expect(together.received, 'received').to.deep.equal(alone.received);
  });

  it('have nothing of the others run again, paused or failed', async () => {
    const troubled = await stand.db.arrays(
      `SELECT f.mq_id, f.state, f.state_reason, n.failures, o.failures FROM glint.filters f
       LEFT JOIN glint.filter_nights n ON n.mq_id = f.mq_id
       LEFT JOIN glint.filter_outputs o ON o.mq_id = f.mq_id
       WHERE f.mq_id IN (:good) AND (f.state <> 'on' OR n.failures > 0 OR o.failures > 0)`,
      { good },
    );
    expect(troubled).to.deep.equal([]);
  });

  it('are paused where they are broken, each with a reason and one mail to its owner', async () => {
    const reasons: [keyof typeof broken, RegExp][] = [
      ['slow condition', /^it failed 3 times: .*2\.6 s/],
      ['slow column', /^it failed 3 times: .*2\.6 s/],
      ['too many rows', /^it can no longer be run: the filter gives more than \d+ rows/],
      ['dropped column', /^it can no longer be run: .*no_longer/],
      ['deleted watchlist', /^it can no longer be run: .*watchlist/],
      ['passes everything', /^it passed 100% of the last 60 alerts/],
    ];
    for (const [name, reason] of reasons) {
      const { state, stateReason } = await selectFilter(stand.db, broken[name]);
      expect([state, stateReason.match(reason)?.length ?? stateReason], name).to.deep.equal([
        'paused',
        1,
      ]);
    }
    // The mail server refuses all: what was tried waits for its next time.
    const letters = await stand.db.arrays(
      'SELECT u.email, l.subject FROM glint.owner_letters AS l JOIN glint.users AS u ON u.user_id = l.user_id',
    );
    expect(letters.map((letter) => letter.join(' '))).to.have.members(
      reasons.map(([name]) => `ben@example.org Your filter ${name} is paused`),
    );
  });

  it('go on where nothing is wrong with them but their values or receivers', async () => {
    const names = ['wide rows', 'division by zero', 'silent receiver', 'failing receiver'] as const;
    const told = async (name: keyof typeof broken) =>
      (await stand.matches(broken[name])).map((line) => line.replace(/^\d+ /, ''));
    const bright = await told('refused mail');
    expect(bright.length).to.be.greaterThan(10);
    for (const name of names) {
      expect(await told(name), name).to.deep.equal(bright);
      expect((await selectFilter(stand.db, broken[name])).state, name).to.equal('on');
    }
    const [[x]] = await stand.db.arrays(
      "SELECT DISTINCT JSON_VALUE(record, '$.x') FROM glint.matches WHERE mq_id = :id",
      { id: broken['division by zero'] },
    );
    expect(x).to.equal(null);
    for (const [name, channel] of [
      ['silent receiver', 'webhook'],
      ['failing receiver', 'webhook'],
      ['refused mail', 'mail'],
    ] as const) {
      const { nextSeq, failures, problem } = await outputOf(stand.db, broken[name], channel);
      expect({ nextSeq, hasFailed: failures > 0 }, `${name}: ${problem}`).to.deep.equal({
        nextSeq: 1,
        hasFailed: true,
      });
    }
  });

  it('tell nothing for owners whose account was disabled or deleted, of whom nothing is left', async () => {
    expect(await stand.matches(broken['disabled owner'])).to.deep.equal([]);
    expect((await selectFilter(stand.db, broken['disabled owner'])).state).to.not.equal('on');
    for (const table of [
      'filters',
      'filter_outputs',
      'filter_memory',
      'matches',
      'query_versions',
    ]) {
      const orphans = await stand.db.arrays(
        `SELECT mq_id FROM glint.${table} WHERE mq_id NOT IN (SELECT mq_id FROM glint.queries)`,
      );
      expect(orphans, table).to.deep.equal([]);
    }
  });
});

/** Objects, what catalogues say of some, and a watchlist with some. */
async function laySky(stand: FilterStand): Promise<void> {
  const { db } = stand;
  await stand.objects(
    Array.from({ length: OBJECTS }, (_, i) => ({
      objectId: objectId(i),
      gmag: 15 + (i % 50) / 10,
      ncand: 1 + (i % 7),
    })),
  );
  const some = Array.from({ length: OBJECTS / 2 }, (_, i) => objectId(2 * i));
  await insertRows(
    db,
    'ztf',
    'sherlock_classifications',
    some.map((id, i) => ({ objectId: id, classification: i % 3 === 0 ? 'SN' : 'VS' })),
  );
  await insertRows(db, 'glint', 'watchlists', [
    { wl_id: 9, user_id: 1, name: 'mine', active: 1, public: 0, radius: 5 },
  ]);
  await insertRows(
    db,
    'ztf',
    'watchlist_hits',
    some.map((id, i) => ({ wl_id: 9, objectId: id, cone_id: i, arcsec: 1, name: `s${i}` })),
  );
}

function goodText(i: number): string {
  const mag = 16 + i / 100;
  return [
    `SELECT objectId, gmag FROM objects WHERE gmag < ${mag}`,
    `SELECT o.objectId, s.classification FROM objects o
     JOIN sherlock_classifications s ON s.objectId = o.objectId
     WHERE s.classification = 'SN' AND o.gmag < ${mag + 1}`,
    `SELECT objectId, ncand FROM objects WHERE in_watchlist(9) AND gmag < ${mag}`,
    `SELECT objectId FROM objects
     WHERE ncand = ${1 + (i % 7)} AND light_curve(COUNT(*) WHERE mag < ${mag}) = 0`,
  ][i % 4];
}
