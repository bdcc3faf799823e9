import { expect } from 'chai';

import { ALL_TABLES } from '../../common/schema/tables.ts';
import { describeColumns, forBandPairs, forBands } from '../../common/schema/describe.ts';
import { columnFamilies } from '../../webapp/column-families.ts';

describe('columnFamilies', () => {
  it('puts the same of every band together, and keeps the rest apart', () => {
    const families = columnFamilies([
      ...describeColumns('ra double deg - Right ascension.'),
      ...forBands(
        'gri',
        `
        mag*min float mag - Brightest in *.
        *_err float mag - Error of mag*min and *_x.`,
      ),
      ...forBandPairs('gri', '*_%_colour float mag - Last *-%.'),
    ]);
    expect(families.map(({ name, members }) => [name, members.map(({ bands }) => bands)])).to.eql([
      ['ra', ['']],
      ['mag∗min', ['g', 'r', 'i']],
      ['g_err', ['']],
      ['r_err', ['']],
      ['i_err', ['']],
      ['∗_∗_colour', ['g r', 'r i']],
    ]);
    expect(families[1].description).to.equal('Brightest in ∗.');
  });

  it('keeps apart what differs from Lasair in one band only', () => {
    const columns = forBands('gr', 'n* int - - Number in *.');
    const [g, r] = columns;
    expect(columnFamilies([g, { ...r, differs: 'i counts as r' }])).to.have.length(2);
    expect(columnFamilies([g, { ...r, unit: 'mag' }])).to.have.length(2);
    expect(columnFamilies(columns)).to.have.length(1);
  });

  it('loses no column of any table', () => {
    for (const { database, name, columns } of ALL_TABLES) {
      const members = columnFamilies(columns).flatMap((family) => family.members);
      expect(
        members.map(({ column }) => column.name),
        `${database}.${name}`,
      ).to.have.members(columns.map((column) => column.name));
    }
  });
});
