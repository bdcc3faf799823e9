import { expect } from 'chai';

import type { NotebookActivity } from '../../../common/store/accounts/notebook-activity.ts';
import { judgeActivity } from '../../../post_ingest/notebooks/judge-activity.ts';

const CALM = {
  maxConnections: 200,
  maxPreparedStatements: 16_382,
  preparedStatements: 5,
  isTableWaitedFor: false,
};
const TIMEOUT_MS = 300_000;

function connection(rest: Partial<NotebookActivity> = {}): NotebookActivity {
  return {
    id: '1',
    userId: 17,
    isIdle: false,
    seconds: 1,
    memoryBytes: 1e5,
    transactionSeconds: -1,
    hasLocks: false,
    ...rest,
  };
}

describe('what notebooks may do', () => {
  const reasons = (activity: Partial<NotebookActivity>, pressure: Partial<typeof CALM> = {}) =>
    judgeActivity([connection(activity)], { ...CALM, ...pressure }, TIMEOUT_MS).map(
      ({ reason, isOffence }) => (isOffence ? `offence: ${reason}` : reason),
    );

  it('is to read as long as the limit, and to think between two cells as long as they like', () => {
    expect(reasons({ seconds: 300 })).to.deep.equal([]);
    expect(reasons({ seconds: 301 })).to.deep.equal(['it ran a statement for 301 s']);
    expect(reasons({ isIdle: true, seconds: 20_000 })).to.deep.equal([]);
  });

  it('is to keep a snapshot as long, as programs without autocommit do after each SELECT', () => {
    expect(reasons({ isIdle: true, seconds: 290, transactionSeconds: 300 })).to.deep.equal([]);
    expect(reasons({ isIdle: true, seconds: 3, transactionSeconds: 301 })).to.deep.equal([
      'it kept a transaction open for 301 s',
    ]);
  });

  it('is not to hold locks for longer than a moment', () => {
    expect(reasons({ hasLocks: true, transactionSeconds: 2 })).to.deep.equal([]);
    expect(reasons({ hasLocks: true, transactionSeconds: 3 })).to.deep.equal([
      'offence: it held locks for 3 s',
    ]);
  });

  it('is not to take much memory, or the last prepared statements', () => {
    expect(reasons({ memoryBytes: 6e8 })).to.deep.equal(['it used 600000000 bytes of memory']);
    expect(reasons({ isIdle: true }, { preparedStatements: 10_000 })).to.deep.equal([
      'the server runs out of prepared statements',
    ]);
  });

  it('gives way to somebody who changes a table', () => {
    expect(reasons({ isIdle: true }, { isTableWaitedFor: true })).to.have.length(1);
    expect(reasons({ seconds: 4 }, { isTableWaitedFor: true })).to.have.length(1);
    expect(reasons({ seconds: 1 }, { isTableWaitedFor: true })).to.deep.equal([]);
  });

  it('leaves three quarters of the connections to others: the longest idle go first', () => {
    const many = Array.from({ length: 53 }, (_, i) =>
      connection({ id: String(i), isIdle: i % 2 === 0, seconds: i }),
    );
    const ended = judgeActivity(many, CALM, TIMEOUT_MS).map(({ connection: { id } }) => id);
    expect(ended).to.deep.equal(['52', '50', '48']);
  });
});
