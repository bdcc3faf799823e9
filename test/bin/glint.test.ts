import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { createHash } from 'node:crypto';

import { freshDatabase } from '../servers.ts';
import { runGlint } from './run-glint.ts';

describe('bin/glint: what a person gets told', () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'glint-home-'));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it('answers an unknown option with one sentence and code 2', async () => {
    const { code, stderr } = await runGlint(['up', '--frobnicate'], { GLINT_HOME: home });
    expect(code).to.equal(2);
    expect(stderr).to.equal("glint: unknown option '--frobnicate' (see bin/glint up --help)\n");
  });

  it('answers an unknown command with one sentence and code 2', async () => {
    const { code, stderr } = await runGlint(['fly'], { GLINT_HOME: home });
    expect(code).to.equal(2);
    expect(stderr).to.equal("glint: unknown command 'fly' (see bin/glint --help)\n");
  });

  it('names every wrong setting at once', async () => {
    const { code, stderr } = await runGlint(['status'], {
      GLINT_HOME: home,
      GLINT_WEB_PORT: 'http',
      GLINT_WEBPORT: '80',
    });
    expect(code).to.equal(1);
    expect(stderr).to.include('GLINT_WEB_PORT: must be a whole number');
    expect(stderr).to.include('GLINT_WEBPORT: there is no such setting');
    expect(stderr).not.to.include('    at ');
  });

  it('says that the home cannot be written', async () => {
    const { code, stderr } = await runGlint(['up'], { GLINT_HOME: '/dev/null/home' });
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^glint: the folder \/dev\/null\/home \(GLINT_HOME\) cannot be written/,
    );
    expect(stderr.trimEnd().split('\n')).to.have.lengthOf(1);
  });

  it('says that nothing runs', async () => {
    const { code, stderr } = await runGlint(['status', '--json'], { GLINT_HOME: home });
    expect(code).to.equal(1);
    expect(stderr).to.equal(`glint: nothing runs in ${home}: start it with bin/glint up\n`);
  });

  it('refuses to work without a server, and names the setting', async () => {
    const { code, stderr } = await runGlint(['jobs'], { GLINT_HOME: home });
    expect(code).to.equal(1);
    expect(stderr).to.include('GLINT_DATABASE_URL');
  });

  it('says which database does not answer', async () => {
    const { code, stderr } = await runGlint(['user', 'list'], {
      GLINT_HOME: home,
      GLINT_DATABASE_URL: 'mysql://glint:secret@127.0.0.1:1',
    });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^glint: the database did not answer: .*ECONNREFUSED/);
    expect(stderr).not.to.include('secret');
  });

  describe('with a database', () => {
    let url: string;
    let db: Awaited<ReturnType<typeof freshDatabase>>['db'];
    before(async () => {
      ({ db, url } = await freshDatabase());
    });
    after(() => db.close());

    const run = (...args: string[]) =>
      runGlint(args, { GLINT_HOME: home, GLINT_DATABASE_URL: url });

    it('prints a token of which only the hash is stored', async () => {
      const { code, stdout, stderr } = await run(
        ...['user', 'add', 'vera', '--email', 'vera@example.org', '--role', 'power'],
        ...['--token', '--json'],
      );
      expect(code, stderr).to.equal(0);
      const { token, role } = JSON.parse(stdout) as { token: string; role: string };
      expect(role).to.equal('power');
      expect(token).to.match(/^[0-9a-f]{40}$/);
      const hash = createHash('sha256').update(token).digest('hex');
      const stored = await db.arrays(
        'SELECT token_hash FROM glint.api_tokens JOIN glint.users USING (user_id) WHERE users.name = :name',
        { name: 'vera' },
      );
      expect(stored).to.deep.equal([[hash]]);
    });

    it('makes no account twice, and none without a usable address', async () => {
      const again = await run('user', 'add', 'vera', '--email', 'v@example.org');
      expect(again.code).to.equal(1);
      expect(again.stderr).to.include('already');
      const unusable = await run('user', 'add', 'nancy', '--email', 'nancy');
      expect(unusable.code).to.equal(1);
      expect(unusable.stderr).to.include('not a mail address');
      const listed = await run('user', 'list', '--json');
      expect((JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name)).to.eql([
        'vera',
      ]);
    });

    it('runs a job by its name, and knows which there are', async () => {
      const done = await run('jobs', '--run', 'prune-processes');
      expect(done.code, done.stderr).to.equal(0);
      expect(done.stdout).to.equal('prune-processes: 0 silent processes forgotten\n');
      const unknown = await run('jobs', '--run', 'prune-trees');
      expect(unknown.code).to.equal(1);
      expect(unknown.stderr).to.include('there is no job prune-trees');
    });

    it('tells a database of another version by one sentence', async () => {
      await db.execute('UPDATE glint.schema_version SET version = 9999');
      const { code, stderr } = await run('user', 'list');
      expect(code).to.equal(1);
      expect(stderr).to.match(/^glint: the database is of a newer Glint/);
      expect(stderr.trimEnd().split('\n')).to.have.lengthOf(1);
    });
  });
});
