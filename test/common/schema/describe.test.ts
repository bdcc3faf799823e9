import { expect } from 'chai';

import { describeColumns, forBands } from '../../../common/schema/describe.ts';

describe('describeColumns', () => {
  it('reads name, type, unit, UCD and meaning', () => {
    expect(
      describeColumns(`
        candid! id - meta.id;meta.main Number of the detection.
        decl=dec double deg pos.eq.dec Declination,
          | ICRS.
          || Lasair rounds it,
          || and we do not.
        note text(16) - - Remark.`),
    ).to.deep.equal([
      {
        name: 'candid',
        type: 'id',
        required: true,
        ucd: 'meta.id;meta.main',
        description: 'Number of the detection.',
      },
      {
        name: 'decl',
        attribute: 'dec',
        type: 'double',
        unit: 'deg',
        ucd: 'pos.eq.dec',
        description: 'Declination, ICRS.',
        differs: 'Lasair rounds it, and we do not.',
      },
      { name: 'note', type: { text: 16 }, description: 'Remark.' },
    ]);
  });

  it('refuses what it cannot read', () => {
    expect(() => describeColumns('ra double deg')).to.throw('cannot be read: ra double deg');
    expect(() => describeColumns('ra real deg pos.eq.ra Right ascension.')).to.throw(
      'no column type real',
    );
  });
});

describe('forBands', () => {
  it('puts the letter of the band into names and meanings, its UCD into UCDs, and leaves units', () => {
    const columns = forBands('gz', '*_var float mag**2 stat.variance;* Variance in *.');
    expect(columns).to.deep.equal([
      {
        name: 'g_var',
        type: 'float',
        unit: 'mag**2',
        ucd: 'stat.variance;em.opt.B',
        description: 'Variance in g.',
      },
      {
        name: 'z_var',
        type: 'float',
        unit: 'mag**2',
        ucd: 'stat.variance;em.opt.I',
        description: 'Variance in z.',
      },
    ]);
  });
});
