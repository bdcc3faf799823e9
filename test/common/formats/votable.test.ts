import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { openTable } from '../../../common/formats/open-table.ts';
import { ASTROPY_BINARY, ASTROPY_BINARY2, ASTROPY_TABLEDATA, votableOf } from './astropy-tables.ts';
import { failureOf, fileOf, PLAIN, readAll, readTable } from './reading.ts';

const inTags = (rows: string) => votableOf(`<TABLEDATA>${rows}</TABLEDATA>`);
const inStream = (name: string, base64: string) =>
  votableOf(`<${name}>\n<STREAM encoding="base64">\n${base64}\n</STREAM></${name}>`);
/** As streams are usually written: in short lines. */
const folded = (base64: string) => base64.replace(/(.{61})/g, '$1\n  ');

describe('VOTable', () => {
  it('reads the same table in all three encodings, as astropy wrote them', async () => {
    for (const content of [
      inTags(ASTROPY_TABLEDATA),
      gzipSync(inTags(ASTROPY_TABLEDATA)),
      inTags(ASTROPY_TABLEDATA).replace(/<(\/?)(?=[A-Z])/g, '<$1vot:'),
      inStream('BINARY', ASTROPY_BINARY),
      inStream('BINARY2', ASTROPY_BINARY2),
      inStream('BINARY2', folded(ASTROPY_BINARY2)),
    ]) {
      const { columns, rows } = await readTable(content);
      expect(columns).to.deep.equal(['name', 'ra', 'dec', 'id', 'mag', 'n', 'last']);
      expect(rows.map((row) => row.texts[0])).to.deep.equal(['alpha', 'bé & <ta>', null]);
      expect(rows.map((row) => row.numbers[1])).to.deep.equal([0.1, 359.999999999, 180.5]);
      expect(rows.map((row) => row.texts[3])).to.deep.equal([
        '9007199254740993',
        '-5',
        '4611686018427387904',
      ]);
      expect(rows.map((row) => Math.fround(row.numbers[4] ?? 0))).to.deep.equal([
        Math.fround(18.3),
        0,
        -1.5,
      ]);
      expect(rows.map((row) => row.numbers[5])).to.deep.equal([1, null, 3]);
      expect(rows.map((row) => row.numbers[6])).to.deep.equal([5, 6, 7]);
    }
  });

  it('reads texts of variable length, CDATA, entities by number, and other encodings of letters', async () => {
    const field = (name: string, type: string) =>
      `<FIELD name='${name}' datatype="${type}" arraysize="*"/>`;
    const document = (rows: string) =>
      `<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE VOTABLE [<!ENTITY x "y>z">]><VOTABLE><RESOURCE><TABLE>${field('a', 'char')}${field('b > c', 'char')}<DATA><TABLEDATA>${rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
    const { columns, rows } = await readTable(
      Buffer.from(
        document('<TR><TD><![CDATA[<a> & b]]></TD><TD>\xe9&#233;&#xe9;&x;</TD></TR>'),
        'latin1',
      ),
    );
    expect(columns).to.deep.equal(['a', 'b > c']);
    expect(rows[0].texts).to.deep.equal(['<a> & b', 'ééé&x;']);
    const lengths = Buffer.concat(
      ['one', '', 'three'].map((text) => {
        const bytes = Buffer.alloc(4 + text.length);
        bytes.writeInt32BE(text.length);
        bytes.write(text, 4);
        return Buffer.concat([bytes, bytes]);
      }),
    );
    const stream = document('').replace(
      '<TABLEDATA></TABLEDATA>',
      `<BINARY><STREAM encoding="base64">${lengths.toString('base64')}</STREAM></BINARY>`,
    );
    expect((await readTable(stream)).rows.map((row) => row.texts)).to.deep.equal([
      ['one', 'one'],
      [null, null],
      ['three', 'three'],
    ]);
  });

  it('faults a row that lacks a value, and goes on', async () => {
    const { rows } = await readTable(inTags(`<TR><TD>x</TD></TR>${ASTROPY_TABLEDATA}`));
    expect(rows.map((row) => row.fault)).to.deep.equal([
      'it has 1 values instead of 9',
      null,
      null,
      null,
    ]);
  });

  it('chooses among several tables', async () => {
    const two = votableOf('<TABLEDATA></TABLEDATA>').replace(
      '</RESOURCE>',
      '<TABLE><FIELD name="only" datatype="int"/><DATA><TABLEDATA><TR><TD>4</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE>',
    );
    expect((await readTable(two)).rows).to.have.length(0);
    const { columns, rows } = await readTable(two, { table: 2 });
    expect([columns, rows[0].numbers]).to.deep.equal([['only'], [4]]);
    expect(await failureOf(readTable(two, { table: 3 }))).to.match(/has 2 tables with rows/);
  });

  it('refuses what is cut short, damaged, elsewhere, an error, or not whole', async () => {
    const whole = inTags(ASTROPY_TABLEDATA);
    expect(await failureOf(readTable(whole.slice(0, whole.indexOf('-1.5'))))).to.match(
      /is cut short/,
    );
    const cut = ASTROPY_BINARY.slice(0, 200);
    expect(await failureOf(readTable(inStream('BINARY', cut)))).to.match(/ends within a row/);
    const far = votableOf('<BINARY><STREAM href="file.bin"/></BINARY>');
    expect(await failureOf(readTable(far))).to.match(/are not in it in base64/);
    expect(await failureOf(readTable(votableOf('<FITS><STREAM/></FITS>')))).to.match(
      /a FITS file within/,
    );
    const status = (value: string) =>
      `<INFO name="QUERY_STATUS" value="${value}">no such table</INFO>`;
    const failed = `<VOTABLE><RESOURCE>${status('ERROR')}</RESOURCE></VOTABLE>`;
    expect(await failureOf(readTable(failed))).to.match(/reports an error of the service/);
    const overflow = whole.replace('</RESOURCE>', `${status('OVERFLOW')}</RESOURCE>`);
    expect(await failureOf(readTable(overflow))).to.match(/left rows out at its end \(OVERFLOW\)/);
    expect(await failureOf(readTable('<?xml version="1.0"?><html/>'))).to.match(/but no VOTable/);
    expect(await failureOf(readTable(`<VOTABLE a="${'x'.repeat(3 << 20)}`))).to.match(
      /a tag has no >/,
    );
    expect(await failureOf(readTable(whole.replace('"short"', '"sort"')))).to.match(
      /last .* unknown data type "sort"/,
    );
  });

  it('goes on from the end of any batch', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `<TR><TD>${i}</TD></TR>`).join('\n');
    const path = fileOf(
      `<VOTABLE><RESOURCE><TABLE><FIELD name="i" datatype="int"/><DATA><TABLEDATA>${rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`,
    );
    const whole = await readAll(await openTable(path, PLAIN));
    expect(whole.rows.map((row) => row.numbers[0])).to.deep.equal([...Array(20_000).keys()]);
    for (const { rows: before, next } of whole.ends) {
      const rest = await readAll(await openTable(path, PLAIN), next);
      expect(rest.rows).to.deep.equal(whole.rows.slice(before));
    }
  });
});
