import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { icrsToGalactic } from '../../../common/astro/coordinates.ts';
import { SetupError } from '../../../common/errors.ts';
import { openDustMaps } from '../../../common/fits/dust-maps.ts';
import { randomPosition, seededRandom } from '../astro/reference.ts';
import { testFolder } from '../../servers.ts';
import { dustMap } from './dust-map-files.ts';

let folders = 0;
function folderWith(files: { ngp?: Buffer; sgp?: Buffer }): string {
  const folder = join(testFolder(), `dust-${folders++}`);
  mkdirSync(folder, { recursive: true });
  for (const [pole, bytes] of Object.entries(files))
    writeFileSync(join(folder, `SFD_dust_4096_${pole}.fits`), bytes);
  return folder;
}

describe('openDustMaps', () => {
  const gradient = (column: number, row: number) => 1 + column / 64 + row / 4096;

  it('has none where none were given', () => {
    expect(openDustMaps(undefined)).to.equal(null);
    expect(openDustMaps(null)).to.equal(null);
  });

  it('reads the hemisphere of each position, linear between the pixels', () => {
    const north = dustMap(1, gradient);
    const south = dustMap(-1, (column, row) => -gradient(column, row));
    const maps = openDustMaps(folderWith({ ngp: north, sgp: south }));
    const random = seededRandom(5);
    let southern = 0;
    for (let i = 0; i < 500; i++) {
      const { ra, dec } = randomPosition(random);
      const { l, b } = icrsToGalactic(ra, dec);
      // Schlegel, Finkbeiner & Davis 1998, eq. C1, written as it stands there.
      const n = b >= 0 ? 1 : -1;
      const radius = 32 * Math.sqrt(1 - n * Math.sin((b * Math.PI) / 180));
      const x = radius * Math.cos((l * Math.PI) / 180) + 31.5;
      const y = -n * radius * Math.sin((l * Math.PI) / 180) + 31.5;
      const [column, row] = [x, y].map((at) => Math.min(Math.max(at, 0), 63));
      expect(maps?.ebvAt(ra, dec)).to.be.closeTo(n * gradient(column, row), 1e-6);
      if (b < 0) southern++;
    }
    expect(southern).to.be.within(200, 300);
    maps?.close();
  });

  it('gives the pole its middle, and nothing for blank pixels or what is no position', () => {
    const ngp = dustMap(1, (column, row) => (column > 40 ? NaN : 0.01 * (column + row)));
    const maps = openDustMaps(folderWith({ ngp, sgp: dustMap(-1, gradient) }));
    // The north Galactic pole, and a place at l = 0 north of the plane.
    expect(maps?.ebvAt(192.859481, 27.128251)).to.be.closeTo(0.63, 1e-5);
    expect(maps?.ebvAt(235, -3)).to.equal(null);
    for (const [ra, dec] of [
      [NaN, 0],
      [0, NaN],
      [0, 90.1],
      [Infinity, 0],
    ])
      expect(maps?.ebvAt(ra, dec)).to.equal(null);
    maps?.close();
  });

  it('says which file is missing or wrong, and why', () => {
    const [ngp, sgp] = [dustMap(1, gradient), dustMap(-1, gradient)];
    const wrong: [string, { ngp?: Buffer; sgp?: Buffer }, string][] = [
      ['no file', {}, 'ngp.fits cannot be opened'],
      ['one file', { ngp }, 'sgp.fits cannot be opened'],
      ['hemispheres exchanged', { ngp: sgp, sgp: ngp }, 'its LAM_NSGP is -1 and not 1'],
      ['no FITS', { ngp: Buffer.from('a picture'), sgp }, 'its header has no end'],
      ['cut short', { ngp, sgp: sgp.subarray(0, 10_000) }, 'it is cut short'],
      ['integers', { ngp: dustMap(1, gradient, { BITPIX: '16' }), sgp }, 'its BITPIX is 16'],
      ['no scale', { ngp: dustMap(1, gradient, { LAM_SCAL: '0' }), sgp }, 'its LAM_SCAL is 0'],
    ];
    for (const [what, files, message] of wrong) {
      const folder = folderWith(files);
      expect(() => openDustMaps(folder), what).to.throw(SetupError, message);
    }
  });
});
