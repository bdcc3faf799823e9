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
