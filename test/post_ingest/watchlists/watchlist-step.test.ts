import { expect } from 'chai';

import { hpx29 } from '../../../common/astro/healpix.ts';
import { SURVEYS } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import type { Database } from '../../../common/store/database.ts';
import type { ObjectPlace } from '../../../common/store/places.ts';
import {
  createWatchlist,
  deleteWatchlist,
  editWatchlist,
  removeSources,
} from '../../../common/store/lists/watchlist-edits.ts';
import { listSources } from '../../../common/store/lists/watchlist-sources.ts';
import type { WatchlistSource } from '../../../common/watchlists/watchlist.ts';
import { watchlistStep } from '../../../post_ingest/watchlists/watchlist-step.ts';
import { seededRandom } from '../../common/astro/reference.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { freshDatabase } from '../../servers.ts';
import { asPlaced, moved, storePlaces, ztfName } from '../placed-objects.ts';
import { expectedHits, matchAll, NOW, objectsAround, randomSources, storedHits } from './sky.ts';

describe('watchlistStep', () => {
  const editor = { userId: 1, now: NOW };
  const here = { ra: 120, decl: 30 };
  const source: WatchlistSource = { name: 'a', ...here, radiusArcsec: null };
  const id = ztfName(1);
  let db: Database;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
    await insertRows(db, 'glint', 'users', [{ user_id: 1, name: 'alice', email: 'a@example.org' }]);
  });
  afterEach(() => db.close());

  const find = (survey: Survey, places: readonly ObjectPlace[]) =>
    watchlistStep.find(db, survey, asPlaced(places));
  async function run(survey: Survey, places: readonly ObjectPlace[]) {
    const server = await db.server();
    const found = await find(survey, places);
    await db.transaction((tx) => found.write(tx, server));
  }

  it('finds what comparing everything finds: poles, RA 0, all radii, both surveys', async () => {
    const random = seededRandom(5);
    const sources = randomSources(160, random);
    const lists = [
      await createWatchlist(db, editor, { name: 'one', radiusArcsec: 5 }, sources),
      await createWatchlist(db, editor, { name: 'two', radiusArcsec: 20 }, sources.slice(0, 50)),
    ];
    for (const survey of SURVEYS) {
      const places = objectsAround(survey, sources, 5, random);
      await run(survey, places);
      // Again: nothing changes.
      await run(survey, places);
      expect(await storedHits(db, survey, lists[0])).to.deep.equal(
        expectedHits(places, sources, 5),
      );
      const second = expectedHits(places, sources.slice(0, 50), 20);
      expect(second.length).to.be.greaterThan(100);
      expect(await storedHits(db, survey, lists[1])).to.deep.equal(second);
    }
  });

  it('takes a hit away from an object that moves out of the cone, and counts its sources apart', async () => {
    const close = { ...source, name: 'b', ...moved(here, 4, 0) };
    const list = await createWatchlist(db, editor, { name: 'x', radiusArcsec: 3 }, [source, close]);
    await run('ztf', [{ id, ...moved(here, 2, 0) }]);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${id} a`, `${id} b`]);
    await run('ztf', [{ id, ...moved(here, 3.5, 0) }]);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${id} b`]);
    await run('ztf', [{ id, ...moved(here, 30, 0) }]);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([]);
  });

  it('matches a list from the moment it is saved, and forgets what is switched off or deleted', async () => {
    const objects = [1, 2, 3, 4, 5].map((n) => ({ id: ztfName(n), ...here }));
    await run('ztf', [objects[0]]);
    const list = await createWatchlist(db, editor, { name: 'x' }, [source]);
    await run('ztf', [objects[1]]);
    await editWatchlist(db, editor, list, { active: false });
    await run('ztf', [objects[2]]);
    await editWatchlist(db, editor, list, { active: true, name: 'renamed' });
    await run('ztf', [objects[3]]);
    const { sources } = await listSources(db, list, { limit: 10 });
    await removeSources(db, editor, list, [sources[0].coneId]);
    await run('ztf', [objects[4]]);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([
      `${objects[1].id} a`,
      `${objects[3].id} a`,
    ]);
    await deleteWatchlist(db, editor, list);
    await run('ztf', [objects[4]]);
    await matchAll(db);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([]);
  });

  it('keeps the hits that lists had which are not active now, wherever objects move', async () => {
    const list = await createWatchlist(db, editor, { name: 'x' }, [source]);
    await run('ztf', [{ id, ...here }]);
    await editWatchlist(db, editor, list, { active: false });
    await run('ztf', [{ id, ra: 10, decl: 10 }]);
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${id} a`]);
  });

  it('looks again where a list was saved between finding and writing', async () => {
    const server = await db.server();
    const found = await find('ztf', [{ id, ...here }]);
    const list = await createWatchlist(db, editor, { name: 'x' }, [source]);
    // The past is matched before the batch is stored: it cannot see the object.
    await matchAll(db);
    await db.transaction((tx) => found.write(tx, server));
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${id} a`]);

    const again = await find('ztf', [{ id, ...here }]);
    await editWatchlist(db, editor, list, { radiusArcsec: 60 });
    await db.transaction((tx) => again.write(tx, server));
    expect(await storedHits(db, 'ztf', list)).to.deep.equal([`${id} a`]);
  });

  it('has whoever saves a list wait for batches that do not know it', async () => {
    const server = await db.server();
    const found = await find('ztf', [{ id, ...here }]);
    let list: Promise<number> | undefined;
    let isSaved = false;
    await db.transaction(async (tx) => {
      await found.write(tx, server);
      list = createWatchlist(db, editor, { name: 'x' }, [source]).finally(() => {
        isSaved = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(isSaved, 'the batch is not stored yet').to.equal(false);
      // The batch stores the object after it has looked at the lists.
      await storePlaces(db, 'ztf', [{ id, ...here }]);
    });
    const number = await list;
    await matchAll(db);
    expect(await storedHits(db, 'ztf', Number(number))).to.deep.equal([`${id} a`]);
  });

  it('finds every object exactly once while batches, saving and matching of the past go on together', async () => {
    const places = Array.from({ length: 120 }, (_, n) => ({
      id: ztfName(n),
      ...moved(here, 1, n),
    }));
    const server = await db.server();
    const lists: number[] = [];
    let isDone = false;
    const batches = async () => {
      for (let n = 0; n < places.length; n += 4) {
        const batch = places.slice(n, n + 4);
        const found = await find('ztf', batch);
        await db.transaction(async (tx) => {
          const histories = batch.map((place) => ({ objectId: place.id, version: 1 }));
          await insertRows(tx, 'ztf', 'histories', histories);
          await insertRows(tx, 'ztf', 'objects', batch.map(objectRow));
          await found.write(tx, server);
        });
      }
      isDone = true;
    };
    const saves = async () => {
      while (!isDone)
        lists.push(await createWatchlist(db, editor, { name: `l${lists.length}` }, [source]));
    };
    const past = async () => {
      while (!isDone) await matchAll(db);
    };
    await Promise.all([batches(), saves(), past()]);
    await matchAll(db);
    const expected = places.map((place) => `${place.id} a`).sort();
    for (const list of lists) expect(await storedHits(db, 'ztf', list)).to.deep.equal(expected);
  });
});

function objectRow({ id, ra, decl }: ObjectPlace) {
  return { objectId: id, ramean: ra, decmean: decl, hpx29: hpx29(ra, decl) };
}
