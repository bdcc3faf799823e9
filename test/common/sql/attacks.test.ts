import { existsSync } from 'node:fs';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { BrokerError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { runQuery } from '../../../common/queries/run-query.ts';
import type { QueryAnswer, QueryServices } from '../../../common/queries/query-request.ts';
import type { QuerySource, Reader } from '../../../common/sql/compile.ts';
import { QueryError } from '../../../common/sql/query-error.ts';
import type { Database } from '../../../common/store/database.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../common/store/sandbox/sandbox.ts';
import { freshDatabase } from '../../servers.ts';
import { insertRows } from '../store/insert-rows.ts';
import { readAttacks } from './read-attacks.ts';
import type { Attack } from './read-attacks.ts';

const OWNER = 1;
const ATTACKER = 2;
const TIMEOUT_MS = 500;
const OUTFILE = '/tmp/glint-attack';
const TABLES = [
  'ztf.objects',
  'ztf.candidates',
  'ztf.annotations',
  'glint.watchlists',
  'glint.areas',
  'glint.users',
];

describe('attacks on the sandbox', () => {
  let db: Database;
  let sandbox: Sandbox;
  let services: QueryServices;
  let atFirst: unknown;

  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await fillWithSecrets(db);
    const config = parseConfig({ GLINT_DATABASE_URL: fresh.url, GLINT_SANDBOX_MAX_ROWS: '1e7' });
    sandbox = openSandbox({ config, db, log: silentLog, now: () => new Date() });
    services = { db, sandbox, now: () => new Date() };
    atFirst = await checksums(db);
  });

  after(async () => {
    await sandbox.close();
    await db.close();
  });

  const attacks = readAttacks();

  it('are as many as were written down, each with a name of its own', () => {
    expect(attacks.length).to.be.at.least(200);
    expect(new Set(attacks.map((attack) => attack.name)).size).to.equal(attacks.length);
  });

  for (const attack of attacks) {
    it(`${attack.expected}: ${attack.name}`, async () => {
      for (const reader of [{ userId: ATTACKER }, undefined]) {
        const outcome = await attempt(services, attack, reader);
        if (outcome instanceof Error) expectGoodRefusal(outcome, attack);
        else {
          const ran = `it ran: ${JSON.stringify(outcome.rows.slice(0, 3))}`;
          expect(attack.expected, ran).not.to.equal('refused');
          expect(JSON.stringify(outcome.rows), 'what is private').not.to.include('SECRET');
          expect(outcome.columns.map((column) => column.name)).not.to.include('glint_owner');
        }
      }
    });
  }

  it('left no file, no changed row, no lock and no statement behind', async () => {
    expect(existsSync(OUTFILE)).to.equal(false);
    expect(await checksums(db)).to.deep.equal(atFirst);
    const left = await db.arrays(
      "SELECT info FROM information_schema.processlist WHERE user LIKE 'glint\\_sandbox%' AND info IS NOT NULL",
    );
    expect(left).to.deep.equal([]);
    const [[waiting]] = await db.arrays(
      "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id IN (SELECT id FROM information_schema.processlist WHERE user LIKE 'glint\\_sandbox%')",
    );
    expect(String(waiting)).to.equal('0');
  });

  it('would show what is private to its owner, so that its absence above means something', async () => {
    const text = 'SELECT name FROM watchlists ORDER BY wl_id';
    const source = { kind: 'statement', text } as const;
    const { rows } = await run(services, source, { userId: OWNER });
    expect(rows).to.deep.equal([['open list'], ['SECRET list']]);
    expect((await run(services, source, { userId: ATTACKER })).rows).to.deep.equal([['open list']]);
  });
});

function run(services: QueryServices, source: QuerySource, reader: Reader | undefined) {
  return runQuery(services, {
    survey: 'ztf',
    source,
    reader,
    limit: 1_000,
    offset: 0,
    timeoutMs: TIMEOUT_MS,
    holder: `user:${reader?.userId ?? 0}`,
  });
}

