import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import { z } from 'zod';

import { compileDecoder } from '../../../common/avro/compile.ts';
import { readBlocks, readContainerHeader } from '../../../common/avro/container.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import { InvalidInputError } from '../../../common/errors.ts';
import { readStamp } from '../../../common/fits/image.ts';
import { writeFitsImage, writeFitsImages } from '../../../common/fits/write-image.ts';
import {
  readReference,
  referencePath,
  requireReference,
  seededRandom,
} from '../astro/reference.ts';

const StampFacts = z.object({
  bytes: z.number(),
  gzip: z.boolean(),
  hdus: z.number(),
  naxis1: z.number(),
  naxis2: z.number(),
  nan: z.number(),
  min: z.number(),
  max: z.number(),
  median: z.number(),
  p1: z.number(),
  p99: z.number(),
  first_pixel: z.number().nullable(),
  pixel_x10_y20: z.number().nullable(),
  last_pixel: z.number().nullable(),
});
const Packets = z.record(
  z.string(),
  z.array(z.object({ stamps: z.record(z.string(), StampFacts.nullable()).optional() })),
);
const ZtfPacket = z.record(z.string(), z.unknown());
const ZtfCutout = z.object({ stampData: z.instanceof(Uint8Array) });
/** The order in which Rubin's packets hold them. */
const RUBIN_CUTOUTS = ['cutoutDifference', 'cutoutScience', 'cutoutTemplate'];

function ztfStamps(packet: Buffer): Map<string, Buffer>[] {
  const container = readContainerHeader(packet);
  const decoder = compileDecoder(
    resolveSchema(JSON.parse(container.schema.toString('utf8').replace(/\bNaN\b/g, 'null'))),
  );
  const records = [];
  for (const block of readBlocks(packet, container)) {
    let start = block.start;
    for (let i = 0; i < block.count; i++) {
      const { value, end } = decoder.decode(block.bytes, start, block.end);
      start = end;
      const stamps = Object.entries(ZtfPacket.parse(value))
        .filter(([name]) => name.startsWith('cutout'))
        .map(([name, cutout]) => [name, Buffer.from(ZtfCutout.parse(cutout).stampData)] as const);
      records.push(new Map(stamps));
    }
  }
  return records;
}

/** Rubin's stamps stand in the packet as they are: one after the other, of known lengths. */
function rubinStamps(packet: Buffer, lengths: Record<string, number>): Map<string, Buffer> {
  const stamps = new Map<string, Buffer>();
  let at = 0;
  for (const name of RUBIN_CUTOUTS) {
    at = packet.indexOf('SIMPLE  =', at, 'latin1');
    stamps.set(name, packet.subarray(at, at + lengths[name]));
    at += lengths[name];
  }
  return stamps;
}

