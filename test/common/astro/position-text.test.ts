import { expect } from 'chai';

import {
  formatDecSexagesimal,
  formatRaSexagesimal,
  parsePosition,
} from '../../../common/astro/position-text.ts';
import { randomPosition, seededRandom } from './reference.ts';

describe('formatRaSexagesimal and formatDecSexagesimal', () => {
  it('write published positions', () => {
    expect(formatRaSexagesimal(10.684708, 2)).to.equal('00:42:44.33');
    expect(formatDecSexagesimal(41.26875, 1)).to.equal('+41:16:07.5');
  });

  it('never show 60 and carry through to the next day and degree', () => {
    expect(formatRaSexagesimal(359.9999999, 2)).to.equal('00:00:00.00');
    expect(formatRaSexagesimal(14.99999999, 3)).to.equal('01:00:00.000');
    expect(formatDecSexagesimal(9.99999999, 2)).to.equal('+10:00:00.00');
    expect(formatDecSexagesimal(-89.99999999, 0)).to.equal('-90:00:00');
  });

  it('keep the sign of -00 degrees, and give zero a plus', () => {
    expect(formatDecSexagesimal(-0.5, 1)).to.equal('-00:30:00.0');
    expect(formatDecSexagesimal(-0.0000001, 1)).to.equal('+00:00:00.0');
    expect(formatDecSexagesimal(-0, 0)).to.equal('+00:00:00');
  });

  it('are read back to what they wrote', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 2_000; i++) {
      const { ra, dec } = randomPosition(random);
      const text = `${formatRaSexagesimal(ra, 4)} ${formatDecSexagesimal(dec, 3)}`;
      expect(text).not.to.match(/:6\d/);
      const position = parsePosition(text);
      expect(position?.dec).to.be.closeTo(dec, 0.00051 / 3600);
      expect(position?.ra).to.be.closeTo(ra, (0.000051 * 15) / 3600);
    }
  });
});

describe('parsePosition', () => {
  const expected = { ra: 153.12708333333333, dec: -0.5 };
  const sexagesimal = [
    '10:12:30.5 -00:30:00',
    '10:12:30.5-00:30:00',
    '10:12:30.5,-0:30',
    '10 12 30.5 -00 30 00',
    '10 12 30.5 - 00 30 00',
    '10;12;30.5|-00;30\t00',
    '10h12m30.5s -00d30m00s',
    '10h12m30.5 -00d30m',
    '10h 12m 30.5s, -00° 30\' 00"',
    '10 h 12 min 30.5 sec −0 deg 30 arcmin'.replace(' arcmin', 'm'),
    '10ʰ'.replace('ʰ', 'h') + '12′30.5″ –0°30′',
    'RA: 10:12:30.5, Dec: -00:30:00',
    '153.12708333333333d -0.5d',
    '153.12708333333333 -0.5',
    '153.12708333333333-0.5',
    '153d07m37.5s -.5',
    '10h12.508333333333333m -0d30m',
  ];
  for (const text of sexagesimal) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const position = parsePosition(text);
      expect(position?.ra).to.be.closeTo(expected.ra, 1e-10);
      expect(position?.dec).to.be.closeTo(expected.dec, 1e-12);
      expect(position).not.to.have.property('radiusArcsec');
    });
    it(`reads a radius behind ${JSON.stringify(text)}`, () => {
      const position = parsePosition(`${text} 12.5`);
      expect(position?.radiusArcsec).to.equal(12.5);
      expect(position?.dec).to.be.closeTo(expected.dec, 1e-12);
    });
  }

  it('reads units of the radius', () => {
    expect(parsePosition('10 20 5"')?.radiusArcsec).to.equal(5);
    expect(parsePosition('10 20 5 arcsec')?.radiusArcsec).to.equal(5);
    expect(parsePosition("10d 20d 2'")?.dec).to.be.closeTo(20 + 2 / 60, 1e-12);
    expect(parsePosition('10d 20d 2arcmin')).to.deep.equal({ ra: 10, dec: 20, radiusArcsec: 120 });
    expect(parsePosition('10 20 0.5 deg')?.radiusArcsec).to.equal(1800);
  });

  it('takes RA on either side of the circle', () => {
    expect(parsePosition('-10 5')?.ra).to.equal(350);
    expect(parsePosition('360 5')?.ra).to.equal(0);
    expect(parsePosition('24:00:00 5')?.ra).to.equal(0);
  });

  const refused = [
    '',
    ' ',
    '10',
    '1 2 3 4',
    '1 2 3 4 5',
    '1 2 3 4 5 6 7 8',
    'ZTF18abcdefg',
    'AT2019abc',
    '170112044512575500',
    '361 0',
    '10 91',
    '10 -90.001',
    '25:00:00 0',
    '10:61:00 0',
    '10:12:-30 0',
    '10:12.5:30 0',
    '-10:12:30 0',
    '10: 0',
    '10 20 0',
    '10 20 -5',
    '10 20 1e400',
    '1e400 0',
    'NaN NaN',
    '10h 20h',
    '10x 20y',
    '1 2; DROP TABLE objects',
    '10:20:30:40 5',
    '+ +',
  ];
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parsePosition(text)).to.equal(undefined);
    });
  }

  it('answers any text at once, without throwing', () => {
    const random = seededRandom(5);
    const alphabet = '0123456789.+-eEhdms°\'":,;| \tarcindegZ';
    for (let i = 0; i < 5_000; i++) {
      const text = Array.from(
        { length: random() * 40 },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('');
      const position = parsePosition(text);
      if (position === undefined) continue;
      expect(position.ra, text).to.be.within(0, 360);
      expect(position.dec, text).to.be.within(-90, 90);
    }
    expect(parsePosition(`${'1'.repeat(1_000_000)} 5`)).to.equal(undefined);
    expect(parsePosition(' '.repeat(199))).to.equal(undefined);
  });
});
