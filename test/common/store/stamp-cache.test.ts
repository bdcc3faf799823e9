import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rmSync, statSync, utimesSync } from 'node:fs';

import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import { pruneStampCache } from '../../../common/store/prune-stamps.ts';
import { openStampCache } from '../../../common/store/stamp-cache.ts';
import type { StampKey } from '../../../common/store/stamp-cache.ts';

const KEY: StampKey = { survey: 'ztf', night: 3611, id: 3611000000015015001n, kind: 'science' };
const NOW = new Date('2026-11-21T10:40:00Z');
const never = new AbortController().signal;

describe('a cache of stamps', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'glint-stamps-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort();
  const making = () => {
    const made = { count: 0, jpeg: Buffer.from('a picture') };
    return {
      made,
      make: () => {
        made.count++;
        return Promise.resolve(made.jpeg);
      },
    };
  };

  it('keeps what was made, by survey, night and shard, also for another process', async () => {
    const { made, make } = making();
    const cache = openStampCache(folder, silentLog);
    expect(await cache.get(KEY, make)).to.deep.equal(made.jpeg);
    expect(await cache.get(KEY, make)).to.deep.equal(made.jpeg);
    expect(await openStampCache(folder, silentLog).get(KEY, make)).to.deep.equal(made.jpeg);
    expect(made.count).to.equal(1);
    const [path, ...others] = files();
    expect(path).to.match(/^r\d+\/ztf\/3611\/[0-9a-f]{2}\/3611000000015015001-science\.jpg$/);
    expect(others).to.deep.equal([]);
    await cache.get({ ...KEY, kind: 'template' }, make);
    await cache.get({ ...KEY, survey: 'lsst' }, make);
    await cache.get({ ...KEY, id: -5n }, make);
    expect(files()).to.have.length(4);
  });

  it('makes one stamp once for all who ask at the same time', async () => {
    const { made, make } = making();
    const cache = openStampCache(folder, silentLog);
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return make();
    };
    const all = await Promise.all(Array.from({ length: 50 }, () => cache.get(KEY, slow)));
    expect(made.count).to.equal(1);
    expect(all.every((jpeg) => jpeg.equals(made.jpeg))).to.equal(true);
  });

  it('makes a damaged file anew: emptied, cut short, changed, zeros, a folder in its place', async () => {
    const { made, make } = making();
    const cache = openStampCache(folder, silentLog);
    await cache.get(KEY, make);
    const path = join(folder, files()[0]);
    const sound = readFileSync(path);
    const changed = Buffer.from(sound);
    changed[3] ^= 1;
    const damages = [
      () => truncateSync(path, 0),
      () => truncateSync(path, 3),
      () => truncateSync(path, sound.length - 1),
      () => writeFileSync(path, changed),
      () => writeFileSync(path, Buffer.alloc(sound.length)),
    ];
    for (const [i, damage] of damages.entries()) {
      damage();
      expect(await cache.get(KEY, make), `damage ${i}`).to.deep.equal(made.jpeg);
      expect(made.count).to.equal(i + 2);
      expect(readFileSync(path)).to.deep.equal(sound);
    }
    rmSync(path);
    mkdirSync(path);
    expect(await cache.get(KEY, make)).to.deep.equal(made.jpeg);
    expect(files().some((name) => name.endsWith('.tmp'))).to.equal(false);
  });

  it('serves what it cannot keep, and says so', async () => {
    const { made, make } = making();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
    writeFileSync(join(folder, 'file'), '');
    const cache = openStampCache(join(folder, 'file'), log);
    expect(await cache.get(KEY, make)).to.deep.equal(made.jpeg);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/cannot be kept/);
  });

  it('hands a failure to all who wait, and tries again for the next', async () => {
    const { made, make } = making();
    const cache = openStampCache(folder, silentLog);
    const failing = () => Promise.reject(new Error('no pack'));
    const results = await Promise.allSettled([cache.get(KEY, failing), cache.get(KEY, make)]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await cache.get(KEY, make)).to.deep.equal(made.jpeg);
  });

  it('is pruned from the oldest night on', async () => {
    const cache = openStampCache(folder, silentLog);
    const jpeg = Buffer.alloc(996, 7);
    for (const night of [3609, 3610, 3611]) {
      for (let id = 0n; id < 10n; id++) {
        await cache.get({ ...KEY, night, id }, () => Promise.resolve(jpeg));
      }
    }
    const prune = (maxBytes: number) => pruneStampCache(folder, maxBytes, NOW, never);
    expect(await prune(30_000)).to.deep.equal({ deletedFiles: 0, leftBytes: 30_000 });
    expect(await prune(15_500)).to.deep.equal({ deletedFiles: 15, leftBytes: 15_000 });
    const nights = new Set(files().map((name) => name.split('/')[2]));
    expect([...nights]).to.deep.equal(['3610', '3611']);
    expect(readdirSync(join(folder, 'r1', 'ztf'))).to.deep.equal(['3610', '3611']);
    expect(await prune(0)).to.deep.equal({ deletedFiles: 15, leftBytes: 0 });
    expect(await cache.get(KEY, () => Promise.resolve(jpeg))).to.deep.equal(jpeg);
  });

  it('loses half-written files and earlier renderings when it is pruned, and nothing else', async () => {
    await openStampCache(folder, silentLog).get(KEY, () => Promise.resolve(Buffer.from('new')));
    const [kept] = files();
    const shard = join(folder, kept, '..');
    writeFileSync(join(shard, 'old.tmp'), 'x');
    writeFileSync(join(shard, 'young.tmp'), 'x');
    const hour = NOW.getTime() / 1_000;
    utimesSync(join(shard, 'old.tmp'), hour - 7_200, hour - 7_200);
    utimesSync(join(shard, 'young.tmp'), hour - 60, hour - 60);
    mkdirSync(join(folder, 'r0', 'ztf'), { recursive: true });
    writeFileSync(join(folder, 'r0', 'ztf', 'stamp.jpg'), 'x');
    writeFileSync(join(folder, 'letter.txt'), 'dear');
    await pruneStampCache(folder, 1e6, NOW, never);
    const left = files().map((name) => name.split('/').at(-1));
    expect(left).to.have.members(['3611000000015015001-science.jpg', 'young.tmp', 'letter.txt']);
  });

  it('that nobody has filled is pruned without complaint', async () => {
    const nothing = { deletedFiles: 0, leftBytes: 0 };
    expect(await pruneStampCache(join(folder, 'none'), 1, NOW, never)).to.deep.equal(nothing);
  });
});
