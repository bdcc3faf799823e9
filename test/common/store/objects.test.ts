import { expect } from 'chai';

import type { Database } from '../../../common/store/database.ts';
import {
  parseObjectId,
  selectNewestObjects,
  selectObjects,
  selectObjectsInCone,
} from '../../../common/store/objects.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import { insert } from '../../webapp/seed-rows.ts';
import { freshDatabase } from '../../servers.ts';

describe('parseObjectId', () => {
  it('tells the surveys apart by the form of the name', () => {
    expect(parseObjectId('ZTF18acruwxq')).to.deep.equal({ survey: 'ztf', id: 'ZTF18acruwxq' });
    expect(parseObjectId(' ztf18ACRUWXQ ')).to.deep.equal({ survey: 'ztf', id: 'ZTF18acruwxq' });
    expect(parseObjectId('313637921267122191')).to.deep.equal({
      survey: 'lsst',
      id: '313637921267122191',
    });
    for (const text of ['', '0', '-5', '9223372036854775808', 'ZTF18acruwx', '١٢٣', 'SN2011fe']) {
      expect(parseObjectId(text), text).to.equal(undefined);
    }
  });
});

describe('objects in the database', () => {
  let db: Database;
  const place = async (objectId: string, ra: number, dec: number, jdmax: number) => {
    const counts = { ncand: 1, ncandpos: 1, nnoncand: 0, nforced: 0 };
    const bands = { ncandg: 0, ncandr: 1, ncandi: 0 };
    await insert(db, 'ztf', 'objects', [
      {
        objectId,
        ...counts,
        ...bands,
        ramean: ra,
        decmean: dec,
        htm16: 1n,
        hpx29: hpx29(ra, dec),
        jdmin: jdmax,
        jdmax,
      },
    ]);
  };
  before(async () => {
    ({ db } = await freshDatabase());
    await place('ZTF20aaaaaaa', 0.0005, 10, 1);
    await place('ZTF20aaaaaab', 359.9995, 10, 3);
    await place('ZTF20aaaaaac', 123, 89.9995, 2);
    await place('ZTF20aaaaaad', 303, 89.9995, 4);
    await place('ZTF20aaaaaae', 0.01, 10, 5);
  });
  after(() => db.close());

  const namesIn = async (ra: number, dec: number, radiusArcsec: number) =>
    (await selectObjectsInCone(db, 'ztf', { ra, dec }, radiusArcsec)).hits.map(
      (hit) => hit.object.id,
    );

  it('finds what lies in a cone across RA 0 and over the pole, nearest first', async () => {
    expect(await namesIn(359.9999, 10, 5)).to.deep.equal(['ZTF20aaaaaab', 'ZTF20aaaaaaa']);
    expect(await namesIn(0, 90, 5)).to.have.members(['ZTF20aaaaaac', 'ZTF20aaaaaad']);
    expect(await namesIn(123, 89.9995, 3.5)).to.deep.equal(['ZTF20aaaaaac']);
    // The two are 3.6 arcsec apart, over the pole.
    expect(await namesIn(123, 89.9995, 3.7)).to.deep.equal(['ZTF20aaaaaac', 'ZTF20aaaaaad']);
    expect(await namesIn(200, 10, 3_600)).to.deep.equal([]);
  });

  it('reads objects by name and the newest first', async () => {
    const found = await selectObjects(db, 'ztf', ['ZTF20aaaaaaa', 'ZTF99zzzzzzz', "' OR 1=1"]);
    expect(found.map((object) => object.id)).to.deep.equal(['ZTF20aaaaaaa']);
    const newest = await selectNewestObjects(db, 'ztf', 2);
    expect(newest.map((object) => object.id)).to.deep.equal(['ZTF20aaaaaae', 'ZTF20aaaaaad']);
  });
});
