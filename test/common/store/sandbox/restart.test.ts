import { join } from 'node:path';

import { expect } from 'chai';

import { startMariaDb } from '../../../../bin/servers/mariadb.ts';
import type { PrivateDatabase } from '../../../../bin/servers/mariadb.ts';
import { parseConfig } from '../../../../common/config.ts';
import { UpstreamError } from '../../../../common/errors.ts';
import { silentLog } from '../../../../common/log.ts';
import { ALL_TABLES } from '../../../../common/schema/tables.ts';
import { openDatabase } from '../../../../common/store/database.ts';
import type { Database } from '../../../../common/store/database.ts';
import { migrate } from '../../../../common/store/migrate.ts';
import { openSandbox } from '../../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../../common/store/sandbox/sandbox.ts';
import { testFolder } from '../../../servers.ts';
import {
  failureOf,
  handWritten,
  readGroups,
  runningStatements,
  seedObjects,
  waitUntil,
} from './hand-written.ts';

const OPTIONS = { timeoutMs: 20_000, holder: 'user:1' };

describe('a server that goes away', function () {
  this.timeout(120_000);
  let server: PrivateDatabase;
  let db: Database;
  let sandbox: Sandbox;

  const start = (port?: number) =>
    startMariaDb({
      folder: join(testFolder(), 'sandbox-mariadb'),
      bufferPoolBytes: 64 << 20,
      port,
    });

  before(async () => {
    server = await start();
    db = openDatabase(server.url);
    await migrate(db, ALL_TABLES, silentLog);
    await seedObjects(db, 20_000);
    const config = parseConfig({ GLINT_DATABASE_URL: server.url });
    sandbox = openSandbox({ config, db, log: silentLog, now: () => new Date() });
  });
  after(async () => {
    await sandbox.close();
    await db.close();
    await server.server.stop();
  });

  it('ends queries that compute or send with an error that says so, and serves again when it is back', async () => {
    const computing = failureOf(sandbox.run(handWritten('SELECT SLEEP(60)'), OPTIONS));
    const sending = await sandbox.run(
      handWritten('SELECT a.objectId FROM ztf_views.objects AS a, ztf_views.objects AS b', [
        'text',
      ]),
      OPTIONS,
    );
    await sending.next();
    await waitUntil(async () => (await runningStatements(db, 'glint_sandbox')).length === 2);
    await server.server.stop();

    expect(await computing).to.be.instanceOf(UpstreamError);
    const broken = await failureOf(readGroups(sending));
    expect(broken).to.be.instanceOf(UpstreamError);
    const away = [
      sandbox.run(handWritten('SELECT 1'), OPTIONS),
      sandbox.checkCost(handWritten('SELECT 1')),
    ];
    for (const attempt of away) expect(await failureOf(attempt)).to.be.instanceOf(UpstreamError);

    server = await start(server.port);
    expect(await readGroups(await sandbox.run(handWritten('SELECT 7'), OPTIONS))).to.deep.equal([
      [7],
    ]);
    expect((await sandbox.checkCost(handWritten('SELECT 1'))).estimatedRows).to.equal(0);
  });
});
