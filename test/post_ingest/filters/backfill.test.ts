import { expect } from 'chai';

import type { FilterMemory } from '../../../common/filters/filter.ts';
import { endBackfill, insertBackfill, selectBackfill } from '../../../common/store/backfills.ts';
import { selectFilterNights, selectMatchPage } from '../../../common/store/filter-report.ts';
import { makeFilter, saveFilter, switchFilter } from '../../../common/store/filters.ts';
import { selectDueLetters } from '../../../common/store/owner-letters.ts';
import { selectPastAlerts } from '../../../common/store/past-alerts.ts';
import { insertQuery } from '../../../common/store/save-query.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../common/store/sandbox/sandbox.ts';
import { expire } from '../../../post_ingest/filters/expire.ts';
import { runBackfills } from '../../../post_ingest/filters/backfill.ts';
import { logIn } from '../../webapp/log-in.ts';
import type { LoggedIn } from '../../webapp/log-in.ts';
import { ZTF_COUNTS, ZTF_ID } from '../../webapp/seed.ts';
import { startSeededSite } from '../../webapp/site.ts';
import type { TestSite } from '../../webapp/site.ts';

/** The seeded object has an alert of its own for three detections in four. */
const ALERTS = Array.from({ length: ZTF_COUNTS.detections }, (_, i) => i % 4 !== 3).filter(
  Boolean,
).length;
/** Wide enough for all of them. */
const NIGHTS = { first: 3550, last: 3611 };
const DAY_MS = 86_400_000;

