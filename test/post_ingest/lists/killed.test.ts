import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { silentLog } from '../../../common/log.ts';
import { applyShapes } from '../../../common/moc/shapes.ts';
import { projectRoot } from '../../../common/project-root.ts';
import type { Database } from '../../../common/store/database.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import { createWatchlist } from '../../../common/store/lists/watchlist-edits.ts';
import { createWatchmap } from '../../../common/store/lists/watchmap-edits.ts';
import { matchPastOfWatchmaps } from '../../../post_ingest/watchmaps/match-past.ts';
import { freshDatabase } from '../../servers.ts';
import { moved, storePlaces, ztfName } from '../placed-objects.ts';
import { matchAll } from '../watchlists/sky.ts';

const SOURCES = 20_000;
const LIVES = 3;
const CHILD = join(projectRoot, 'test', 'post_ingest', 'lists', 'match-lists-child.ts');
const NOW = new Date('2026-11-21T06:00:00Z');

describe('lists that are matched with the past by processes that are killed', function () {
  this.timeout(120_000);
  let db: Database;
  let context: Context;
  let url: string;
  let editor: { userId: number; now: Date };
  let list: number;
  let map: number;

  before(async () => {
    ({ db, url } = await freshDatabase());
    const config = parseConfig({ GLINT_DATABASE_URL: url });
    context = { config, db, log: silentLog, now: () => NOW };
    const sources = Array.from({ length: SOURCES }, (_, n) => ({
      name: `n${n}`,
      ra: (n * 0.11) % 360,
      decl: -80 + n * 0.008,
      radiusArcsec: null,
    }));
    // Every third is too far away.
    const places = sources.map((source, n) => ({
      id: ztfName(n),
      ...moved(source, n % 3 === 2 ? 7 : 1, n),
    }));
    await storePlaces(db, 'ztf', places);
    const kay = { name: 'kay', email: 'kay@example.org', role: 'user' } as const;
    editor = { userId: await insertUser(db, kay, NOW), now: NOW };
    list = await createWatchlist(db, editor, { name: 'many', radiusArcsec: 5 }, sources);
    map = await createMap('half');
  });
  after(() => db?.close());

  const createMap = (name: string) =>
    createWatchmap(
      db,
      editor,
      { name, description: '', active: true, public: false },
      applyShapes([{ kind: 'circle', use: 'add', ra: 0, dec: 90, radius: 90 }]),
    );

  /** How far it got, and whether all is done. */
  const progress = async () => {
    const rows = await db.arrays(
      'SELECT done, ended_at IS NULL FROM glint.list_matches ORDER BY kind, survey',
    );
    return {
      done: rows.map(([done]) => Number(done)).join(),
      isOpen: rows.some(([, open]) => Number(open) === 1),
    };
  };

  it('have the hits that they have when nobody is killed, each once', async () => {
    const stops: string[] = [];
    for (let life = 0; life < LIVES; life++) {
      const { done } = await progress();
      const child = spawn('node', ['--import', 'tsx', CHILD], {
        cwd: projectRoot,
        env: { ...process.env, GLINT_DATABASE_URL: url },
        stdio: 'inherit',
      });
      const exit = once(child, 'exit');
      while ((await progress()).done === done && child.exitCode === null) await sleep(1);
      child.kill('SIGKILL');
      await exit;
      stops.push((await progress()).done);
    }
    expect(new Set(stops).size, stops.join(' ')).to.equal(LIVES);
    expect((await progress()).isOpen, stops.join(' ')).to.equal(true);
    await matchAll(db);
    await matchPastOfWatchmaps(context, new AbortController().signal);
    expect((await progress()).isOpen).to.equal(false);

    const near = await db.arrays(
      'SELECT objectId, name FROM ztf.watchlist_hits WHERE wl_id = :list ORDER BY objectId',
      { list },
    );
    const expected = Array.from({ length: SOURCES }, (_, n) => n).filter((n) => n % 3 !== 2);
    expect(near).to.deep.equal(expected.map((n) => [ztfName(n), `n${n}`]));
    const whole = await createMap('again');
    await matchPastOfWatchmaps(context, new AbortController().signal);
    const within = (number: number) =>
      db.arrays('SELECT objectId FROM ztf.area_hits WHERE ar_id = :number ORDER BY objectId', {
        number,
      });
    const north = await within(whole);
    expect(north.length).to.be.within(SOURCES / 3, (2 * SOURCES) / 3);
    expect(await within(map)).to.deep.equal(north);
    const counts = await db.arrays(
      "SELECT hits FROM glint.list_matches WHERE survey = 'ztf' ORDER BY kind",
    );
    expect(counts.flat().map(Number)).to.have.members([
      expected.length,
      north.length,
      north.length,
    ]);
  });
});
