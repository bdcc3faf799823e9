import { expect } from 'chai';

import type { Database } from '../../../common/store/database.ts';
import {
  deleteProcess,
  deleteStaleProcesses,
  processName,
  selectAliveProcesses,
  upsertProcess,
} from '../../../common/store/processes.ts';
import { freshDatabase } from '../../servers.ts';

describe('heartbeats', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());

  const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second));
  const beat = (process: string, second: number, state: object = {}) =>
    upsertProcess(db, { process, kind: 'ingest', startedAt: at(0), seenAt: at(second), state });

  it('names a process by host and number', () => {
    expect(processName()).to.match(/^[\x21-\x7e]{1,56}:\d+$/);
  });

  it('shows those heard of lately, with what they last said', async () => {
    await beat('a:1', 0, { rate: 1 });
    await beat('b:2', 1);
    await beat('a:1', 30, { rate: 2 });
    const alive = await selectAliveProcesses(db, at(31));
    expect(alive).to.deep.equal([
      { process: 'a:1', kind: 'ingest', startedAt: at(0), seenAt: at(30), state: { rate: 2 } },
    ]);
  });

  it('forgets the silent and the ended', async () => {
    expect(await deleteStaleProcesses(db, at(10))).to.equal(1);
    await deleteProcess(db, 'a:1');
    expect(await selectAliveProcesses(db, at(31))).to.deep.equal([]);
  });
});
