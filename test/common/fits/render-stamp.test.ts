import { expect } from 'chai';
import sharp from 'sharp';

import { InvalidInputError } from '../../../common/errors.ts';
import { renderStampJpeg } from '../../../common/fits/render-stamp.ts';
import { seededRandom } from '../astro/reference.ts';

/** Grey values of a JPEG, row by row from the top. */
async function greys(jpeg: Buffer): Promise<{ at(x: number, y: number): number; width: number }> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, at: (x, y) => data[(y * info.width + x) * info.channels] };
}

/** Noise with a source on pixel (10, 20), counted from the first row. */
function starField(width: number, height: number): Float32Array {
  const random = seededRandom(23);
  const pixels = new Float32Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    pixels[i] = random() + 500 * Math.exp(-((x - 10) ** 2 + (y - 20) ** 2) / 8);
  }
  return pixels;
}

describe('renderStampJpeg', () => {
  it('shows the source bright on dark, the last row on top', async () => {
    const jpeg = await renderStampJpeg({ width: 63, height: 63, pixels: starField(63, 63) }, 63);
    const picture = await greys(jpeg);
    expect(picture.width).to.equal(63);
    expect(picture.at(10, 62 - 20)).to.be.above(220);
    expect(picture.at(50, 10)).to.be.below(80);
    expect(jpeg.length).to.be.below(4_000);
  });

  it('fills a stamp cut at an edge to a square, and missing pixels, with grey', async () => {
    const pixels = starField(63, 48);
    pixels.fill(NaN, 63 * 40, 63 * 46);
    const picture = await greys(await renderStampJpeg({ width: 63, height: 48, pixels }, 126));
    expect(picture.width).to.equal(126);
    expect(picture.at(60, 4)).to.be.closeTo(128, 6);
    expect(picture.at(60, 121)).to.be.closeTo(128, 6);
    // Row 43 of the file stands 7 rows below the upper edge of the square, and 12 of the stamp.
    expect(picture.at(60, 2 * (62 - 7 - 43) + 1)).to.be.closeTo(128, 6);
  });

  it('puts north up and east to the left whichever way the pixels run', async () => {
    const stamp = { width: 63, height: 63, pixels: starField(63, 63) };
    // The source is 21 columns before the middle and 11 rows before it.
    for (const [eastPerColumn, northPerRow, x, y] of [
      [-1, 1, 10, 42],
      [-1, -1, 10, 20],
      [1, 1, 52, 42],
      [1, -1, 52, 20],
    ]) {
      const sky = { eastPerColumn, eastPerRow: 0, northPerColumn: 0, northPerRow };
      const picture = await greys(await renderStampJpeg(stamp, 63, { sky }));
      expect(picture.at(x, y)).to.be.above(220);
      expect(picture.at(62 - x, 62 - y)).to.be.below(80);
    }
    const turned = { eastPerColumn: 0, eastPerRow: -1, northPerColumn: 1, northPerRow: 0 };
    const picture = await greys(await renderStampJpeg(stamp, 63, { sky: turned }));
    // East goes down the rows, north up the columns.
    expect(picture.at(20, 62 - 10)).to.be.above(220);
  });

  it('turns a stamp by any angle about its source, with all of it in the picture', async () => {
    const pixels = new Float32Array(900).map((_, i) => (i % 30) + Math.floor(i / 30) / 100);
    // A source ten rows above the middle, and north at 45 deg.
    const half = Math.SQRT1_2;
    const sky = {
      eastPerColumn: -half,
      eastPerRow: half,
      northPerColumn: half,
      northPerRow: half,
    };
    const view = { sky, source: { column: 14.5, row: 24.5 } };
    const picture = await greys(
      await renderStampJpeg({ width: 30, height: 30, pixels }, 200, view),
    );
    // The brightest columns are to the north-west of the source, the darkest to the south-east.
    expect(picture.at(100 + 20, 100 - 15)).to.be.above(picture.at(100 - 25, 100 + 30) + 40);
    // Where the stamp ends beyond the source there is grey.
    expect(picture.at(20, 20)).to.be.closeTo(128, 6);
    expect(picture.at(180, 180)).to.be.closeTo(128, 6);
  });

  it('keeps the source in the middle of a stamp cut off at an edge', async () => {
    const view = { source: { column: 10, row: 20 } };
    const jpeg = await renderStampJpeg(
      { width: 63, height: 48, pixels: starField(63, 48) },
      105,
      view,
    );
    const picture = await greys(jpeg);
    // 52.5 pixels to the farthest column, so 105 in all.
    expect(picture.at(52, 52)).to.be.above(220);
    expect(picture.at(5, 52)).to.be.closeTo(128, 6);
    expect(picture.at(100, 52)).to.be.below(100);
  });

  it('takes what no brightness can be for no value', async () => {
    const pixels = starField(63, 63);
    pixels.fill(-3.4028234663852886e38, 63 * 30);
    const picture = await greys(await renderStampJpeg({ width: 63, height: 63, pixels }, 63));
    expect(picture.at(50, 10)).to.be.closeTo(128, 6);
    expect(picture.at(50, 50)).to.be.below(80);
    expect(picture.at(10, 62 - 20)).to.be.above(220);
  });

  it('renders a stamp as long as a file may be', async () => {
    const pixels = new Float32Array(2_000_000).map((_, i) => i % 7);
    const jpeg = await renderStampJpeg({ width: pixels.length, height: 1, pixels }, 32);
    expect((await greys(jpeg)).at(16, 2)).to.be.closeTo(128, 6);
  });

  it('has an answer for stamps without contrast or without any value', async () => {
    for (const value of [0, 7, NaN, Infinity]) {
      const pixels = new Float32Array(900).fill(value);
      const picture = await greys(await renderStampJpeg({ width: 30, height: 30, pixels }, 60));
      expect(picture.at(30, 30)).to.be.closeTo(128, 2);
    }
    const one = { width: 1, height: 1, pixels: new Float32Array([3]) };
    expect((await greys(await renderStampJpeg(one, 16))).width).to.equal(16);
  });

  it('shows infinite pixels as the darkest and the brightest', async () => {
    const pixels = starField(30, 30);
    pixels.fill(Infinity, 0, 30 * 8);
    const picture = await greys(await renderStampJpeg({ width: 30, height: 30, pixels }, 30));
    expect(picture.at(15, 27)).to.be.above(240);
  });

  it('refuses sizes that are none', async () => {
    const stamp = { width: 2, height: 2, pixels: new Float32Array(4) };
    for (const size of [0, -1, 1.5, NaN, 1e6]) {
      let error: unknown;
      await renderStampJpeg(stamp, size).catch((err: unknown) => (error = err));
      expect(error).to.be.instanceOf(InvalidInputError);
    }
  });
});
