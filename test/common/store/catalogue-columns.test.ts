import { expect } from 'chai';

import { knownColumns } from '../../../common/store/catalogue-columns.ts';
import type { CatalogueColumns } from '../../../common/store/catalogue-columns.ts';
import { freshDatabase } from '../../servers.ts';

describe('columns of a catalogue', () => {
  const columns: CatalogueColumns = {
    fields: ['_r', '_g', '_gErr', 'z'],
    kept: [],
    constants: { type: 'galaxy' },
    mainBands: ['_r', '_g'],
  };

  it('gives magnitude, error and band of one and the same band', async () => {
    const { db } = await freshDatabase();
    const known = knownColumns(columns, 'c');
    const select = async (r: string, g: string) => {
      const [row] = await db.arrays(
        `SELECT ${known.map(({ expression }) => expression).join(', ')} FROM (SELECT 'x' AS id, 1 AS ra, 2 AS decl, ${r} AS _r, ${g} AS _g, 0.5 AS _gErr, 3 AS z) c`,
      );
      return Object.fromEntries(row.map((value, i) => [known[i].field, value]));
    };
    try {
      const both = await select('18', '19');
      expect(Object.keys(both)).to.have.members(
        'id ra decl type _g _gErr _r mag magErr magFilter z'.split(' '),
      );
      expect(both).to.deep.include({ type: 'galaxy', magErr: null, magFilter: 'r' });
      expect(Number(both.mag)).to.equal(18);
      const one = await select('NULL', '19');
      expect(one.magFilter).to.equal('g');
      expect([Number(one.mag), Number(one.magErr)]).to.deep.equal([19, 0.5]);
      expect(await select('NULL', 'NULL')).to.deep.include({
        mag: null,
        magErr: null,
        magFilter: null,
      });
    } finally {
      await db.close();
    }
  });
});
