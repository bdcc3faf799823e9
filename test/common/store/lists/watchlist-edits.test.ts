import { expect } from 'chai';

import type { Database } from '../../../../common/store/database.ts';
import { selectGeneration } from '../../../../common/store/lists/list-generations.ts';
import {
  appendSources,
  copyWatchlist,
  createWatchlist,
  deleteWatchlist,
  editSource,
  editWatchlist,
  matchWatchlistAgain,
  removeSources,
  replaceSources,
} from '../../../../common/store/lists/watchlist-edits.ts';
import { selectMatchesOf } from '../../../../common/store/lists/list-matches.ts';
import { exportSources, listSources } from '../../../../common/store/lists/watchlist-sources.ts';
import { selectWatchlist, selectWatchlists } from '../../../../common/store/lists/watchlists.ts';
import type { WatchlistSource } from '../../../../common/watchlists/watchlist.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../insert-rows.ts';

const NOW = new Date('2026-11-21T06:00:00Z');

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (err) {
    return err instanceof Error ? `${err.name}: ${err.message}` : String(err);
  }
  throw new Error('it was done');
}

describe('watchlist edits', () => {
  const [alice, bob] = [
    { userId: 1, now: NOW },
    { userId: 2, now: NOW },
  ];
  const sources: WatchlistSource[] = [
    { name: 'é “a”', ra: 0.1, decl: -89.9, radiusArcsec: null },
    { name: 'b', ra: 359.999999999, decl: 12.345678901234, radiusArcsec: 0.1 },
    { name: 'c', ra: 180, decl: 90, radiusArcsec: 3_600 },
  ];
  let db: Database;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
    await insertRows(db, 'glint', 'users', [
      { user_id: 1, name: 'alice', email: 'a@example.org' },
      { user_id: 2, name: 'bob', email: 'b@example.org' },
    ]);
  });
  afterEach(() => db.close());

  const stored = async (list: number) =>
    (await listSources(db, list, { limit: 1_000 })).sources.map(
      ({ name, ra, decl, radiusArcsec }) => ({ name, ra, decl, radiusArcsec }),
    );

  it('keep what was given to the last digit, and ask for the past in both surveys', async () => {
    const list = await createWatchlist(
      db,
      alice,
      { name: ' my  list ', description: 'x\r\ny', radiusArcsec: 2.5 },
      sources,
    );
    expect(await stored(list)).to.deep.equal(sources);
    expect(await selectWatchlist(db, list, 1)).to.deep.include({
      name: 'my  list',
      description: 'x\ny',
      owner: 'alice',
      active: true,
      public: false,
      radiusArcsec: 2.5,
      sources: 3,
      createdAt: NOW,
    });
    const matches = await selectMatchesOf(db, 'watchlist', list);
    expect(matches.map(({ survey, total, endedAt }) => [survey, total, endedAt])).to.deep.equal([
      ['ztf', 3, null],
      ['lsst', 3, null],
    ]);
  });

  it('raise version and generation with what changes matches, and with nothing else', async () => {
    const list = await createWatchlist(db, alice, { name: 'x' }, sources);
    const state = async () => {
      const { version } = await selectWatchlist(db, list, 1);
      const matched = (await selectMatchesOf(db, 'watchlist', list)).map((match) => match.version);
      expect(matched).to.deep.equal([version, version]);
      return [version, Number(await selectGeneration(db, 'watchlist'))];
    };
    let before = await state();
    const changes = async (what: string, by: number, work: Promise<unknown>) => {
      await work;
      const now = await state();
      expect([now[0] - before[0], now[1] - before[1]], what).to.deep.equal([by, by]);
      before = now;
    };
    const [{ coneId }] = (await listSources(db, list, { limit: 1 })).sources;
    await changes('name', 0, editWatchlist(db, alice, list, { name: 'y', public: true }));
    await changes('same radius', 0, editWatchlist(db, alice, list, { radiusArcsec: 5 }));
    await changes('radius', 1, editWatchlist(db, alice, list, { radiusArcsec: 6 }));
    await changes('off', 1, editWatchlist(db, alice, list, { active: false }));
    await changes('known', 0, appendSources(db, alice, list, sources));
    await changes('added', 1, appendSources(db, alice, list, [{ ...sources[0], name: 'd' }]));
    await changes('no such source', 0, removeSources(db, alice, list, [99_999]));
    await changes('source', 1, editSource(db, alice, list, coneId, { ra: 5 }));
    await changes('removed', 1, removeSources(db, alice, list, [coneId]));
    await changes('again', 1, matchWatchlistAgain(db, alice, list));
    expect((await selectWatchlist(db, list, 1)).sources).to.equal(3);
  });

  it('replace sources, leaving what stays its number', async () => {
    const list = await createWatchlist(db, alice, { name: 'x' }, sources);
    const before = (await listSources(db, list, { limit: 10 })).sources;
    const next = [sources[2], { ...sources[0], name: 'new' }, sources[1]];
    expect(await replaceSources(db, alice, list, next)).to.deep.equal({
      added: 1,
      removed: 1,
      kept: 2,
    });
    const after = (await listSources(db, list, { limit: 10 })).sources;
    expect(after.slice(0, 2)).to.deep.equal(before.slice(1));
    expect(after[2].name).to.equal('new');
  });

  it('are for the owner alone; others may see and copy what is public', async () => {
    const list = await createWatchlist(db, alice, { name: 'x', radiusArcsec: 7 }, sources);
    const attempts = [
      () => editWatchlist(db, bob, list, { name: 'z' }),
      () => appendSources(db, bob, list, sources),
      () => removeSources(db, bob, list, [1]),
      () => replaceSources(db, bob, list, []),
      () => editSource(db, bob, list, 1, { name: 'z' }),
      () => matchWatchlistAgain(db, bob, list),
      () => deleteWatchlist(db, bob, list),
    ];
    for (const attempt of [...attempts, () => copyWatchlist(db, bob, list)]) {
      expect(await failureOf(attempt())).to.match(/^NotFoundError: There is no watchlist/);
    }
    expect(await failureOf(selectWatchlist(db, list, 2))).to.match(/^NotFoundError/);
    expect(await failureOf(selectWatchlist(db, list, undefined))).to.match(/^NotFoundError/);
    await editWatchlist(db, alice, list, { public: true });
    for (const attempt of attempts) expect(await failureOf(attempt())).to.match(/^ForbiddenError/);
    const copy = await copyWatchlist(db, bob, list);
    expect(await stored(copy)).to.deep.equal(sources);
    expect(await selectWatchlist(db, copy, 2)).to.include({
      name: 'x',
      public: false,
      radiusArcsec: 7,
      sources: 3,
    });
    const again = await copyWatchlist(db, bob, list);
    expect((await selectWatchlist(db, again, 2)).name).to.equal('x (2)');
    const ofBob = await selectWatchlists(db, { ownerId: 2, withPublic: true, limit: 10 });
    expect(ofBob.total).to.equal(3);
    const seen = await selectWatchlists(db, { withPublic: true, limit: 10 });
    expect(seen.lists.map(({ watchlistId }) => watchlistId)).to.deep.equal([list]);
  });

  it('refuse names twice, cones over too much of the sky, and too many sources', async () => {
    await createWatchlist(db, alice, { name: 'Été' }, sources);
    expect(await failureOf(createWatchlist(db, alice, { name: 'été' }, []))).to.match(
      /InvalidInputError: There is a watchlist called/,
    );
    await createWatchlist(db, bob, { name: 'été' }, []);
    const wide = Array.from({ length: 1_300 }, (_, n) => ({
      name: `w${n}`,
      ra: n / 4,
      decl: 0,
      radiusArcsec: n === 0 ? 10 : null,
    }));
    const large = { name: 'wide', radiusArcsec: 3_600 };
    expect(await failureOf(createWatchlist(db, alice, large, wide))).to.match(
      /would cover 40\d\d square degrees; the most are 4000/,
    );
    const list = await createWatchlist(db, alice, { name: 'wide', radiusArcsec: 60 }, wide);
    expect(await failureOf(editWatchlist(db, alice, list, { radiusArcsec: 3_600 }))).to.match(
      /square degrees/,
    );
    expect((await selectWatchlist(db, list, 1)).radiusArcsec).to.equal(60);
  });

  it('take 100,000 sources, give them all back, and no more', async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({
      name: `n${n}`,
      ra: n * 0.0036,
      decl: -90 + n * 0.0018,
      radiusArcsec: n % 2 === 0 ? null : 1.5,
    }));
    const list = await createWatchlist(db, alice, { name: 'many' }, many);
    let at = 0;
    for await (const { name, ra, decl, radiusArcsec } of exportSources(db, list)) {
      if (name !== many[at].name || ra !== many[at].ra || decl !== many[at].decl)
        throw new Error(`${name} is not ${many[at].name}`);
      if (radiusArcsec !== many[at++].radiusArcsec) throw new Error(`${name} has another radius`);
    }
    expect(at).to.equal(100_000);
    expect(await failureOf(appendSources(db, alice, list, sources))).to.match(
      /would have 100003 sources; the most are 100000/,
    );
    expect((await selectWatchlist(db, list, 1)).sources).to.equal(100_000);
  });
});
