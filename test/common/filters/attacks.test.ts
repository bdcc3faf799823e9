import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { BrokerError } from '../../../common/errors.ts';
import { evaluateFilter } from '../../../common/filters/evaluate.ts';
import { openContent } from '../../../common/filters/open-filter.ts';
import { silentLog } from '../../../common/log.ts';
import type { QueryServices } from '../../../common/queries/query-request.ts';
import { QueryError } from '../../../common/sql/query-error.ts';
import type { FilterQuery } from '../../../common/sql/filter/filter-query.ts';
import type { Database } from '../../../common/store/database.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../common/store/sandbox/sandbox.ts';
import { freshDatabase } from '../../servers.ts';
import { readAttacks } from '../sql/read-attacks.ts';
import type { Attack } from '../sql/read-attacks.ts';
import { fillObjectsAndLists, IDS, OWNER, STRANGER } from './fill.ts';

const TIMEOUT_MS = 500;

describe('attacks by filters', () => {
  let db: Database;
  let sandbox: Sandbox;
  let services: QueryServices;

  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await fillObjectsAndLists(db);
    const config = parseConfig({ GLINT_DATABASE_URL: fresh.url });
    sandbox = openSandbox({ config, db, log: silentLog, now: () => new Date() });
    services = { db, sandbox, now: () => new Date() };
  });
  after(async () => {
    await sandbox?.close();
    await db?.close();
  });

  const open = ({ source }: Pick<Attack, 'source'>, userId = STRANGER) =>
    openContent(services, { survey: 'ztf', source, fields: [] }, userId);
  const run = { timeoutMs: TIMEOUT_MS, holder: 'filter:2' };
  /** What a filter gives, of the batch and in its explanation. */
  async function allOf(filter: FilterQuery): Promise<string> {
    const rows = await evaluateFilter(services, filter, IDS, run);
    const explanation = filter.explain(IDS[1], new Date());
    const told = [];
    for await (const group of await sandbox.run(explanation.query, run)) {
      told.push(...group.flatMap((row) => explanation.read(row)));
    }
    // Not the text of the conditions: it is their own.
    return JSON.stringify([rows, told.map(({ held, values }) => [held, values])]);
  }

  it('get nothing that is private, whichever is tried', async () => {
    let accepted = 0;
    for (const attack of readAttacks()) {
      const filter = await open(attack).catch((err: unknown) => err);
      if (filter instanceof Error) {
        expect(filter, attack.name).to.be.instanceOf(QueryError);
        continue;
      }
      expect(attack.expected, attack.name).not.to.equal('refused');
      accepted += 1;
      const outcome = await allOf(filter as FilterQuery).catch((err: unknown) => err);
      if (outcome instanceof Error) {
        if (attack.expected === 'blind') throw outcome;
        expect(outcome, `${attack.name}: ${outcome.stack}`).to.be.instanceOf(BrokerError);
        if (!attack.text.includes('SECRET')) {
          expect(outcome.message, attack.name).not.to.include('SECRET');
        }
      } else expect(outcome, attack.name).not.to.include('SECRET');
    }
    expect(accepted).to.be.at.least(10);
  });

  it('would show what is private to its owner, so that its absence above means something', async () => {
    const text = 'SELECT o.objectId, w.name FROM objects o JOIN watchlist_hits w USING (objectId)';
    const source = { kind: 'statement', text } as const;
    expect(await allOf(await open({ source }, OWNER))).to.include('SECRET');
    expect(await allOf(await open({ source }))).not.to.include('SECRET');
  });

  it('learn nothing of hidden rows by what fails on them', async () => {
    // Were the condition tried on the row that is hidden, it would fail there.
    const text =
      'SELECT o.objectId FROM objects o JOIN annotations a ON a.objectId = o.objectId WHERE EXP(LENGTH(a.explanation) * 1000) > 0';
    const filter = await open({ source: { kind: 'statement', text } });
    expect(await evaluateFilter(services, filter, IDS, run)).to.have.length(1);
  });
});
