import { expect } from 'chai';

import { ALL_TABLES } from '../../../common/schema/tables.ts';
import { DICTIONARY, findTable, tablesFor } from '../../../common/sql/dictionary.ts';

describe('the dictionary of queries', () => {
  it('has every public table and nothing else', () => {
    for (const survey of ['ztf', 'lsst'] as const) {
      const names = tablesFor(survey).map(({ database, name }) => `${database}.${name}`);
      const wanted = ALL_TABLES.filter(
        ({ database, isPublic }) => isPublic && (database === survey || database === 'glint'),
      ).map(({ database, name }) => `${database}.${name}`);
      expect(names).to.have.members(wanted);
      expect(DICTIONARY[survey].has('users')).to.equal(false);
      expect(DICTIONARY[survey].has('histories')).to.equal(false);
    }
  });

  it('knows tables in any case and by the names of Lasair', () => {
    expect(findTable('ztf', 'OBJECTS')?.name).to.equal('objects');
    expect(findTable('lsst', 'objects_ext')).to.equal(findTable('lsst', 'objects'));
    expect(findTable('lsst', 'diasources')?.name).to.equal('diaSources');
    expect(findTable('lsst', 'candidates')).to.equal(undefined);
    const classifications = findTable('ztf', 'sherlock_classifications');
    expect(classifications?.byName.get('transient_object_id')?.name).to.equal('objectId');
  });

  it('says of columns what the description says, and of none that it is kept in bytes', () => {
    const gmag = findTable('ztf', 'objects')?.byName.get('gmag');
    expect(gmag).to.include({ name: 'gmag', type: 'float', unit: 'mag' });
    expect(gmag?.source).to.deep.equal({ database: 'ztf', table: 'objects', column: 'gmag' });
    const kinds = [...DICTIONARY.ztf.values(), ...DICTIONARY.lsst.values()].flatMap((table) =>
      table.columns.map(({ kept }) => kept),
    );
    expect(kinds).not.to.include('blob');
  });

  it('has no owner of a private row, and no name that the SQL makes up', () => {
    for (const table of [...DICTIONARY.ztf.values(), ...DICTIONARY.lsst.values()]) {
      for (const name of table.byName.keys()) {
        expect(name).not.to.match(/^glint_owner$|^glint_public$|^c\d+$/);
      }
    }
  });
});
