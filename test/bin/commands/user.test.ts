import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { selectTokenAccount } from '../../../common/store/accounts/api-tokens.ts';
import type { Database } from '../../../common/store/database.ts';
import { insertSession } from '../../../common/store/accounts/sessions.ts';
import {
  selectPasswordHash,
  selectUserByName,
  selectUsers,
} from '../../../common/store/accounts/users.ts';
import { freshDatabase } from '../../servers.ts';
import { runGlint } from '../run-glint.ts';

describe('bin/glint user', function () {
  this.timeout(120_000);
  let home: string;
  let db: Database;
  let url: string;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'glint-home-'));
    ({ db, url } = await freshDatabase());
  });
  after(async () => {
    await db.close();
    rmSync(home, { recursive: true, force: true });
  });

  const settings = () => ({ GLINT_HOME: home, GLINT_DATABASE_URL: url });
  const run = (...args: string[]) => runGlint(['user', ...args], settings());
  /** Runs it with something on standard input. */
  const runWith = async (input: string, ...args: string[]) => {
    const child = spawn(join(projectRoot, 'bin', 'glint'), ['user', ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings() },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  };
  const opens = async (name: string, password: string) => {
    const { userId } = await selectUserByName(db, name);
    const stored = await selectPasswordHash(db, userId);
    return (await createPasswordHasher().check(password, stored)).isRight;
  };

  it('makes accounts with a password made up, read, or none yet', async () => {
    const made = await run(
      ...['add', 'Maia', '--email', 'maia@example.org', '--first-name', 'Μαῖα'],
      ...['--generate-password', '--json'],
    );
    expect(made.code, made.stderr).to.equal(0);
    const { name, password } = JSON.parse(made.stdout) as { name: string; password: string };
    expect(name).to.equal('maia');
    expect(password).to.match(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    expect(await opens('maia', password)).to.equal(true);
    expect((await selectUserByName(db, 'maia')).firstName).to.equal('Μαῖα');

    const read = await runWith(
      'a password, typed elsewhere\n',
      ...['add', 'atlas', '--email', 'atlas@example.org', '--password-stdin'],
    );
    expect(read.code, read.output).to.equal(0);
    expect(read.output).to.not.include('typed elsewhere');
    expect(await opens('atlas', 'a password, typed elsewhere')).to.equal(true);

    const none = await run('add', 'pleione', '--email', 'pleione@example.org');
    expect(none.code).to.equal(0);
    expect(none.stdout).to.include('no password yet: bin/glint user reset-password pleione');
    expect(await opens('pleione', '')).to.equal(false);
  });

  it('refuses passwords that do not suit, and makes nothing then', async () => {
    const weak = await runWith(
      'password1234',
      ...['add', 'hyas', '--email', 'hyas@example.org', '--password-stdin'],
    );
    expect(weak.code).to.equal(1);
    expect(weak.output).to.include('guessed first');
    expect((await selectUsers(db, { find: 'hyas' })).length).to.equal(0);
    const both = await run(
      ...['add', 'hyas', '--email', 'h@example.org', '--generate-password', '--password-stdin'],
    );
    expect(both.code).to.equal(2);
    const plain = await run('add', 'hyas', '--email', 'h@example.org', '--password', 'in plain');
    expect(plain.code).to.equal(2);
  });

  it('changes roles, disables and enables, by name in any capitals', async () => {
    expect((await run('role', 'ATLAS', 'staff')).code).to.equal(0);
    expect((await selectUserByName(db, 'atlas')).role).to.equal('staff');
    expect((await run('role', 'atlas', 'god')).code).to.equal(2);
    const unknown = await run('disable', 'nobody');
    expect([unknown.code, unknown.stderr]).to.deep.equal([
      1,
      'glint: there is no account nobody\n',
    ]);
    expect((await run('disable', 'atlas')).code).to.equal(0);
    expect((await run('list')).stdout).to.match(/^atlas +staff +atlas@example\.org +disabled$/m);
    expect((await run('enable', 'atlas')).code).to.equal(0);
    expect((await selectUserByName(db, 'atlas')).disabledAt).to.equal(null);
  });

  it('sets another password and ends the sessions', async () => {
    const { userId } = await selectUserByName(db, 'maia');
    await insertSession(db, userId, { address: '', agent: '' }, new Date());
    const nothing = await run('reset-password', 'maia');
    expect(nothing.code).to.equal(1);
    expect(nothing.stderr).to.include('--generate-password or --password-stdin');
    const set = await run('reset-password', 'maia', '--generate-password');
    const password = /shown this once: (\S+)/.exec(set.stdout)?.[1] ?? '';
    expect(await opens('maia', password)).to.equal(true);
    expect(await db.arrays('SELECT * FROM glint.sessions')).to.deep.equal([]);
  });

  it('makes, lists and revokes tokens', async () => {
    const made = await run(
      ...['token', 'maia', '--name', 'cron', '--scopes', 'read,query'],
      ...['--expires', '2099-12-31', '--json'],
    );
    expect(made.code, made.stderr).to.equal(0);
    const { token } = JSON.parse(made.stdout) as { token: string };
    const found = await selectTokenAccount(db, token, new Date());
    expect(found?.scopes).to.deep.equal(['read', 'query']);
    expect(found?.expiresAt?.toISOString()).to.equal('2099-12-31T23:59:59.999Z');
    const listed = await run('token', 'maia', '--list');
    expect(listed.stdout).to.match(/^cron +read,query +ends 2099-12-31, used never$/m);
    expect((await run('token', 'maia', '--scopes', 'everything')).code).to.equal(2);
    expect((await run('token', 'maia', '--expires', 'soon')).code).to.equal(2);
    expect((await run('token', 'maia', '--revoke', 'cron')).code).to.equal(0);
    expect(await selectTokenAccount(db, token, new Date())).to.equal(undefined);
    expect((await run('token', 'maia', '--revoke', 'cron')).code).to.equal(1);
  });

  it('deletes when told to be sure', async () => {
    const unsure = await run('delete', 'maia');
    expect(unsure.code).to.equal(1);
    expect(unsure.stderr).to.include('give --yes');
    expect((await run('delete', 'maia', '--yes')).code).to.equal(0);
    expect(await selectUsers(db, { find: 'maia' })).to.deep.equal([]);
  });
});
