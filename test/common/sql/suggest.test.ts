import { expect } from 'chai';

import { closest, editDistance } from '../../../common/sql/suggest.ts';

describe('suggestions', () => {
  it('count letters put in, left out, changed and exchanged', () => {
    expect(editDistance('', '')).to.equal(0);
    expect(editDistance('kitten', 'sitting')).to.equal(3);
    expect(editDistance('gmag', 'gmga')).to.equal(1);
    expect(editDistance('', 'abc')).to.equal(3);
    // The restricted form: no part is changed twice (Damerau's own would be 2).
    expect(editDistance('ca', 'abc')).to.equal(3);
  });

  it('are the same from both sides, and break off above a limit', () => {
    expect(editDistance('objectid', 'objetcidd')).to.equal(editDistance('objetcidd', 'objectid'));
    expect(editDistance('abcdefgh', 'zyxwvuts', 2)).to.equal(3);
  });

  it('find the nearest, without regard to case, and nothing where nothing is near', () => {
    const columns = ['gmag', 'rmag', 'objectId', 'jdmax', 'jdmin'];
    expect(closest('gmagg', columns)).to.equal('gmag');
    expect(closest('OBJECTD', columns)).to.equal('objectId');
    expect(closest('jdmxa', columns)).to.equal('jdmax');
    expect(closest('redshift', columns)).to.equal(undefined);
    expect(closest('', columns)).to.equal(undefined);
    expect(closest('x'.repeat(10_000), columns)).to.equal(undefined);
  });

  it('prefer words that begin alike', () => {
    expect(closest('jdmix', ['ndmix', 'jdmin'])).to.equal('jdmin');
  });
});
