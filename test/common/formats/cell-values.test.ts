import { expect } from 'chai';

import { parseNumber, parseNumberBytes } from '../../../common/formats/cell-values.ts';
import { seededRandom } from '../astro/reference.ts';

describe('values of cells', () => {
  const viaBytes = (text: string) => {
    const bytes = Buffer.from(`<${text}>`);
    return parseNumberBytes(bytes, 1, bytes.length - 1);
  };

  it('reads bytes to the very number that JavaScript reads', () => {
    const random = seededRandom(7);
    const texts = [
      '0',
      '-0',
      '1.',
      '.5',
      '+3',
      '1e5',
      '-2.5E-3',
      '1D2',
      '9007199254740993',
      '1e400',
    ];
    for (let i = 0; i < 20_000; i++) {
      const value = (random() - 0.5) * 10 ** Math.floor(random() * 20 - 6);
      texts.push(String(value), value.toFixed(Math.floor(random() * 15)), value.toPrecision(9));
    }
    for (const text of texts) {
      const expected = Number(text.replace('D', 'e'));
      const value = viaBytes(text);
      expect(value, text).to.equal(Number.isFinite(expected) ? expected : null);
    }
  });

  it('is not taken in by what only begins like a number', () => {
    for (const text of ['1.2.3', '1e', '--1', '+', '.', '12a', '1 2', '0x10', '1_000', '²']) {
      expect(viaBytes(text), text).to.be.NaN;
      expect(parseNumber(text), text).to.be.NaN;
    }
  });
});
