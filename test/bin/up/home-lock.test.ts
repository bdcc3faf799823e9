import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { SetupError } from '../../../common/errors.ts';
import { homeHolder, takeHomeLock } from '../../../bin/up/home-lock.ts';
import { readPidFile, writePidFile } from '../../../bin/servers/pid-file.ts';
import { stopOrphans } from '../../../bin/up/orphans.ts';

describe('the lock of a home', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'glint-lock-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('is had by one process at a time', () => {
    const lock = takeHomeLock(home, 'up');
    expect(homeHolder(home)).to.include({ name: 'up', pid: process.pid });
    expect(() => takeHomeLock(home, 'up')).to.throw(SetupError, /already runs in/);
    lock.release();
    expect(homeHolder(home)).to.equal(undefined);
    takeHomeLock(home, 'up').release();
  });

  it('counts for nothing when its process is gone, though the number lives on', () => {
    // This process has the number, but was started at another time.
    const stale = { name: 'up', pid: process.pid, identity: 'another-boot/1' };
    writeFileSync(join(home, 'glint.lock'), JSON.stringify(stale));
    expect(homeHolder(home)).to.equal(undefined);
    takeHomeLock(home, 'up').release();
  });

  it('counts for nothing when it is half written', () => {
    writeFileSync(join(home, 'glint.lock'), '{"name": "u');
    takeHomeLock(home, 'up').release();
  });
});

describe('stopOrphans', () => {
  it('stops what a killed start left, and nothing that only has its number', async () => {
    const home = mkdtempSync(join(tmpdir(), 'glint-orphans-'));
    takeHomeLock(join(home, 'logs'), 'folder').release();
    const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const bystander = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    try {
      writePidFile(join(home, 'logs', 'web.pid'), 'web', orphan.pid ?? 0);
      const other = { name: 'jobs', pid: bystander.pid, identity: 'another-boot/1' };
      writeFileSync(join(home, 'logs', 'jobs.pid'), JSON.stringify(other));
      const stopped = await stopOrphans(home);
      expect(stopped.map(({ name, pid }) => ({ name, pid }))).to.eql([
        { name: 'web', pid: orphan.pid },
      ]);
      expect(readPidFile(join(home, 'logs', 'web.pid'))).to.equal(undefined);
      expect(existsSync(`/proc/${bystander.pid}`)).to.equal(existsSync('/proc/self'));
    } finally {
      orphan.kill('SIGKILL');
      bystander.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    }
  });
});
