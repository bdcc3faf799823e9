import { expect } from 'chai';

import { parseMap } from '../../../post_ingest/catalogues/parse-map.ts';
import { presetNamed } from '../../../post_ingest/catalogues/presets/presets.ts';

describe('maps in words', () => {
  const parse = (...map: string[]) => parseMap({ map, keep: [] }, undefined);

  it('reads columns, alternatives and factors', () => {
    const map = parse(
      'ra=RA J2000, dec=DEJ2000',
      'id=Name|Alt, majorAxisArcsec=a*60,_r=rmag, z = z-best ',
    );
    expect(map.ra.column).to.deep.equal(['RA J2000']);
    expect(map.decl.column).to.deep.equal(['DEJ2000']);
    expect(map.id).to.deep.equal(['Name', 'Alt']);
    expect(map.fields).to.deep.equal({
      majorAxisArcsec: { column: ['a'], factor: 60 },
      _r: { column: ['rmag'] },
      z: { column: ['z-best'] },
    });
    expect([map.kind, map.otherwise, map.mainBands]).to.deep.equal(['mixed', 'other', ['_r']]);
  });

  it('reads rules of types', () => {
    const map = parseMap(
      { map: ['ra=a,dec=b'], keep: [], kind: 'agn', type: 'Cl: Q=agn, B*=galaxy, *=star' },
      undefined,
    );
    const typeOf = (value: string) =>
      map.types.find((rule) => 'is' in rule && rule.is.test(value))?.type ?? map.otherwise;
    expect(['Q', 'QX', 'B', 'Bxyz', 'x.'].map(typeOf)).to.deep.equal([
      'agn',
      'star',
      'galaxy',
      'galaxy',
      'star',
    ]);
  });

  it('changes a preset', () => {
    const map = parseMap(
      { map: ['id=designation'], keep: ['ruwe', 'flags=phot_variable_flag:text'] },
      presetNamed('gaia_dr3'),
    );
    expect(map.id).to.deep.equal(['designation']);
    expect(map.fields.G).to.deep.equal({ column: ['phot_g_mean_mag', 'Gmag'] });
    expect(map.kept.slice(-2)).to.deep.equal([
      { column: 'ruwe', name: 'ruwe' },
      { column: 'phot_variable_flag', name: 'flags', type: 'text' },
    ]);
  });

  it('says what it cannot read', () => {
    expect(() => parse('ra=x')).to.throw(/say where the position is/);
    expect(() => parse('ra=x,dec=y,colour=c')).to.throw(
      /there is no field colour: the fields are ra/,
    );
    expect(() => parse('ra=x,dec=y,type=c')).to.throw(/there is no field type/);
    expect(() => parse('ra')).to.throw(/"ra" cannot be read/);
    expect(() => parse('ra=x*0,dec=y')).to.throw(/"ra=x\*0" cannot be read/);
    const typed = (type: string) => () =>
      parseMap({ map: ['ra=x,dec=y'], keep: [], type }, undefined);
    for (const text of ['Q=agn', 'Cl: Q', 'Cl: Q=quasar', 'Cl: =agn']) {
      expect(typed(text), text).to.throw(/cannot be read: say COLUMN/);
    }
    const kept = (keep: string) => () => parseMap({ map: ['ra=x,dec=y'], keep: [keep] }, undefined);
    expect(kept('B-V')).to.throw(/cannot be named "B-V": say NAME=B-V/);
    expect(kept('Z')).to.throw(/a column Z of its own: say OTHER_NAME=Z/);
    expect(kept('reach')).to.throw(/a column reach of its own/);
  });
});
