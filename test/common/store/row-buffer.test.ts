import { expect } from 'chai';

import { createRowBuffer, floatText } from '../../../common/store/row-buffer.ts';
import { seededRandom } from '../astro/reference.ts';

/** Numbers of single precision, of every size. */
function someFloats(count: number): number[] {
  const random = seededRandom(29);
  const words = new Uint32Array(1);
  const floats = new Float32Array(words.buffer);
  return Array.from({ length: count }, () => {
    words[0] = Math.floor(2 ** 32 * random());
    return floats[0];
  }).filter(Number.isFinite);
}

function written(write: (rows: ReturnType<typeof createRowBuffer>) => void): string {
  const rows = createRowBuffer(1);
  write(rows);
  rows.endRow();
  return rows.view().toString('latin1');
}

describe('createRowBuffer', () => {
  it('writes numbers of single precision in digits that give them back', () => {
    const floats = [...someFloats(20_000), 0, -0, 1, 0.1, 17.855722, 99_999_999, 1e9, 1e-4, 9e-5]
      .map(Math.fround)
      .concat(Array.from({ length: 2_000 }, (_, i) => Math.fround(i / 64 - 7)));
    for (const value of floats) {
      expect(Math.fround(Number(floatText(value))), String(value)).to.equal(value + 0);
      const line = written((rows) => rows.float(value));
      expect(Math.fround(Number(line)), line).to.equal(value + 0);
    }
  });

  it('writes whole numbers and any other as JavaScript does', () => {
    const random = seededRandom(31);
    const numbers = [
      0,
      -0,
      7,
      -7,
      10,
      99,
      100,
      2 ** 31,
      -(2 ** 31),
      2 ** 53,
      1e15,
      1e21,
      0.1,
      -2.5e-9,
    ]
      .concat(
        Array.from({ length: 2_000 }, () => Math.round((random() - 0.5) * 10 ** (20 * random()))),
      )
      .concat(Array.from({ length: 2_000 }, () => 2_460_000 + random() * 1e3));
    for (const value of numbers)
      expect(written((rows) => rows.number(value))).to.equal(`${value}\n`);
    for (const value of [NaN, Infinity, -Infinity, null, undefined])
      expect(written((rows) => rows.number(value))).to.equal('\\N\n');
  });

  it('writes 64-bit numbers exactly', () => {
    const edges = [0n, 1n, 10n ** 15n, 2n ** 53n, 2n ** 63n - 1n].flatMap((n) => [
      n,
      -n,
      n + 1n,
      n - 1n,
    ]);
    for (const value of edges) expect(written((rows) => rows.long(value))).to.equal(`${value}\n`);
    expect(written((rows) => rows.long(null))).to.equal('\\N\n');
  });
});