describe('runs over past nights', function () {
  this.timeout(120_000);
  let site: TestSite;
  let kay: LoggedIn;
  let sandbox: Sandbox;
  const { signal } = new AbortController();

  before(async () => {
    site = await startSeededSite();
    kay = await logIn(site, 'kay');
    sandbox = openSandbox(site.context);
  });
  after(async () => {
    await sandbox?.close();
    await site?.stop();
  });

  const filterOf = async (text: string, memory: FilterMemory = { kind: 'every' }) => {
    const { db, now } = site.context;
    return db.transaction(async (tx) => {
      const source = { kind: 'statement' as const, text };
      const content = { name: `n${Math.random()}`, description: '', survey: 'ztf' as const };
      const queryId = await insertQuery(tx, kay.userId, { ...content, source, fields: [] }, now());
      await makeFilter(tx, { queryId, userId: kay.userId, survey: 'ztf', version: 1 }, now());
      const triggers = { onAlerts: true, onAnnotations: false };
      await saveFilter(tx, queryId, { triggers, waitMinutes: 0, memory, outputs: {} }, now());
      const expiresAt = new Date(now().getTime() + 10 * DAY_MS);
      await switchFilter(tx, queryId, 'on', { expiresAt, now: now() });
      return queryId;
    });
  };
  const ask = (queryId: number, nights = NIGHTS) =>
    site.db.transaction((tx) => insertBackfill(tx, queryId, nights, site.context.now()));
  const run = () => runBackfills({ ...site.context, sandbox }, signal);
  const matchesOf = async (queryId: number) =>
    (await selectMatchPage(site.db, queryId, { limit: 100 })).reverse();

  it('tells of each alert once, in the order of observation, marked as of the past', async () => {
    const queryId = await filterOf('SELECT objectId, ncand FROM objects WHERE ncand > 3');
    const backfillId = await ask(queryId);
    await run();
    const matches = await matchesOf(queryId);
    expect(matches).to.have.length(ALERTS);
    expect(matches.map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: ALERTS }, (_, i) => BigInt(i + 1)),
    );
    const times = matches.map(({ observedAt }) => observedAt?.getTime() ?? 0);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    for (const match of matches) {
      expect(match.kind).to.equal('backfill');
      expect(match.cause).to.equal(`a${match.alertId}`);
      expect(match.record).to.deep.equal({ objectId: ZTF_ID, ncand: ZTF_COUNTS.detections });
    }
    const done = await selectBackfill(site.db, queryId, backfillId);
    expect(done).to.include({ state: 'done', passed: ALERTS });

    await ask(queryId);
    await run();
    expect(await matchesOf(queryId), 'a second time nothing is new').to.have.length(ALERTS);
  });

  it('is counted with the nights of the alerts, apart from what came on the stream', async () => {
    const queryId = await filterOf('SELECT objectId FROM objects WHERE ncand > 3');
    await ask(queryId);
    await run();
    const nights = await selectFilterNights(site.db, queryId, NIGHTS.first);
    const alerts = await selectPastAlerts(site.db, 'ztf', [ZTF_ID], NIGHTS);
    expect(Object.fromEntries(nights.map(({ nid, past }) => [nid, past]))).to.deep.equal(
      alerts.reduce<Record<number, number>>(
        (counts, { nid }) => ({ ...counts, [nid]: (counts[nid] ?? 0) + 1 }),
        {},
      ),
    );
    expect(nights.every(({ passed, runs }) => passed + runs === 0)).to.equal(true);
    const page = await (await kay.get(`/filters/${queryId}/`)).text();
    expect(page).to.include('class="is-past"').and.include('found later by runs over past nights');
  });

  it('ends with an edit, of which the form warns, and is asked for again with a button', async () => {
    const text = 'SELECT objectId FROM objects WHERE ncand > 3';
    const queryId = await filterOf(text);
    const form = async () => (await kay.get(`/queries/${queryId}/edit/`)).text();
    expect(await form()).not.to.include('waits or goes on');
    await ask(queryId);
    expect(await form()).to.include('A run over past nights waits or goes on: saving ends it.');
    const edit = { name: 'edited', description: '', survey: 'ztf', sql: `${text} AND ncand > 4` };
    const answer = await kay.post(`/queries/${queryId}/edit/`, {
      ...edit,
      version: '1',
      memory: 'keep',
    });
    expect(answer.status, await answer.text()).to.equal(303);
    const page = await (await kay.get(`/filters/${queryId}/`)).text();
    expect(page).to.include('The query was edited meanwhile').and.include('Run it again');
    const [, from, to] =
      /name="from" value="([\d-]+)"><input type="hidden" name="to" value="([\d-]+)"/.exec(page) ??
      [];
    const again = await kay.post(`/filters/${queryId}/backfills/`, { from, to });
    expect(again.status).to.equal(303);
    await run();
    const matches = await matchesOf(queryId);
    expect(matches).to.have.length(ALERTS);
    expect(matches.every(({ version }) => version === 2)).to.equal(true);
    const after = await (await kay.get(`/filters/${queryId}/`)).text();
    expect(after).not.to.include('has ended before its time');
  });

  it('goes by the moment of each night and by the memory', async () => {
    const fresh = await filterOf(
      'SELECT objectId FROM objects WHERE jdnow() - jdmax < 1 AND ncand > 3',
    );
    const once = await filterOf('SELECT objectId FROM objects WHERE ncand > 3', { kind: 'once' });
    const weekly = await filterOf('SELECT objectId FROM objects WHERE ncand > 3', {
      kind: 'days',
      days: 7,
    });
    for (const queryId of [fresh, once, weekly]) await ask(queryId);
    await run();
    expect(await matchesOf(fresh)).to.have.length(ALERTS);
    expect(await matchesOf(once)).to.have.length(1);
    const told = (await matchesOf(weekly)).map(({ observedAt }) => observedAt?.getTime() ?? 0);
    expect(told.length).to.be.greaterThan(3);
    for (let i = 1; i < told.length; i++) expect(told[i] - told[i - 1]).to.be.at.least(7 * DAY_MS);
  });

  it('keeps to its nights, and tells nothing once it was ended or the filter is off', async () => {
    const queryId = await filterOf('SELECT objectId FROM objects WHERE ncand > 3');
    await ask(queryId, { first: 3300, last: 3310 });
    await run();
    expect(await matchesOf(queryId)).to.have.length(0);

    const ended = await ask(queryId);
    await endBackfill(site.db, ended, { state: 'ended', now: site.context.now() });
    await run();
    expect(await matchesOf(queryId)).to.have.length(0);

    const cut = await ask(queryId);
    await site.db.transaction((tx) =>
      switchFilter(tx, queryId, 'off', { expiresAt: null, now: site.context.now() }),
    );
    await run();
    expect(await matchesOf(queryId)).to.have.length(0);
    expect((await selectBackfill(site.db, queryId, cut)).state).to.equal('ended');
  });

  it('fails with the reason where the query can no longer run', async () => {
    const queryId = await filterOf('SELECT objectId FROM objects WHERE ncand > 3');
    const backfillId = await ask(queryId);
    await site.db.execute(
      `UPDATE glint.query_versions SET source = '{"kind":"statement","text":"SELECT objectId FROM objects WHERE gone > 3"}' WHERE mq_id = :queryId`,
      { queryId },
    );
    await run();
    const failed = await selectBackfill(site.db, queryId, backfillId);
    expect(failed.state).to.equal('failed');
    expect(failed.problem).to.include('gone');
  });

  it('warns of the end of a filter once, and switches it off', async () => {
    const { context } = site;
    const queryId = await filterOf('SELECT objectId FROM objects WHERE ncand > 3');
    await site.db.execute('UPDATE glint.filters SET expires_at = NULL WHERE mq_id <> :queryId', {
      queryId,
    });
    const on = (days: number) => {
      const now = () => new Date(context.now().getTime() + days * DAY_MS);
      return expire({ ...context, now });
    };
    expect(await on(0)).to.deep.equal({ ended: 0, warned: 1 });
    expect(await on(1)).to.deep.equal({ ended: 0, warned: 0 });
    expect(await on(4)).to.deep.equal({ ended: 0, warned: 1 });
    expect(await on(5)).to.deep.equal({ ended: 0, warned: 0 });
    expect(await on(10)).to.deep.equal({ ended: 1, warned: 0 });
    const later = new Date(context.now().getTime() + 11 * DAY_MS);
    const letters = await selectDueLetters(site.db, later, 10);
    expect(letters.map(({ subject }) => subject.replace(/^.*? (ends|is) /, '$1 '))).to.deep.equal([
      'ends in 10 days',
      'ends in 6 days',
      'is switched off',
    ]);
  });
});