/** Between the two nearest of sorted values, as numpy has it. */
function percentile(sorted: Float32Array, percent: number): number {
  const place = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

function checkStamp(bytes: Buffer, facts: z.infer<typeof StampFacts>, where: string): void {
  const stamp = readStamp(bytes);
  const { width, height, pixels } = stamp;
  expect([width, height, 1 + stamp.otherHdus.length], where).to.deep.equal([
    facts.naxis1,
    facts.naxis2,
    facts.hdus,
  ]);
  const finite = pixels.filter((value) => !Number.isNaN(value)).sort();
  expect(pixels.length - finite.length, where).to.equal(facts.nan);
  const middle = finite.length >> 1;
  const measured: [number | null, number][] = [
    [facts.min, finite[0]],
    [facts.max, finite[finite.length - 1]],
    [
      facts.median,
      finite.length % 2 === 1 ? finite[middle] : (finite[middle - 1] + finite[middle]) / 2,
    ],
    [facts.p1, percentile(finite, 1)],
    [facts.p99, percentile(finite, 99)],
    [facts.first_pixel, pixels[0]],
    [facts.pixel_x10_y20, pixels[20 * width + 10]],
    [facts.last_pixel, pixels[pixels.length - 1]],
  ];
  for (const [expected, value] of measured) {
    if (expected === null) expect(value, where).to.be.NaN;
    // The reference prints seven digits.
    else expect(value, where).to.be.closeTo(expected, 2e-6 * Math.abs(expected) + 1e-9);
  }
}

describe('readStamp', () => {
  it('reads every stamp of the reference packets', function () {
    const packets = Packets.parse(
      JSON.parse(readReference(this, 'reference/generated/alerts.json')),
    );
    let count = 0;
    for (const [path, records] of Object.entries(packets)) {
      if (records.every(({ stamps }) => Object.values(stamps ?? {}).every((fact) => fact === null)))
        continue;
      const packet = readFileSync(referencePath(path));
      const isRubin = path.includes('/lsst/');
      const decoded = isRubin ? [] : ztfStamps(packet);
      for (const [i, { stamps = {} }] of records.entries()) {
        const facts = Object.entries(stamps).flatMap(([name, fact]) =>
          fact === null ? [] : [[name, fact] as const],
        );
        const found = isRubin
          ? rubinStamps(packet, Object.fromEntries(facts.map(([name, { bytes }]) => [name, bytes])))
          : decoded[i];
        for (const [name, fact] of facts) {
          const bytes = found.get(name);
          expect(bytes?.length, `${path} ${name}`).to.equal(fact.bytes);
          if (bytes !== undefined) checkStamp(bytes, fact, `${path} record ${i} ${name}`);
          count++;
        }
      }
    }
    expect(count).to.be.above(600);
  });

  it('reads headers with long keywords, strings and two kinds of coordinates', function () {
    const path = requireReference(this, 'stamps/rubin_stamp-676.fits');
    const stamp = readStamp(readFileSync(path));
    expect(stamp.header.get('HIERARCH')).to.equal(undefined);
    expect(stamp.header.get('FLUXMAG0ERR')).to.equal(1340273802.27781);
    expect(stamp.header.get('CTYPE1')).to.equal('RA---TAN-SIP');
    expect(stamp.header.get('EXTEND')).to.equal(true);
    expect(readStamp(readFileSync(`${path}.gz`)).pixels).to.deep.equal(stamp.pixels);
  });

  it('reads integers with scale, zero point and blank value', () => {
    const card = (name: string, value: number | string) =>
      `${name.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(80);
    const file = (bitpix: number, data: Buffer, more: string) => {
      const header =
        `SIMPLE  = ${'T'.padStart(20)}`.padEnd(80) +
        card('BITPIX', bitpix) +
        card('NAXIS', 3) +
        card('NAXIS1', 3) +
        card('NAXIS2', 1) +
        card('NAXIS3', 1) +
        more +
        'END';
      return Buffer.concat([Buffer.from(header.padEnd(2880), 'latin1'), data]);
    };
    // Unsigned 16-bit numbers as FITS keeps them; the last data block is not filled up.
    const shorts = Buffer.alloc(6);
    [-32768, 0, 32767].forEach((value, i) => shorts.writeInt16BE(value, 2 * i));
    expect([...readStamp(file(16, shorts, card('BZERO', 32768))).pixels]).to.deep.equal([
      0, 32768, 65535,
    ]);
    const bytes = Buffer.from([0, 7, 255]);
    const scaled = readStamp(file(8, bytes, card('BSCALE', '1.5D0') + card('BLANK', 255))).pixels;
    expect([...scaled]).to.deep.equal([0, 10.5, NaN]);
    const longs = Buffer.alloc(24);
    [-5n, 6n, 2n ** 40n].forEach((value, i) => longs.writeBigInt64BE(value, 8 * i));
    expect([...readStamp(file(64, longs, '')).pixels]).to.deep.equal([-5, 6, 2 ** 40]);
    const doubles = Buffer.alloc(24);
    [0.5, NaN, -1e30].forEach((value, i) => doubles.writeDoubleBE(value, 8 * i));
    const read = readStamp(file(-64, doubles, '')).pixels;
    expect([...read]).to.deep.equal([0.5, NaN, Math.fround(-1e30)]);
    const ints = Buffer.alloc(12);
    [1, -2, 3].forEach((value, i) => ints.writeInt32BE(value, 4 * i));
    expect([...readStamp(file(32, ints, card('BLANK', 3))).pixels]).to.deep.equal([1, -2, NaN]);
  });

  describe('given hostile bytes', () => {
    const sound = writeFitsImages([
      { pixels: new Float32Array(900).fill(1), width: 30, height: 30 },
      { pixels: new Float32Array(16).fill(2), width: 4, height: 4 },
    ]);
    const replaced = (from: string, to: string) =>
      Buffer.from(sound.toString('latin1').replace(from, to.padEnd(from.length)), 'latin1');
    const naxis1 = `NAXIS1  = ${'30'.padStart(20)}`;
    const hidden = Buffer.from(
      sound
        .toString('latin1')
        .replace(naxis1, `NAXIS1  = ${'900719925474099'.padStart(20)}`)
        .replace(`EXTEND  = ${'T'.padStart(20)}`, `GCOUNT  = ${'0'.padStart(20)}`),
      'latin1',
    );
    const cases: [string, Buffer, RegExp][] = [
      ['nothing', Buffer.alloc(0), /not FITS/],
      ['text', Buffer.from('hello'), /not FITS/],
      ['a header without end', sound.subarray(0, 400), /no end/],
      ['cut data', sound.subarray(0, 5000), /cut short/],
      ['cut extension', sound.subarray(0, sound.length - 2879), /cut short/],
      ['a damaged gzip', gzipSync(sound).subarray(0, 100), /gzip is damaged/],
      ['a gzip bomb', gzipSync(Buffer.alloc(64 << 20)), /gzip is damaged/],
      ['an endless header', Buffer.from('SIMPLE  =' + ' '.repeat(4 << 20)), /more than/],
      ['a huge axis', replaced(naxis1, `NAXIS1  = ${'9007199254740991'.padStart(20)}`), /short/],
      ['a negative axis', replaced(naxis1, `NAXIS1  = ${'-30'.padStart(20)}`), /length -30/],
      ['an axis that is text', replaced(naxis1, "NAXIS1  = 'thirty'"), /no whole number/],
      ['pixels without data', hidden, /cut short/],
      ['no axis', replaced(naxis1, ''), /NAXIS1/],
      ['an unknown BITPIX', replaced('-32', '-31'), /BITPIX/],
      ['binary in the header', replaced('EXTEND', 'EXT\x00ND'), /other than text/],
    ];
    for (const [what, bytes, message] of cases) {
      it(`refuses ${what} in plain words`, () => {
        expect(() => readStamp(bytes)).to.throw(InvalidInputError, message);
      });
    }

    it('either reads or refuses anything that differs from a stamp by some bytes', () => {
      const random = seededRandom(17);
      for (let i = 0; i < 3_000; i++) {
        const bytes = Buffer.from(i % 2 === 0 ? sound : gzipSync(sound, { level: 1 }));
        const header = i % 3 === 0 ? bytes.length : 600;
        for (let k = 0; k < 1 + 4 * random(); k++) {
          bytes[Math.floor(random() * Math.min(header, bytes.length))] = Math.floor(random() * 256);
        }
        try {
          readStamp(bytes);
        } catch (err) {
          expect(err).to.be.instanceOf(InvalidInputError);
        }
      }
    });
  });
});

describe('writeFitsImage', () => {
  it('writes what is read back bit for bit', () => {
    const random = seededRandom(19);
    const pixels = Float32Array.from({ length: 63 * 48 }, () => (random() - 0.5) * 1e4);
    pixels[5] = NaN;
    const cards = [
      { name: 'OBJECT', value: "O'Neill's star", comment: 'a name' },
      { name: 'CRVAL1', value: -1.25e-7 },
      { name: 'NIGHT', value: 595 },
      { name: 'GOOD', value: false },
    ];
    const bytes = writeFitsImage(pixels, 63, 48, cards);
    expect(bytes.length % 2880).to.equal(0);
    for (const file of [bytes, gzipSync(bytes)]) {
      const stamp = readStamp(file);
      expect([stamp.width, stamp.height]).to.deep.equal([63, 48]);
      expect(stamp.pixels).to.deep.equal(pixels);
      for (const { name, value } of cards) expect(stamp.header.get(name)).to.equal(value);
    }
  });

  it('writes several images, and views of larger arrays', () => {
    const many = Float32Array.from({ length: 20 }, (_, i) => i);
    const bytes = writeFitsImages([
      { pixels: many.subarray(2, 6), width: 2, height: 2 },
      { pixels: many.subarray(6, 12), width: 3, height: 2, cards: [{ name: 'A', value: 'b' }] },
    ]);
    const stamp = readStamp(bytes);
    expect([...stamp.pixels]).to.deep.equal([2, 3, 4, 5]);
    expect(stamp.otherHdus).to.have.length(1);
    expect([...stamp.otherHdus[0].pixels]).to.deep.equal([6, 7, 8, 9, 10, 11]);
    expect(stamp.otherHdus[0].header.get('A')).to.equal('b');
  });

  it('refuses what FITS cannot hold', () => {
    const pixels = new Float32Array(4);
    expect(() => writeFitsImage(pixels, 3, 2)).to.throw(InvalidInputError);
    for (const card of [
      { name: 'TOOLONGNAME', value: 1 },
      { name: 'X', value: NaN },
      { name: 'X', value: 'a'.repeat(80) },
      { name: 'X', value: 'é' },
    ]) {
      expect(() => writeFitsImage(pixels, 2, 2, [card])).to.throw(InvalidInputError);
    }
  });
});
