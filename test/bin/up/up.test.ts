import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { openDatabase } from '../../../common/store/database.ts';
import { processIdentity } from '../../../bin/servers/process-identity.ts';
import { runGlint } from '../run-glint.ts';
import { testKafka } from '../../servers.ts';

interface StatusReport {
  site: string;
  kafka: string;
  database: string;
  ledger: unknown[];
  processes: { name: string; pid: number; restarts: number }[];
}

describe('bin/glint up', function () {
  this.timeout(240_000);
  let home: string;
  const run = (...args: string[]) => runGlint(args, { GLINT_HOME: home });
  const status = async (): Promise<StatusReport> => {
    const { code, stdout, stderr } = await run('status', '--json');
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as StatusReport;
  };
  const pidOf = (report: StatusReport, name: string) =>
    report.processes.find((found) => found.name === name)?.pid ?? 0;
  const isAlive = (pid: number) => processIdentity(pid) !== undefined;
  /** Asks until the answer is yes; the test's own time limit ends it otherwise. */
  const until = async (isTrue: () => Promise<boolean>) => {
    while (!(await isTrue())) await sleep(200);
  };

  before(async () => {
    // The jars of Kafka must be there: the test run has fetched them.
    await testKafka();
    home = mkdtempSync(join(tmpdir(), 'glint-up-'));
    const { code, stdout, stderr } = await run('up', '--no-simulation', '--detach');
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.include('Glint runs at http://127.0.0.1:');
  });

  after(async () => {
    await run('down');
    rmSync(home, { recursive: true, force: true });
  });

  it('says where everything is, and the account it names may read and not write', async () => {
    const report = await status();
    expect(report.site).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(report.kafka).to.match(/^127\.0\.0\.1:\d+$/);
    expect(report.ledger).to.deep.equal([]);
    const names = report.processes.map(({ name }) => name);
    expect(names).to.have.members([
      'up',
      'mariadb',
      'kafka',
      'web',
      'jobs',
      'ingest',
      'filters',
      'deliver',
    ]);
    for (const { pid } of report.processes) expect(isAlive(pid)).to.equal(true);
    expect((await fetch(`${report.site}/healthz`)).status).to.equal(200);
    const db = openDatabase(report.database, { poolSize: 1 });
    try {
      expect(await db.arrays('SELECT COUNT(*) FROM glint.ledger')).to.deep.equal([['0']]);
      const write = db.execute("INSERT INTO glint.users VALUES (1, 'a', 'b', 'user', NOW())");
      expect(await write.catch((err: unknown) => String(err))).to.match(/denied/);
    } finally {
      await db.close();
    }
  });

  it('refuses to run twice in one home', async () => {
    const { code, stderr } = await run('up', '--no-simulation');
    expect(code).to.equal(1);
    expect(stderr).to.match(/^glint: Glint already runs in /);
    expect(stderr.trimEnd().split('\n')).to.have.lengthOf(1);
  });

  it('starts again what was killed: a process, the database', async () => {
    const before = await status();
    process.kill(pidOf(before, 'jobs'), 'SIGKILL');
    process.kill(pidOf(before, 'mariadb'), 'SIGKILL');
    await until(async () => {
      const { processes } = await status();
      return ['jobs', 'mariadb'].every((name) =>
        processes.some((found) => found.name === name && found.restarts > 0),
      );
    });
    const report = await status();
    expect(report.database).to.equal(before.database);
    const db = openDatabase(report.database, { poolSize: 1 });
    await until(() =>
      db.arrays('SELECT 1').then(
        () => true,
        () => false,
      ),
    );
    await db.close();
  });

  it('leaves nothing behind that the next start does not clear', async () => {
    const before = await status();
    process.kill(pidOf(before, 'up'), 'SIGKILL');
    const started = await run('up', '--no-simulation', '--detach');
    expect(started.code, started.stdout + started.stderr).to.equal(0);
    for (const { pid } of before.processes) expect(isAlive(pid)).to.equal(false);
    const report = await status();
    expect({ kafka: report.kafka, database: report.database, site: report.site }).to.deep.equal({
      kafka: before.kafka,
      database: before.database,
      site: before.site,
    });
  });

  it('stops all of it', async () => {
    const before = await status();
    const { code, stdout } = await run('down');
    expect(code).to.equal(0);
    expect(stdout).to.equal('Glint has stopped.\n');
    for (const { pid } of before.processes) expect(isAlive(pid)).to.equal(false);
    expect((await run('status')).code).to.equal(1);
  });
});
