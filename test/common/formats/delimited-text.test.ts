import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { openTable } from '../../../common/formats/open-table.ts';
import { MAX_LINE_BYTES } from '../../../common/formats/text-lines.ts';
import { requireReference } from '../astro/reference.ts';
import { failureOf, fileOf, PLAIN, readAll, readTable } from './reading.ts';

describe('text between delimiters', () => {
  it('reads commas, semicolons, bars, tabs and blanks, told by the header', async () => {
    for (const sign of [',', ';', '|', '\t', '  ']) {
      const text = ['name', 'ra', 'dec'].join(sign) + '\n' + ['a', '1.5', '-2'].join(sign) + '\n';
      const { columns, rows } = await readTable(text);
      expect(columns).to.deep.equal(['name', 'ra', 'dec']);
      expect(rows[0].texts).to.deep.equal(['a', '1.5', '-2']);
      expect(rows[0].numbers.slice(1)).to.deep.equal([1.5, -2]);
    }
  });

  it('reads quoted values, with delimiters, doubled quotes and blanks around them', async () => {
    const { columns, rows } = await readTable(
      'id , "my, name" , mag\n1 , "a, ""b"" ;c" , "18.5"\n2,"",\n3,\'x\',"-"\n',
    );
    expect(columns).to.deep.equal(['id', 'my, name', 'mag']);
    expect(rows.map((row) => row.texts)).to.deep.equal([
      ['1', 'a, "b" ;c', '18.5'],
      ['2', null, null],
      ['3', "'x'", '-'],
    ]);
    expect(rows.map((row) => row.numbers[2])).to.deep.equal([18.5, null, null]);
  });

  it('knows the words that stand for no value, and tells them from what is no number', async () => {
    const words = ['null', 'NaN', '', '---', '\\N', '<NA>', 'inf', 'N/A'];
    const { rows } = await readTable(
      `a,b\n${words.map((word) => `x,${word}`).join('\n')}\nx,1.2.3`,
    );
    expect(rows.slice(0, -1).map((row) => row.numbers[1])).to.deep.equal(words.map(() => null));
    expect(rows.at(-1)?.numbers[1]).to.be.NaN;
  });

  it('passes over comments, empty lines, a byte-order mark and carriage returns', async () => {
    const { columns, rows } = await readTable(
      '\ufeff# made by hand\r\n\r\nname,ra\r\na,1\r\n# between\r\nb,2',
    );
    expect(columns).to.deep.equal(['name', 'ra']);
    expect(rows.map(({ place, texts }) => [place, texts[0]])).to.deep.equal([
      ['line 4', 'a'],
      ['line 6', 'b'],
    ]);
  });

  it('takes a commented header over numbers, and names given for a text without one', async () => {
    expect((await readTable('# ra dec mag\n1 2 3\n')).columns).to.deep.equal(['ra', 'dec', 'mag']);
    const text = { ...PLAIN.text, headless: { columns: ['ra', 'dec'] } };
    const { columns, rows } = await readTable('1;2\n3;4\n', { text });
    expect([columns, rows.map((row) => row.numbers)]).to.deep.equal([
      ['ra', 'dec'],
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(await failureOf(readTable('1;2\n3;4\n'))).to.match(/holds numbers and no names/);
    const headed = await readTable('a;b\n3;4\n', { text });
    expect(headed.columns).to.deep.equal(['a', 'b']);
  });

  it('faults a row with another number of values, and a quote without an end, and no other', async () => {
    const { rows } = await readTable(
      'a,b,c\n1,2,3\n1,2\n1,2,3,\n1,2,3,4\n"x,2,3\n"x"y,2,3\n7,8,9\n',
    );
    expect(rows.map(({ place, fault }) => [place, fault])).to.deep.equal([
      ['line 2', null],
      ['line 3', 'it has 2 values instead of 3'],
      ['line 4', null],
      ['line 5', 'it has 4 values instead of 3'],
      ['line 6', 'a quoted value has no end on its line'],
      ['line 7', 'there is something between a quoted value and the next delimiter'],
      ['line 8', null],
    ]);
  });

  it('passes over a line of many megabytes without keeping it', async () => {
    const long = 'x'.repeat(5 * MAX_LINE_BYTES);
    const { rows } = await readTable(`a,b\n1,2\n${long}\n3,4\n${long}`);
    expect(rows.map(({ place, fault }) => [place, fault])).to.deep.equal([
      ['line 2', null],
      ['line 3', 'the line is longer than a megabyte'],
      ['line 4', null],
      ['line 5', 'the line is longer than a megabyte'],
    ]);
    expect(await failureOf(readTable(long))).to.match(/line 1 .* is longer than a megabyte/);
  });

  it('refuses what is no text, is empty, has no header, or names a column twice', async () => {
    const bytes = Buffer.alloc(5000).map((_, i) => (i * 151) & 255);
    expect(await failureOf(readTable(bytes))).to.match(/neither text in UTF-8 nor FITS/);
    expect(await failureOf(readTable(''))).to.match(/is empty/);
    expect(await failureOf(readTable(gzipSync('')))).to.match(/is empty/);
    expect(await failureOf(readTable('# only\n\n'))).to.match(/neither header nor rows/);
    expect(await failureOf(readTable('a,b,a\n1,2,3\n'))).to.match(/two columns named a/);
    expect(await failureOf(readTable('BZh91AY&SY'))).to.match(/packed with bzip2: unpack it/);
    expect(await failureOf(openTable('/nowhere/at/all', PLAIN))).to.match(/cannot be read/);
    const cut = gzipSync(
      `a,b\n${Array.from({ length: 9_000 }, (_, i) => `${i},2\n`).join('')}`,
    ).subarray(0, 9_000);
    expect(await failureOf(readTable(cut))).to.match(/is cut short/);
  });

  it('goes on from the end of any batch, plain or packed, to the same rows', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},name ${i},${i / 7}`);
    const text = `# a comment\nid,name,value\n${lines.join('\r\n')}`;
    for (const content of [text, gzipSync(text)]) {
      const path = fileOf(content);
      const whole = await readAll(await openTable(path, PLAIN));
      expect(whole.rows).to.have.length(60_000);
      expect(whole.ends.length).to.be.greaterThan(1);
      for (const { rows, next } of whole.ends) {
        const rest = await readAll(await openTable(path, PLAIN), next);
        expect(rest.rows).to.deep.equal(whole.rows.slice(rows));
      }
    }
  });

  it('reads a table of VizieR, with its lines of units and dashes', async function () {
    const path = requireReference(this, 'catalogues/sherlock_veron-test-data.txt');
    const reader = await openTable(path, PLAIN);
    const { rows } = await readAll(reader);
    expect(reader.columns.map((column) => column.name)).to.deep.equal(
      '_RAJ2000 _DEJ2000 Cl nR Name l_z z Sp n_Vmag Vmag B-V U-B Mabs'.split(' '),
    );
    expect(rows).to.have.length(50);
    expect(rows[0].texts.slice(0, 5)).to.deep.equal([
      '000.0054',
      '-2.0333',
      'Q',
      null,
      'FIRST J00000-0202',
    ]);
    expect(rows.every((row) => row.fault === null)).to.equal(true);
  });

  it('reads the tables as people publish them', async function () {
    const expected: [string, number, number][] = [
      ['3hsp.csv', 12, 2013],
      ['gcvs_slice.csv', 4, 922],
      ['fermi_4fgl_gll_psc_v27.csv', 7, 3637],
      ['glade_GW170817_galaxies.csv', 32, 390],
      ['tns_search_2019.csv', 23, 308],
      ['tns_search_IcBL_semicolon.csv', 22, 21],
    ];
    for (const [name, columns, count] of expected) {
      const reader = await openTable(requireReference(this, `catalogues/${name}`), PLAIN);
      const { rows } = await readAll(reader);
      expect([name, reader.columns.length, rows.length]).to.deep.equal([name, columns, count]);
      expect(rows.filter((row) => row.fault !== null)).to.deep.equal([]);
    }
  });
});
