import { expect } from 'chai';

import type { ListReference } from '../../../../common/sql/compile.ts';
import type { Database } from '../../../../common/store/database.ts';
import { lookUpLists } from '../../../../common/store/lists/look-up-lists.ts';
import { freshDatabase } from '../../../servers.ts';
import { insertRows } from '../insert-rows.ts';

describe('lookUpLists', () => {
  let db: Database;
  const [alice, bob] = [{ userId: 1 }, { userId: 2 }];
  const list = { active: 1, description: '' };
  before(async () => {
    ({ db } = await freshDatabase());
    await insertRows(db, 'glint', 'watchlists', [
      { wl_id: 1, user_id: 1, name: 'mine', public: 0, ...list },
      { wl_id: 2, user_id: 2, name: 'mine', public: 1, ...list },
      { wl_id: 3, user_id: 2, name: 'Mine', public: 0, ...list },
      { wl_id: 4, user_id: 2, name: '1', public: 1, ...list },
      { wl_id: 5, user_id: 2, name: "quote's; -- é", public: 1, ...list },
      { wl_id: 6, user_id: 2, name: "quote's; -- e", public: 1, ...list },
      { wl_id: 7, user_id: 2, name: '2026', public: 1, ...list },
    ]);
    await insertRows(db, 'glint', 'areas', [
      { ar_id: 1, user_id: 2, name: 'mine', public: 0, ...list },
    ]);
    await insertRows(db, 'glint', 'annotators', [
      { topic: 'Fink-ML', user_id: 2, public: 1, ...list },
      { topic: 'hidden', user_id: 2, public: 0, ...list },
    ]);
  });
  after(() => db?.close());

  const keys = async (
    token: ListReference['token'],
    name: string,
    reader: { userId: number } | undefined,
  ) => (await lookUpLists(db, reader, [{ token, name }])).map(({ key }) => key);

  it('finds by number what is public or the reader’s own, and nothing else', async () => {
    expect(await keys('watchlist', '1', alice)).to.deep.equal(['1']);
    expect(await keys('watchlist', '2', undefined)).to.deep.equal(['2']);
    expect(await keys('watchlist', '3', alice)).to.deep.equal([]);
    expect(await keys('watchlist', '3', bob)).to.deep.equal(['3']);
    expect(await keys('watchlist', '002', undefined)).to.deep.equal(['2']);
    expect(await keys('area', '1', alice)).to.deep.equal([]);
    expect(await keys('area', '1', bob)).to.deep.equal(['1']);
    for (const number of ['0', '99', '2147483648', '99999999999999999999', '-1', '1.5']) {
      expect(await keys('watchlist', number, alice), number).to.deep.equal([]);
    }
  });

  it('finds by name: as written, else in any case; own ones before those of others', async () => {
    expect(await keys('watchlist', 'mine', alice)).to.deep.equal(['1']);
    expect(await keys('watchlist', 'mine', undefined)).to.deep.equal(['2']);
    expect(await keys('watchlist', 'Mine', bob)).to.deep.equal(['3']);
    expect(await keys('watchlist', 'MINE', bob)).to.deep.equal(['2', '3']);
    expect(await keys('watchlist', 'MINE', alice)).to.deep.equal(['1']);
    expect(await keys('area', 'mine', bob)).to.deep.equal(['1']);
    expect(await keys('watchlist', 'nobody has this', bob)).to.deep.equal([]);
    expect(await keys('watchlist', '', bob)).to.deep.equal([]);
  });

  it('takes digits for a number first and for a name where no such number is to be seen', async () => {
    // To a visitor list 1 does not exist: the list that is called 1 is meant.
    expect(await keys('watchlist', '1', undefined)).to.deep.equal(['4']);
    expect(await keys('watchlist', '2026', undefined)).to.deep.equal(['7']);
  });

  it('tells apart what the server takes for the same, and takes any letters', async () => {
    expect(await keys('watchlist', "quote's; -- é", undefined)).to.deep.equal(['5']);
    expect(await keys('watchlist', "quote's; -- e", undefined)).to.deep.equal(['6']);
    expect(await keys('watchlist', '\u0000%_\u{1f52d}', undefined)).to.deep.equal([]);
    expect(await keys('annotator', 'fink-é', undefined)).to.deep.equal([]);
  });

  it('finds annotators by topic in any case', async () => {
    expect(await keys('annotator', 'fink-ml', undefined)).to.deep.equal(['Fink-ML']);
    expect(await keys('annotator', 'Fink-ML', alice)).to.deep.equal(['Fink-ML']);
    expect(await keys('annotator', 'hidden', alice)).to.deep.equal([]);
    expect(await keys('annotator', 'hidden', bob)).to.deep.equal(['hidden']);
  });

  it('answers all references of a query at once, each as it was asked', async () => {
    const references: ListReference[] = [
      { token: 'watchlist', name: '2' },
      { token: 'watchlist', name: 'mine' },
      { token: 'area', name: '9' },
      { token: 'annotator', name: 'FINK-ML' },
    ];
    expect(await lookUpLists(db, undefined, references)).to.deep.equal([
      { token: 'watchlist', name: '2', key: '2' },
      { token: 'watchlist', name: 'mine', key: '2' },
      { token: 'annotator', name: 'FINK-ML', key: 'Fink-ML' },
    ]);
    expect(await lookUpLists(db, undefined, [])).to.deep.equal([]);
  });
});
