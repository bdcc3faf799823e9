import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { CardValue } from '../../../common/fits/header.ts';
import { readStamp } from '../../../common/fits/image.ts';
import { referencePixel, skyMatrix } from '../../../common/fits/wcs.ts';
import { requireReference } from '../astro/reference.ts';

const header = (cards: Record<string, CardValue>) => new Map(Object.entries(cards));

/** A rotated grid of 0.2 arcsec, as Rubin writes it: the rows' direction is at this angle east of north. */
function rotated(degrees: number, scale = 0.2 / 3600): Record<string, CardValue> {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { PC1_1: -c * scale, PC1_2: s * scale, PC2_1: s * scale, PC2_2: c * scale };
}

describe('skyMatrix', () => {
  it("finds the angle of Rubin's rows that the header itself states as ROTPA", () => {
    // Of a real alert of 2026-03-10; the header gives ROTPA = 47.5793 deg, and no CTYPE.
    const sky = skyMatrix(
      header({
        PC1_1: -3.7523193819911e-5,
        PC1_2: 4.0991734972875e-5,
        PC2_1: 4.1002350503892e-5,
        PC2_2: 3.7479041791247e-5,
        CDELT1: 1,
        CDELT2: 1,
      }),
    );
    const angle = (Math.atan2(sky?.eastPerRow ?? 0, sky?.northPerRow ?? 0) * 180) / Math.PI;
    expect(angle).to.be.closeTo(47.5793, 0.05);
    // Unrotated it would have east to the left.
    expect(sky?.eastPerColumn).to.be.below(0);
  });

  it('takes CD before PC, multiplies PC by CDELT, and fills in what is not said', () => {
    const both = { ...rotated(0), CD1_1: 1e-4, CD2_2: 1e-4 };
    expect(skyMatrix(header(both))?.eastPerColumn).to.equal(1);
    const scaled = skyMatrix(header({ PC1_1: 1, CDELT1: -2e-4, CDELT2: 2e-4 }));
    expect(scaled).to.deep.equal({
      eastPerColumn: -1,
      eastPerRow: -0,
      northPerColumn: 0,
      northPerRow: 1,
    });
    const swapped = { CTYPE1: 'DEC--TAN', CTYPE2: 'RA---TAN', CD1_2: 1e-4, CD2_1: -1e-4 };
    expect(skyMatrix(header(swapped))).to.include({ eastPerColumn: -1, northPerRow: 1 });
  });

  it('says nothing where the header says nothing that can be used', () => {
    const useless: Record<string, CardValue>[] = [
      {},
      { CRVAL1: 10, CDELT1: 1e-4, CDELT2: 1e-4 },
      { PC1_1: 0, PC1_2: 0, PC2_1: 0, PC2_2: 0 },
      { PC1_1: 1, PC1_2: 1, PC2_1: 1, PC2_2: 1 },
      { PC1_1: NaN, PC2_2: 1 },
      { PC1_1: 1e-4, PC2_2: 1e-9 },
      { PC1_1: 'a', PC1_2: 'b', PC2_1: 'c', PC2_2: 'd', CDELT1: 0 },
      { ...rotated(0), CTYPE1: 'GLON-TAN', CTYPE2: 'GLAT-TAN' },
    ];
    for (const cards of useless) {
      expect(skyMatrix(header(cards)), JSON.stringify(cards)).to.equal(undefined);
    }
  });

  it('reads an image with CD and distortion, whose sky is mirrored', function () {
    const stamp = readStamp(readFileSync(requireReference(this, 'stamps/rubin_stamp-676.fits')));
    const sky = skyMatrix(stamp.header);
    const area =
      (sky?.eastPerColumn ?? 0) * (sky?.northPerRow ?? 0) -
      (sky?.eastPerRow ?? 0) * (sky?.northPerColumn ?? 0);
    expect(area).to.be.closeTo(1, 1e-12);
  });
});

describe('referencePixel', () => {
  it('counts from 0, and asks for both', () => {
    expect(referencePixel(header({ CRPIX1: 1, CRPIX2: 19.5 }))).to.deep.equal({
      column: 0,
      row: 18.5,
    });
    expect(referencePixel(header({ CRPIX1: 1 }))).to.equal(undefined);
  });
});
