import { expect } from 'chai';

import type { ResultColumn } from '../../../common/sql/ast.ts';
import { chosenAxes, scatterFigure } from '../../../webapp/query/scatter-figure.ts';
import { findSkyColumns, skyPoints } from '../../../webapp/query/sky-columns.ts';
import { skyFigure } from '../../../webapp/query/sky-figure.ts';

const number = (name: string, more: Partial<ResultColumn> = {}): ResultColumn => ({
  name,
  type: 'double',
  ...more,
});
const marks = (svg: string) =>
  [...svg.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);

describe('positions in a result', () => {
  it('finds them by UCD, those of one table together, and by names that belong together', () => {
    const ra = number('a', { ucd: 'pos.eq.ra;meta.main' });
    const dec = number('b', { ucd: 'pos.eq.dec;meta.main' });
    expect(findSkyColumns([number('x'), dec, ra])).to.deep.equal({ ra: 2, dec: 1 });
    for (const [one, other] of [
      ['ramean', 'decmean'],
      ['ra', 'decl'],
      ['host_ra', 'host_dec'],
      ['raDeg', 'decDeg'],
    ]) {
      expect(findSkyColumns([number(one), number(other)]), one).to.deep.equal({ ra: 0, dec: 1 });
    }
    expect(findSkyColumns([number('ra'), number('host_dec')])).to.equal(undefined);
    expect(findSkyColumns([number('era'), number('decay')])).to.equal(undefined);
  });

  it('takes rows that have one', () => {
    const columns = [{ name: 'objectId', type: 'text' as const }, number('ra'), number('decl')];
    const rows = [
      ['ZTF26aaglint', 10, 20],
      ['ZTF26aaglinu', null, 20],
      ['x', 10, 95],
      ['not an object', 0, -90],
    ];
    const points = skyPoints(columns, rows, { ra: 1, dec: 2 });
    expect(points.map(({ row, id }) => [row, id])).to.deep.equal([
      [1, 'ZTF26aaglint'],
      [4, undefined],
    ]);
  });

  const point = (ra: number, dec: number) => ({
    ra,
    dec,
    row: 1,
    id: undefined,
    address: undefined,
  });

  it('draws what lies close together as a field, north up and east left, also across 0h', () => {
    const arcsec = 1 / 3600;
    const svg = skyFigure(
      [point(359.999, 0), point(0.001, 0), point(0, 5 * arcsec), point(0, -5 * arcsec)],
      'ztf',
    );
    expect(svg).to.contain('is-field').and.contain('E left of 0.00000 +0.00000');
    const [west, east, north, south] = marks(svg);
    expect(east[0]).to.be.lessThan(west[0]);
    expect(north[1]).to.be.lessThan(south[1]);
    // 3.6 arcsec to each side of the middle against 5 up and down.
    expect((west[0] - east[0]) / (south[1] - north[1])).to.be.closeTo(0.72, 0.01);
  });

  it('draws a field at the pole, and a single position', () => {
    const ring = [0, 90, 180, 270].map((ra) => point(ra, 89.99));
    const [a, b, c, d] = marks(skyFigure(ring, 'lsst'));
    expect(Math.hypot(a[0] - c[0], a[1] - c[1])).to.be.closeTo(
      Math.hypot(b[0] - d[0], b[1] - d[1]),
      0.3,
    );
    expect(marks(skyFigure([point(10, 10)], 'ztf'))).to.deep.equal([[320, 320]]);
  });

  it('draws the whole sky for what is spread over it', () => {
    const svg = skyFigure([point(0, 0), point(180, 0), point(90, 80)], 'ztf');
    expect(svg).to.contain('graticule').and.not.contain('is-field');
    expect(marks(svg)[1]).to.deep.equal([480, 240]);
  });
});

describe('a scatter plot', () => {
  const columns = [
    { name: 'objectId', type: 'text' as const },
    number('ramean', { ucd: 'pos.eq.ra;meta.main' }),
    number('gmag', { unit: 'mag' }),
    number('ncand', { type: 'int' }),
  ];

  it('chooses a brightness and what is not a position, or what is asked for', () => {
    const axes = chosenAxes(columns, [], '', '');
    expect([axes?.x.name, axes?.y.name]).to.deep.equal(['ncand', 'gmag']);
    const asked = chosenAxes(columns, [], 'gmag', 'ramean');
    expect([asked?.x.name, asked?.y.name]).to.deep.equal(['gmag', 'ramean']);
    const mostlyNull = chosenAxes(
      [number('aMag', { unit: 'mag' }), number('bMag', { unit: 'mag' }), number('n')],
      [
        [null, 18, 1],
        [null, 18, 2],
        [19, null, 3],
      ],
      '',
      '',
    );
    expect([mostlyNull?.x.name, mostlyNull?.y.name]).to.deep.equal(['n', 'bMag']);
    expect(chosenAxes(columns.slice(0, 2), [], '', '')).to.equal(undefined);
  });

  it('lets magnitudes grow downwards, and leaves out rows without both values', () => {
    const axes = chosenAxes(columns, [], 'ncand', 'gmag');
    if (axes === undefined) throw new Error('there are axes');
    const svg = scatterFigure(
      [
        ['a', 1, 16, 1],
        ['b', 1, 20, 2],
        ['c', 1, null, 3],
      ],
      axes,
    );
    const [bright, faint] = marks(svg);
    expect(marks(svg)).to.have.length(2);
    expect(bright[1]).to.be.lessThan(faint[1]);
    expect(svg).to.contain('gmag (mag)');
  });

  it('draws one point, equal points, none, and values of any size', () => {
    const axes = chosenAxes(columns, [], 'ncand', 'gmag');
    if (axes === undefined) throw new Error('there are axes');
    for (const values of [[], [18.5], [18.5, 18.5], [1e-300, 2e-300], [-1e300, 1e300], [0, 1e-9]]) {
      const svg = scatterFigure(
        values.map((value, i) => ['a', 1, value, i]),
        axes,
      );
      expect(marks(svg), String(values)).to.have.length(values.length);
      expect(svg).to.not.contain('NaN');
    }
  });

  it('lets no name of a column be markup', () => {
    const named = [number('<b>"x'), number('y')];
    const axes = chosenAxes(named, [], '', '');
    if (axes === undefined) throw new Error('there are axes');
    expect(scatterFigure([[1, 2]], axes)).to.not.contain('<b>');
  });
});
