import { expect } from 'chai';

import { SURVEYS } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Database } from '../../../common/store/database.ts';
import type { ObjectPlace } from '../../../common/store/places.ts';
import {
  appendSources,
  copyWatchlist,
  createWatchlist,
  deleteWatchlist,
  editSource,
  editWatchlist,
  removeSources,
} from '../../../common/store/lists/watchlist-edits.ts';
import { selectMatchesOf, selectOpenMatches } from '../../../common/store/lists/list-matches.ts';
import { listSources } from '../../../common/store/lists/watchlist-sources.ts';
import type { WatchlistSource } from '../../../common/watchlists/watchlist.ts';
import { loadList } from '../../../post_ingest/watchlists/matched-list.ts';
import { matchPortion } from '../../../post_ingest/watchlists/match-list.ts';
import { seededRandom } from '../../common/astro/reference.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { freshDatabase } from '../../servers.ts';
import { lsstNumber, moved, storePlaces, ztfName } from '../placed-objects.ts';
import { expectedHits, matchAll, NOW, objectsAround, randomSources, storedHits } from './sky.ts';

describe('matchPast', () => {
  const random = seededRandom(11);
  const sources = randomSources(160, random);
  const objects: Record<Survey, ObjectPlace[]> = {
    ztf: objectsAround('ztf', sources, 5, random),
    lsst: objectsAround('lsst', sources, 5, random),
  };
  const editor = { userId: 1, now: NOW };
  const other = { userId: 2, now: NOW };
  let db: Database;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
    await insertRows(db, 'glint', 'users', [
      { user_id: 1, name: 'alice', email: 'a@example.org' },
      { user_id: 2, name: 'bob', email: 'b@example.org' },
    ]);
  });
  afterEach(() => db.close());

  async function storeAll() {
    for (const survey of SURVEYS) await storePlaces(db, survey, objects[survey]);
  }

  it('finds what comparing everything finds: poles, RA 0, all radii, both surveys', async () => {
    await storeAll();
    const list = await createWatchlist(db, editor, { name: 'all', radiusArcsec: 5 }, sources);
    expect(await matchAll(db)).to.equal(2);
    for (const survey of SURVEYS) {
      const expected = expectedHits(objects[survey], sources, 5);
      expect(expected.length).to.be.greaterThan(400);
      expect(await storedHits(db, survey, list), survey).to.deep.equal(expected);
    }
    const matches = await selectMatchesOf(db, 'watchlist', list);
    expect(
      matches.map(({ survey, done, total, problem }) => [survey, done, total, problem]),
    ).to.deep.equal([
      ['ztf', 160, 160, ''],
      ['lsst', 160, 160, ''],
    ]);
    expect(matches[0].hits).to.equal(
      new Set(expectedHits(objects.ztf, sources, 5).map((hit) => hit.split(' ')[0])).size,
    );
    expect(await matchAll(db), 'nothing is left to do').to.equal(0);
  });

  it('follows another radius, sources added, changed and removed', async () => {
    await storeAll();
    const list = await createWatchlist(db, editor, { name: 'all', radiusArcsec: 5 }, sources);
    await matchAll(db);
    const check = async (now: readonly WatchlistSource[], radius: number, what: string) => {
      await matchAll(db);
      for (const survey of SURVEYS) {
        const expected = expectedHits(objects[survey], now, radius);
        expect(await storedHits(db, survey, list), `${what} ${survey}`).to.deep.equal(expected);
      }
    };
    await editWatchlist(db, editor, list, { radiusArcsec: 9 });
    await check(sources, 9, 'larger');
    await editWatchlist(db, editor, list, { radiusArcsec: 2 });
    await check(sources, 2, 'smaller');
    const stored = (await listSources(db, list, { limit: 1_000 })).sources;
    await removeSources(
      db,
      editor,
      list,
      stored.slice(0, 60).map(({ coneId }) => coneId),
    );
    await check(sources.slice(60), 2, 'removed');
    expect(await appendSources(db, editor, list, sources.slice(50, 70))).to.deep.equal({
      added: 10,
      known: 10,
    });
    await check(sources.slice(50), 2, 'added');
    await editSource(db, editor, list, stored[100].coneId, {
      name: 'other name',
      radiusArcsec: 60,
    });
    const edited = sources
      .slice(50)
      .map((each) =>
        each.name === 's100' ? { ...each, name: 'other name', radiusArcsec: 60 } : each,
      );
    await check(edited, 2, 'changed');
  });

  it('goes on where it was when it was killed, and begins anew for a newer version', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      name: `n${n}`,
      ra: (n * 0.11) % 360,
      decl: -80 + n * 0.05,
      radiusArcsec: null,
    }));
    const places = many.map((source, n) => ({ id: ztfName(n), ...moved(source, 1, n) }));
    await storePlaces(db, 'ztf', places);
    const list = await createWatchlist(db, editor, { name: 'many' }, many);
    const [, first] = (await selectOpenMatches(db, 'watchlist')).sort((a, b) =>
      a.survey.localeCompare(b.survey),
    );
    const loaded = await loadList(db, list);
    if (loaded === undefined) throw new Error('the list is gone');
    const swept = await matchPortion(db, loaded, first, () => NOW);
    const half = swept && (await matchPortion(db, loaded, swept, () => NOW));
    expect(half).to.include({ survey: 'ztf', endedAt: null });
    expect(half?.done).to.be.within(500, 2_500);
    expect((await storedHits(db, 'ztf', list)).length).to.equal(half?.hits);
    // Another process goes on from what is stored.
    expect((await selectMatchesOf(db, 'watchlist', list))[0].nextKey).to.equal(half?.nextKey);
    await matchAll(db);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal(
      places.map(({ id }, n) => `${id} n${n}`).sort(),
    );
    // One that still works on what was changed meanwhile writes nothing.
    await editWatchlist(db, editor, list, { radiusArcsec: 0.5 });
    expect(half && (await matchPortion(db, loaded, half, () => NOW))).to.equal(undefined);
    await matchAll(db);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([]);
  });

  it('leaves lists that are not active what they have, and gives them nothing new', async () => {
    const source = { name: 'a', ra: 10, decl: 10, radiusArcsec: null };
    await storePlaces(db, 'ztf', [{ id: ztfName(1), ra: 10, decl: 10 }]);
    const list = await createWatchlist(db, editor, { name: 'x' }, [source]);
    await matchAll(db);
    await editWatchlist(db, editor, list, { active: false });
    await storePlaces(db, 'ztf', [{ id: ztfName(2), ra: 10, decl: 10 }]);
    await matchAll(db);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${ztfName(1)} a`]);
    await editWatchlist(db, editor, list, { active: true });
    await matchAll(db);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${ztfName(1)} a`, `${ztfName(2)} a`]);
  });

  it('deletes lists with all they had, and copies them with hits of their own', async () => {
    await storeAll();
    const list = await createWatchlist(db, editor, { name: 'x', public: true }, sources);
    await matchAll(db);
    const copy = await copyWatchlist(db, other, list);
    await deleteWatchlist(db, editor, list);
    await matchAll(db);
    for (const survey of SURVEYS) {
      expect(await storedHits(db, survey, list)).to.deep.equal([]);
      const expected = expectedHits(objects[survey], sources, 5);
      expect(await storedHits(db, survey, copy)).to.deep.equal(expected);
    }
    const [[cones, matches]] = await db.arrays(
      'SELECT (SELECT COUNT(*) FROM glint.watchlist_cones WHERE wl_id = :list), (SELECT COUNT(*) FROM glint.list_matches WHERE list_id = :list)',
      { list },
    );
    expect([Number(cones), Number(matches)]).to.deep.equal([0, 0]);
  });

  it('keeps the nearest of very many sources at one place', async () => {
    const crowd = Array.from({ length: 150 }, (_, n) => ({
      name: `c${n}`,
      ...moved({ ra: 50, decl: -20 }, 0.01 * (150 - n), 3 * n),
      radiusArcsec: null,
    }));
    await storePlaces(db, 'ztf', [{ id: ztfName(1), ra: 50, decl: -20 }]);
    const list = await createWatchlist(db, editor, { name: 'crowd' }, crowd);
    await matchAll(db);
    const expected = crowd.slice(50).map(({ name }) => `${ztfName(1)} ${name}`);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal(expected.sort());
  });

  it('finds objects of Rubin that have no cell by their detections', async () => {
    const [seen, unseen] = [lsstNumber(1), lsstNumber(2)];
    await storePlaces(db, 'lsst', [
      { id: seen, ra: 10, decl: 10 },
      { id: unseen, ra: 20, decl: 20 },
    ]);
    await db.execute(
      'UPDATE lsst.objects SET ra = NULL, decl = NULL, hpx29 = NULL WHERE diaObjectId = :unseen',
      { unseen: BigInt(unseen) },
    );
    const list = await createWatchlist(db, editor, { name: 'x' }, [
      { name: 'a', ra: 10, decl: 10, radiusArcsec: null },
      { name: 'b', ra: 20, decl: 20, radiusArcsec: null },
    ]);
    await matchAll(db);
    expect(await storedHits(db, 'lsst', list)).to.deep.equal([`${seen} a`, `${unseen} b`]);
  });
});
