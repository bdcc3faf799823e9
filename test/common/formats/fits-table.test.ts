import { expect } from 'chai';

import { openTable } from '../../../common/formats/open-table.ts';
import { requireReference } from '../astro/reference.ts';
import { ASTROPY_FITS, ASTROPY_FITS_GZ } from './astropy-tables.ts';
import { failureOf, fileOf, PLAIN, readAll, readTable } from './reading.ts';

/** A card of a header. */
const card = (name: string, value: string | number) =>
  `${name.padEnd(8)}= ${typeof value === 'string' ? value.padStart(20) : String(value).padStart(20)}`.padEnd(
    80,
  );
const block = (cards: string[]) =>
  Buffer.from(
    [...cards, 'END'.padEnd(80)].join('').padEnd(2880 * Math.ceil((cards.length + 1) / 36)),
  );
const primary = block([card('SIMPLE', 'T'), card('BITPIX', 8), card('NAXIS', 0)]);

function table(
  columns: [name: string, form: string, extra?: string[]][],
  rowBytes: number,
  rows: Buffer,
) {
  const cards = [
    card('XTENSION', "'BINTABLE'"),
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', rowBytes),
    card('NAXIS2', rows.length / rowBytes),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', columns.length),
    ...columns.flatMap(([name, form, extra = []], i) => [
      card(`TTYPE${i + 1}`, `'${name}'`),
      card(`TFORM${i + 1}`, `'${form}'`),
      ...extra,
    ]),
  ];
  const padding = Buffer.alloc((2880 - (rows.length % 2880)) % 2880);
  return Buffer.concat([block(cards), rows, padding]);
}

describe('FITS binary tables', () => {
  it('reads every kind of column as astropy wrote it, plain and packed', async () => {
    for (const content of [ASTROPY_FITS, ASTROPY_FITS_GZ]) {
      const { columns, rows } = await readTable(content);
      expect(columns).to.deep.equal(
        'NAME RA DEC FLAG BYTE SHORT USHORT LONG ID UID MAG VEC[1] VEC[2] VEC[3] AFTER'.split(' '),
      );
      const column = (name: string) => columns.indexOf(name);
      const numbers = (name: string) => rows.map((row) => row.numbers[column(name)]);
      const texts = (name: string) => rows.map((row) => row.texts[column(name)]);
      expect(texts('NAME')).to.deep.equal(['alpha', 'be ta', 'gamma "q"']);
      expect(numbers('RA')).to.deep.equal([0.1, 359.999999999, 180.5]);
      expect(numbers('FLAG')).to.deep.equal([1, 0, 1]);
      expect(numbers('BYTE')).to.deep.equal([0, 200, 255]);
      expect(numbers('SHORT')).to.deep.equal([null, 7, 32767]);
      expect(numbers('USHORT')).to.deep.equal([0, 40000, 65535]);
      expect(numbers('LONG')).to.deep.equal([-2147483648, 0, 2147483647]);
      expect(texts('ID')).to.deep.equal(['9007199254740993', '-5', '4611686018427387904']);
      expect(texts('UID')).to.deep.equal(['0', '9223372036854775808', '18446744073709551615']);
      expect(numbers('MAG')).to.deep.equal([Math.fround(18.3), null, -1.5]);
      expect(numbers('VEC[3]')).to.deep.equal([3, 6, 9]);
      expect(numbers('AFTER')).to.deep.equal([1.25, 2.5, 5]);
      expect(rows.map((row) => row.place)).to.deep.equal(['row 1', 'row 2', 'row 3']);
    }
  });

  it('applies TSCAL and TZERO after TNULL, and passes over what has variable length', async () => {
    const rows = Buffer.alloc(4 * 20);
    for (const [i, raw] of [0, 234, -1500, -999].entries()) {
      rows.writeInt16BE(raw, 20 * i);
      rows.writeBigInt64BE(77n, 20 * i + 2);
      rows.writeDoubleBE(i / 3, 20 * i + 10);
      rows.write('Z', 20 * i + 18, 'latin1');
    }
    const extra = [card('TSCAL1', 0.01), card('TZERO1', 10), card('TNULL1', -999)];
    const file = Buffer.concat([
      primary,
      table(
        [
          ['A', 'I', extra],
          ['LIST', '1PE(3)'],
          ['D', 'D'],
          ['T', '2A'],
        ],
        20,
        rows,
      ),
    ]);
    const { columns, rows: read } = await readTable(file);
    expect(columns).to.deep.equal(['A', 'D', 'T']);
    expect(read.map((row) => row.numbers[0])).to.deep.equal([10, 12.34, -5, null]);
    expect(read.map((row) => row.texts[2])).to.deep.equal(['Z', 'Z', 'Z', 'Z']);
  });

  it('says what is wrong with a table that is cut short, absent or contradicts itself', async () => {
    const rows = Buffer.alloc(8 * 1000);
    const whole = Buffer.concat([primary, table([['D', 'D']], 8, rows)]);
    expect(await failureOf(readTable(whole.subarray(0, 2880 * 3 + 404)))).to.match(
      /cut short: it ends after 410 of 1000 rows/,
    );
    expect(await failureOf(readTable(whole.subarray(0, 3000)))).to.match(
      /a header in it has no end/,
    );
    expect(await failureOf(readTable(primary))).to.match(/has no binary table/);
    expect(await failureOf(readTable(whole, { table: 2 }))).to.match(
      /has 1 binary tables, and number 2/,
    );
    const false8 = Buffer.concat([primary, table([['D', 'J']], 8, rows)]);
    expect(await failureOf(readTable(false8))).to.match(/its columns take 4 bytes a row/);
    const odd = Buffer.concat([primary, table([['D', 'W']], 8, rows)]);
    expect(await failureOf(readTable(odd))).to.match(/unknown form "W"/);
  });

  it('adds up the probability of a published sky map, row by row', async function () {
    const path = requireReference(this, 'skymaps/GW170817_multiorder.fits');
    const reader = await openTable(path, PLAIN);
    expect(reader.columns.map(({ name }) => name)).to.include.members(['UNIQ', 'PROBDENSITY']);
    const [uniq, density] = ['UNIQ', 'PROBDENSITY'].map((name) =>
      reader.columns.findIndex((column) => column.name === name),
    );
    const { rows } = await readAll(reader);
    expect(rows).to.have.length(15030);
    let total = 0;
    for (const { numbers } of rows) {
      const order = Math.floor(Math.log2((numbers[uniq] ?? 0) / 4) / 2);
      total += ((numbers[density] ?? 0) * 4 * Math.PI) / (12 * 4 ** order);
    }
    expect(total).to.be.closeTo(1, 1e-9);
  });

  it('goes on from the end of any batch', async function () {
    const rows = Buffer.alloc(8 * 400_000);
    for (let i = 0; i < 400_000; i++) rows.writeDoubleBE(i, 8 * i);
    const path = fileOf(Buffer.concat([primary, table([['D', 'D']], 8, rows)]));
    const whole = await readAll(await openTable(path, PLAIN));
    expect(whole.ends.length).to.be.greaterThan(2);
    const { rows: before, next } = whole.ends[1];
    const rest = await readAll(await openTable(path, PLAIN), next);
    expect(rest.rows).to.have.length(400_000 - before);
    expect(rest.rows[0]).to.deep.equal(whole.rows[before]);
  });
});
