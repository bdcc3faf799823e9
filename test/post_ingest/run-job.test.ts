import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { silentLog } from '../../common/log.ts';
import type { Database } from '../../common/store/database.ts';
import { openDatabase } from '../../common/store/database.ts';
import type { Job } from '../../post_ingest/job.ts';
import { pruneHistory } from '../../post_ingest/prune.ts';
import { runJob } from '../../post_ingest/run-job.ts';
import { freshDatabase } from '../servers.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

describe('runJob', () => {
  let here: Context;
  let there: Context;
  let db: Database;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    const context = { config: parseConfig({}), log: silentLog, now: () => NOW };
    here = { ...context, db };
    there = { ...context, db: openDatabase(fresh.url, { poolSize: 2 }) };
  });
  after(async () => {
    await there.db.close();
    await db.close();
  });
  beforeEach(() => db.execute('DELETE FROM glint.job_runs'));

  const job = (run: Job['run']): Job => ({
    name: 'count-stars',
    schedule: '* * * * *',
    description: 'for this test',
    run,
  });
  const history = () => db.arrays('SELECT job, outcome, succeeded FROM glint.job_runs');

  it('keeps a second process out while it runs', async () => {
    let runs = 0;
    const slow = job(async () => {
      runs++;
      const second = await runJob(there, slow);
      return second.state;
    });
    expect(await runJob(here, slow)).to.deep.equal({ state: 'done', outcome: 'elsewhere' });
    expect(runs).to.equal(1);
    expect(await history()).to.deep.equal([['count-stars', 'elsewhere', 1]]);
  });

  it('runs a scheduled time once, though the first process is done when the second comes', async () => {
    const quick = job(() => Promise.resolve('7 stars'));
    const due = new Date(NOW.getTime() - 20);
    expect((await runJob(here, quick, due)).state).to.equal('done');
    expect((await runJob(there, quick, due)).state).to.equal('elsewhere');
    const nextDue = new Date(NOW.getTime() + 60_000);
    expect((await runJob(there, quick, nextDue)).state).to.equal('done');
  });

  it('keeps a failure in the history and frees the lock', async () => {
    const broken = job(() => Promise.reject(new Error('clouds')));
    expect((await runJob(here, broken)).state).to.equal('failed');
    expect(await history()).to.deep.equal([['count-stars', 'clouds', 0]]);
    expect(
      (
        await runJob(
          there,
          job(() => Promise.resolve('fine')),
        )
      ).state,
    ).to.equal('done');
  });

  it('forgets the history of more than 30 days ago, and only that', async () => {
    const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
    for (const days of [29, 31, 400]) {
      await db.execute(
        "INSERT INTO glint.job_runs (job, process, started_at) VALUES ('old', 'host:1', :at)",
        { at: daysAgo(days) },
      );
    }
    await runJob(here, pruneHistory);
    const left = await db.arrays("SELECT started_at FROM glint.job_runs WHERE job = 'old'");
    expect(left).to.deep.equal([[daysAgo(29)]]);
  });
});
