import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { ZTF_FIELDS } from '../../../common/astro/ztf-fields.ts';
import type { AvroRecordValue } from '../../../common/avro/compile.ts';
import { readStamp } from '../../../common/fits/image.ts';
import { lsstStampView, ztfStampView } from '../../../common/fits/stamp-view.ts';
import { writeFitsImage } from '../../../common/fits/write-image.ts';
import { createZtfReader } from '../../../ingest/surveys/ztf/read-ztf.ts';
import type { ZtfAlert } from '../../../ingest/surveys/ztf/read-ztf.ts';
import { requireReference } from '../astro/reference.ts';

const RADIANS = Math.PI / 180;
const square = { width: 63, height: 63 };

function realAlerts(folder: string): ZtfAlert[] {
  const read = createZtfReader();
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.avro') && !name.startsWith('corrupt'))
    .flatMap((name) => read(readFileSync(join(folder, name))).alerts);
}

/** Degrees east and north of the middle of the field, on the tangent plane. */
function onPlane(record: AvroRecordValue): { east: number; north: number } | undefined {
  const field = ZTF_FIELDS.get(Number(record.field));
  if (field === undefined) return undefined;
  const [d, d0] = [Number(record.dec) * RADIANS, field.dec * RADIANS];
  const a = (Number(record.ra) - field.ra) * RADIANS;
  const cosine = Math.sin(d0) * Math.sin(d) + Math.cos(d0) * Math.cos(d) * Math.cos(a);
  return {
    east: (Math.cos(d) * Math.sin(a)) / cosine / RADIANS,
    north:
      (Math.cos(d0) * Math.sin(d) - Math.sin(d0) * Math.cos(d) * Math.cos(a)) / cosine / RADIANS,
  };
}

describe('ztfStampView', () => {
  it('has the directions in which the pixels of real alerts lie on the sky', function () {
    const alerts = realAlerts(requireReference(this, 'alerts/ztf'));
    const byChannel = new Map<unknown, AvroRecordValue[]>();
    for (const { candidate } of alerts) {
      if (typeof candidate.xpos !== 'number') continue;
      byChannel.set(candidate.rcid, [...(byChannel.get(candidate.rcid) ?? []), candidate]);
    }
    const [east, north]: number[][] = [[], []];
    for (const records of byChannel.values()) {
      for (const [i, one] of records.entries()) {
        for (const other of records.slice(i + 1)) {
          const [p, q] = [onPlane(one), onPlane(other)];
          if (p === undefined || q === undefined) continue;
          const dx = Number(one.xpos) - Number(other.xpos);
          const dy = Number(one.ypos) - Number(other.ypos);
          if (Math.abs(dx) > 800) east.push(((p.east - q.east) / dx) * 3600);
          if (Math.abs(dy) > 800) north.push(((p.north - q.north) / dy) * 3600);
        }
      }
    }
    expect(east.length).to.be.above(50);
    expect(north.length).to.be.above(50);
    const { sky } = ztfStampView(square, null);
    // Telescope and grid differ by some arcminutes; in the median that is nothing.
    for (const [scales, direction] of [
      [east, sky?.eastPerColumn],
      [north, sky?.northPerRow],
    ] as const) {
      const signed = scales.map((scale) => scale * (direction ?? 0)).sort((a, b) => a - b);
      expect(signed[0]).to.be.above(0);
      expect(signed[signed.length >> 1]).to.be.closeTo(1.01, 0.02);
    }
  });

  it('finds the source in real stamps that are cut off', function () {
    const alerts = realAlerts(requireReference(this, 'alerts/ztf'));
    let count = 0;
    for (const { candidate, cutouts } of alerts) {
      const difference = cutouts[2];
      if (difference === null) continue;
      const stamp = readStamp(Buffer.from(difference));
      if (stamp.width === 63 && stamp.height === 63) continue;
      const place = { x: Number(candidate.xpos), y: Number(candidate.ypos) };
      const { source } = ztfStampView(stamp, place);
      const brightest = stamp.pixels.reduce(
        (best, value, i) => (Math.abs(value) > Math.abs(stamp.pixels[best]) ? i : best),
        0,
      );
      expect(source?.column).to.be.closeTo(brightest % stamp.width, 1);
      expect(source?.row).to.be.closeTo(Math.floor(brightest / stamp.width), 1);
      count++;
    }
    expect(count).to.be.above(1);
  });

  it('finds the source whichever side is cut off', () => {
    const at = (width: number, height: number, x: number, y: number) =>
      ztfStampView({ width, height }, { x, y }).source;
    expect(at(63, 63, 1000, 1000)).to.deep.equal({ column: 31, row: 31 });
    expect(at(63, 48, 1564.8, 16.5)).to.deep.equal({ column: 31, row: 16 });
    expect(at(63, 48, 1564.8, 3063.2)).to.deep.equal({ column: 31, row: 31 });
    expect(at(32, 40, 0.4, 3071.9)).to.deep.equal({ column: 0, row: 31 });
  });

  it('leaves a stamp in the middle that is not what should be there', () => {
    for (const [width, height, place] of [
      [63, 48, null],
      [63, 48, { x: 1000, y: 10 }],
      [63, 20, { x: 1000, y: 16 }],
      [64, 64, { x: 1000, y: 1000 }],
      [63, 48, { x: 1000, y: NaN }],
    ] as const) {
      expect(ztfStampView({ width, height }, place).source).to.equal(undefined);
    }
  });
});

describe('lsstStampView', () => {
  const view = (cards: { name: string; value: number }[]) =>
    lsstStampView(readStamp(writeFitsImage(new Float32Array(900), 30, 30, cards)));

  it('takes the source and the directions from the header, each if it is there', () => {
    const pixel = [
      { name: 'CRPIX1', value: 15.5 },
      { name: 'CRPIX2', value: 11.3 },
    ];
    const matrix = [
      { name: 'PC1_1', value: -5e-5 },
      { name: 'PC2_2', value: 5e-5 },
    ];
    expect(view([...pixel, ...matrix]).source).to.deep.equal({ column: 14.5, row: 11.3 - 1 });
    expect(view([...pixel, ...matrix]).sky).to.include({ eastPerColumn: -1, northPerRow: 1 });
    expect(view(pixel).sky).to.equal(undefined);
    expect(view(matrix).source).to.equal(undefined);
    expect(view([])).to.deep.equal({});
  });

  it('does not believe in a source outside the stamp', () => {
    const far = [
      { name: 'CRPIX1', value: 4000 },
      { name: 'CRPIX2', value: 15 },
    ];
    expect(view(far).source).to.equal(undefined);
  });
});
