import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import sharp from 'sharp';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { writeFitsImage } from '../../../common/fits/write-image.ts';
import { silentLog } from '../../../common/log.ts';
import { openCutoutPacks } from '../../../common/store/cutouts.ts';
import type { Database } from '../../../common/store/database.ts';
import { renderNewStamps, renderStamps } from '../../../post_ingest/stamps/render-stamps.ts';
import { freshDatabase } from '../../servers.ts';

/** Night 3611. */
const NOW = new Date('2026-11-21T10:40:00Z');
const LONG_MS = 60_000;
const never = new AbortController().signal;

describe('the job that renders stamps', () => {
  let db: Database;
  let folder: string;
  let context: Context;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
    folder = mkdtempSync(join(tmpdir(), 'glint-render-'));
    context = { db, log: silentLog, now: () => NOW, config: configOf({}) };
  });
  afterEach(async () => {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const configOf = (settings: Record<string, string>) =>
    parseConfig({
      GLINT_CUTOUT_DIR: join(folder, 'cutouts'),
      GLINT_STAMP_DIR: join(folder, 'stamps'),
      ...settings,
    });
  const rendered = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jpg'))
      .map((name) => /(\d+)-(\w+)\.jpg$/.exec(name)?.slice(1).join(' '))
      .sort();
  const stamp = (width: number, height: number) => {
    const pixels = Float32Array.from({ length: width * height }, (_, i) => Math.sin(i));
    return gzipSync(writeFitsImage(pixels, width, height));
  };

  /** Stores detections with all three stamps, or with what is given. */
  async function store(
    survey: 'ztf' | 'lsst',
    night: number,
    ids: bigint[],
    stamps: Buffer[] = [stamp(63, 63), stamp(63, 63), stamp(63, 63)],
  ): Promise<void> {
    const packs = openCutoutPacks(join(folder, 'cutouts'), survey, `w${ids[0]}`);
    const id = survey === 'ztf' ? 'candid' : 'diaSourceId';
    for (const number of ids) {
      const { pack, position } = await packs.append(night, stamps);
      const [science, template, difference] = stamps.map((each) => each.length);
      await db.execute(
        `INSERT INTO ${survey}.cutouts (${id}, pack, position, science, template, difference)
         VALUES (:number, :pack, :position, :science, :template, :difference)`,
        { number, pack, position, science, template, difference },
      );
    }
    await packs.close();
  }

  it('renders the three stamps of what came in the last nights, of both surveys', async () => {
    await store('ztf', 3611, [3611000000015015001n, 3611000000015015002n]);
    await store('ztf', 3610, [3610000000015015001n]);
    await store('ztf', 3609, [3609000000015015001n]);
    await store('lsst', 3611, [170112044512575500n]);
    expect(await renderStamps.run(context, never)).to.equal('ztf: 9 stamps; lsst: 3 stamps');
    expect(rendered()).to.have.length(12);
    expect(rendered()).to.include('3610000000015015001 template');
    expect(rendered()).to.not.include('3609000000015015001 science');
  });

  it('looks at each detection once, and at what came since', async () => {
    await store('ztf', 3611, [10n, 20n, 30n]);
    expect(await renderNewStamps(context, never, LONG_MS)).to.match(/^ztf: 9 stamps/);
    expect(await renderNewStamps(context, never, LONG_MS)).to.match(/^ztf: 0 stamps/);
    await store('ztf', 3611, [40n, 50n]);
    expect(await renderNewStamps(context, never, LONG_MS)).to.match(/^ztf: 6 stamps/);
    expect(rendered()).to.have.length(15);
  });

  it('goes on where an earlier run was stopped, newest first', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => BigInt(100 + i));
    await store('ztf', 3611, ids);
    // By the time it looks, it is over.
    expect(await renderNewStamps(context, never, 0)).to.match(/^ztf: 0 stamps/);
    const stop = new AbortController();
    const run = renderNewStamps(context, stop.signal, LONG_MS);
    while (rendered().length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await run;
    const first = rendered();
    expect(first.length).to.be.within(6, 60);
    expect(first).to.include('139 science');
    await store('ztf', 3611, [200n]);
    await renderNewStamps(context, never, LONG_MS);
    expect(rendered()).to.have.length(41 * 3);
  });

  it('passes over what is damaged or gone', async () => {
    await store('ztf', 3611, [1n], [Buffer.from('no FITS'), stamp(63, 48), Buffer.alloc(0)]);
    await store('ztf', 3611, [2n]);
    await store('ztf', 3611, [3n]);
    truncateSync(join(folder, 'cutouts', 'ztf', '3611', 'w2-0.pack'), 10);
    rmSync(join(folder, 'cutouts', 'ztf', '3611', 'w3-0.pack'));
    const outcome = await renderNewStamps(context, never, LONG_MS);
    expect(outcome).to.equal('ztf: 1 stamps, 7 unreadable; lsst: 0 stamps');
    expect(rendered()).to.deep.equal(['1 template']);
  });

  it('takes the place on the readout channel from the candidate', async () => {
    const pixels = new Float32Array(63 * 48);
    pixels.forEach((_, i) => (pixels[i] = Math.sin(i)));
    // A source 16 rows from the lower edge of the channel.
    for (const dx of [-1, 0, 1]) pixels.fill(500, 63 * 15 + 31 + dx, 63 * 15 + 32 + dx);
    for (const row of [16, 17]) pixels.fill(500, 63 * row + 30, 63 * row + 33);
    const cut = gzipSync(writeFitsImage(pixels, 63, 48));
    await store('ztf', 3611, [7n], [cut, cut, cut]);
    await db.execute(
      "INSERT INTO ztf.candidates (candid, objectId, jd, fid, xpos, ypos, hasalert) VALUES (7, 'ZTF21abiuvdk', 2461365, 1, 1564.77, 16.55, 1)",
    );
    await renderNewStamps(context, never, LONG_MS);
    const name = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((each) =>
      each.endsWith('7-science.jpg'),
    );
    const { data, info } = await sharp(join(folder, name ?? ''))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels];
    expect(at(info.width / 2, info.height / 2)).to.be.above(200);
    // The side that is missing is to the north: row 0 of the file is up.
    expect(at(63, 10)).to.be.closeTo(128, 6);
    expect(at(63, 120)).to.not.be.closeTo(128, 6);
  });

  it('can be switched off', async () => {
    await store('ztf', 3611, [1n]);
    const off = { ...context, config: configOf({ GLINT_STAMP_NIGHTS: '0' }) };
    expect(await renderNewStamps(off, never, LONG_MS)).to.match(/on demand/);
    expect(rendered()).to.deep.equal([]);
  });
});
