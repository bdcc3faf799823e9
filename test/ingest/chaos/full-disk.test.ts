import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { testFolder } from '../../servers.ts';
import { checkNight } from './check-consistency.ts';
import { makeNight } from './night.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';

describe('ingest, when the disk of the packs is full', () => {
  let stand: Stand | undefined;
  let folder: string | undefined;

  after(async () => {
    await stand?.close();
    if (folder !== undefined) execFileSync('umount', [folder]);
  });

  it('waits, says so, and goes on when there is room', async function () {
    this.timeout(120_000);
    folder = mountSmallDisk();
    if (folder === undefined) {
      console.log('      skipped: only root can mount a small disk'); // eslint-disable-line no-console
      this.skip();
    }
    const topic = 'chaos_disk';
    stand = await openStand({ pattern: topic, environment: { GLINT_CUTOUT_DIR: folder } });
    const packets = makeNight({ seed: 61, objects: 200, epochs: 9 });
    await stand.makeTopic(topic, 2);
    await stand.send(topic, packets);
    const child = await stand.start();
    while (child.stats().waitingFor === null) await sleep(50);
    expect(child.stats().waitingFor).to.match(/cutouts cannot be written to .*: ENOSPC/);
    expect(child.log()).to.match(/waiting: cutouts cannot be written/);
    const [[stored]] = await stand.db.arrays('SELECT COUNT(*) FROM ztf.cutouts');
    expect(Number(stored)).to.be.within(1, packets.length - 1);
    execFileSync('mount', ['-o', 'remount,size=16m', folder]);
    await stand.drained(topic);
    expect(child.log()).to.match(/storing again/);
    await checkNight(stand.db, stand.admin, stand.cutoutFolder, [{ topic, packets }]);
  });
});

/** A quarter of a megabyte; undefined where mounting is not allowed. */
function mountSmallDisk(): string | undefined {
  const mountPoint = mkdtempSync(join(testFolder(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mountPoint], {
      stdio: 'ignore',
    });
    return mountPoint;
  } catch {
    // Not root, or a container without the right: the test is skipped.
    return undefined;
  }
}