async function attempt(
  services: QueryServices,
  { source }: Attack,
  reader: Reader | undefined,
): Promise<QueryAnswer | Error> {
  return run(services, source, reader).catch((err: unknown) => err as Error);
}

/** A refusal is one of ours, one sentence, and tells nothing of the server. */
function expectGoodRefusal(err: Error, attack: Attack): void {
  if (attack.expected === 'blind') throw err;
  expect(err, err.stack).to.be.instanceOf(BrokerError);
  if (attack.expected === 'refused') expect(err, err.stack).to.be.instanceOf(QueryError);
  const ours = err.message.replaceAll(/\w+_views/g, (word) =>
    attack.text.includes(word) ? '' : word,
  );
  expect(ours).not.to.match(/_views|\n|SQL syntax|mysql2|\.ts:/);
  expect(err.message.length, err.message).to.be.lessThan(600);
  const told = err.message.includes('SECRET') && !attack.text.includes('SECRET');
  expect(told, `what is private in: ${err.message}`).to.equal(false);
}

async function checksums(db: Database): Promise<unknown[][]> {
  return db.arrays(`CHECKSUM TABLE ${TABLES.join(', ')}`);
}

/** An owner with secrets, a few objects, and enough detections to make a cross join absurd. */
async function fillWithSecrets(db: Database): Promise<void> {
  const objects = Array.from({ length: 40 }, (_, i) => `ZTF26aaaaa${String(i).padStart(2, '0')}`);
  await insertRows(
    db,
    'ztf',
    'objects',
    objects.map((objectId, i) => ({ objectId, ncand: i, ramean: i * 9, decmean: i - 20 })),
  );
  await insertRows(
    db,
    'ztf',
    'candidates',
    Array.from({ length: 2_000 }, (_, i) => ({
      candid: 1_000 + i,
      objectId: objects[i % objects.length],
      magpsf: 17 + (i % 37) / 10,
    })),
  );
  const lists = [
    { name: 'open list', description: 'for all', public: true },
    { name: 'SECRET list', description: 'SECRET', public: false },
  ].map((list) => ({ ...list, user_id: OWNER, active: true }));
  await insertRows(
    db,
    'glint',
    'watchlists',
    lists.map((list, i) => ({ ...list, wl_id: i + 1 })),
  );
  await insertRows(db, 'glint', 'areas', [
    { ...lists[0], ar_id: 1, name: 'open area' },
    { ...lists[1], ar_id: 2, name: 'SECRET area' },
  ]);
  await insertRows(db, 'glint', 'annotators', [
    { topic: 'open_annotator', user_id: OWNER, description: '', active: true, public: true },
    {
      topic: 'secret_annotator',
      user_id: OWNER,
      description: 'SECRET',
      active: true,
      public: false,
    },
  ]);
  await insertRows(
    db,
    'glint',
    'watchlist_cones',
    [1, 2].map((list) => ({ cone_id: list, wl_id: list, name: list === 2 ? 'SECRET' : 'open' })),
  );
  await insertRows(
    db,
    'ztf',
    'watchlist_hits',
    objects.flatMap((objectId) => [
      { objectId, wl_id: 1, cone_id: 1, name: 'open' },
      { objectId, wl_id: 2, cone_id: 2, name: 'SECRET source' },
    ]),
  );
  await insertRows(
    db,
    'ztf',
    'area_hits',
    [1, 2].map((area) => ({ objectId: objects[0], ar_id: area })),
  );
  const secret = {
    classification: 'SECRET',
    explanation: 'SECRET',
    classdict: '{"secret":"SECRET"}',
  };
  await insertRows(db, 'ztf', 'annotations', [
    { objectId: objects[0], topic: 'open_annotator', classification: 'SN', classdict: '{}' },
    { objectId: objects[0], topic: 'secret_annotator', ...secret },
  ]);
}
