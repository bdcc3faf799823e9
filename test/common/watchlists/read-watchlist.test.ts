import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import type { ReadWatchlist } from '../../../common/watchlists/reading.ts';
import { readWatchlist } from '../../../common/watchlists/read-watchlist.ts';
import { readReference, requireReference } from '../astro/reference.ts';
import { ASTROPY_FITS, ASTROPY_TABLEDATA, votableOf } from '../formats/astropy-tables.ts';

const read = (...lines: string[]) => readWatchlist({ text: lines.join('\n') });
const upload = (content: Buffer | string, name = 'my list') =>
  readWatchlist({ bytes: Buffer.from(content), name });
/** `name ra decl radius`, as short as numbers are. */
const shortly = ({ sources }: ReadWatchlist) =>
  sources.map(
    ({ name, ra, decl, radiusArcsec }) =>
      `${name}: ${Number(ra.toFixed(6))} ${Number(decl.toFixed(6))} ${radiusArcsec ?? '-'}`,
  );
const reasons = ({ faults }: ReadWatchlist) =>
  faults.map(({ line, reason }) => `${line}: ${reason}`);

function expectWhole({ counts, sources, faults, repeats }: ReadWatchlist): void {
  const dropped = repeats.filter(({ isKept }) => !isKept).length;
  const { lines, empty, comments, header } = counts;
  expect(empty + comments + header + sources.length + faults.length + dropped).to.equal(lines);
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (err) {
    return err instanceof Error ? err.message : String(err);
  }
  throw new Error('it was read');
}

describe('readWatchlist', () => {
  it('reads RA, Dec, name and radius between commas, bars, semicolons, tabs', async () => {
    for (const mark of [',', '|', ';', '\t', ' , ', ' | ']) {
      const list = await read(
        ['10.5', '-20.25', 'NGC 1068', '5'].join(mark),
        ['0', '+90', 'pole', ''].join(mark),
        ['359.999', '-90', 'Ångström “é” 星'].join(mark),
      );
      expect(list.faults, mark).to.deep.equal([]);
      expect(shortly(list), mark).to.deep.equal([
        'NGC 1068: 10.5 -20.25 5',
        'pole: 0 90 -',
        'Ångström “é” 星: 359.999 -90 -',
      ]);
      expectWhole(list);
    }
  });

  it('reads sexagesimal positions however they are written', async () => {
    // M31: 00h42m44.330s +41d16m07.50s is 10.684708, +41.268750.
    for (const line of [
      '00:42:44.330,+41:16:07.50,M31',
      '00 42 44.330,+41 16 07.50,M31',
      '00:42:44.330|+41 16 07.50|M31',
      '00h42m44.330s;41d16m07.50s;M31',
      '00 42 44.330 +41 16 07.50 M31',
      '00h42m44.330s +41d16m07.50s M31',
      'M31 00 42 44.330 +41 16 07.50',
      'M31,00:42:44.330,+41:16:07.50',
      '10.6847083,41.2687500,M31',
    ]) {
      expect(shortly(await read(line)), line).to.deep.equal(['M31: 10.684708 41.26875 -']);
    }
  });

  it('takes names before positions as Lasair did at first, also where they are numbers', async () => {
    const old = await read('1, 16.9, -8.1', '2, 17.0, -8.2', '3, 18, 5.5, 30');
    expect(shortly(old)).to.deep.equal(['1: 16.9 -8.1 -', '2: 17 -8.2 -', '3: 18 5.5 30']);
    const names = await read('M 31|10.68|41.27', '7|163.9|-8.175');
    expect(shortly(names)).to.deep.equal(['M 31: 10.68 41.27 -', '7: 163.9 -8.175 -']);
    expect(names.layout?.columns).to.include({ name: 'column 1', ra: 'column 2' });
    const usual = await read('163.9, -8.175, 7', '164.4, -8.558, 8');
    expect(shortly(usual)).to.deep.equal(['7: 163.9 -8.175 -', '8: 164.4 -8.558 -']);
  });

  it('goes by a header where there is one, also in a comment or as VizieR draws it', async () => {
    const quoted = await read(
      'n,"Name",Dec (J2000),RA (J2000),radius (arcmin),z',
      '1,"A, ""B""",20,10,0.5,0.1',
      '2,C,21,11,,',
    );
    expect(shortly(quoted)).to.deep.equal(['A, "B": 10 20 30', 'C: 11 21 -']);
    expect(quoted.layout).to.deep.equal({
      format: 'text',
      delimiter: ',',
      hasHeader: true,
      columns: { name: 'Name', ra: 'RA (J2000)', decl: 'Dec (J2000)', radius: 'radius (arcmin)' },
    });
    const comment = await read('# made today', '#id;DEJ2000;RAJ2000', 'x;-5;100', '', '# end');
    expect(shortly(comment)).to.deep.equal(['x: 100 -5 -']);
    expect(comment.counts).to.deep.equal({ lines: 5, empty: 1, comments: 2, header: 1 });
    const vizier = await read(
      '_RAJ2000\tDEJ2000\tName',
      'deg\tdeg\t ',
      '---\t---\t---',
      '15.5\t-0.5\tTYC 1',
    );
    expect(shortly(vizier)).to.deep.equal(['TYC 1: 15.5 -0.5 -']);
    expect(vizier.counts.header).to.equal(3);
    for (const list of [quoted, comment, vizier]) expectWhole(list);
    const hours = await read('name ra[h] dec', 'a 12.5 -3');
    expect(shortly(hours)).to.deep.equal(['a: 187.5 -3 -']);
  });

  it('tells of each bad line its number, its text and the reason, and reads the others', async () => {
    const list = await read(
      '10,20,good',
      '400,10,far',
      '10,-91,deep',
      'x,y,words',
      '10',
      '10,20,big,3601',
      '10,20,zero,0',
      '10,20,odd,five',
      '10,20,a,1,more',
      '10,20,"open',
      `10,20,${'n'.repeat(65)}`,
      '10,20,turned \u202e round',
      ',,',
      `10,20,${'x'.repeat(10_000)}`,
      '30,40,good too,3600',
    );
    expect(shortly(list)).to.deep.equal(['good: 10 20 -', 'good too: 30 40 3600']);
    const expected = [
      /^2: a right ascension of 400 is not on the sky/,
      /^3: a declination of -91 is not on the sky/,
      /^4: “x y” is no position/,
      /^5: it has 1 value/,
      /^6: the radius must lie between 0.1 and 3600 arcsec, and is 3601/,
      /^7: the radius must lie/,
      /^8: “five” is no radius/,
      /^9: it has 5 values/,
      /^10: a quoted value has no end/,
      /^11: the name has 65 letters; the most are 64/,
      /^12: the name holds characters/,
      /^13: there is no position/,
      /^14: the line has more than 10000 letters/,
    ];
    expect(list.faults).to.have.length(expected.length);
    for (const [i, reason] of reasons(list).entries()) expect(reason).to.match(expected[i]);
    expect(list.faults[2].text).to.equal('x,y,words');
    expect(list.faults[12].text.length).to.be.lessThan(200);
    expectWhole(list);
  });

  it('refuses to guess where only blanks stand between values', async () => {
    const list = await read(
      '10.5 -20.25 NGC1068',
      '10.5 -20.25 NGC 1068',
      '10.5 -20.25 SN2020abc 5',
      '10 20 30 name',
      '10.5 -20.25',
    );
    expect(shortly(list)).to.deep.equal([
      'NGC1068: 10.5 -20.25 -',
      'J004200.00-201500.0: 10.5 -20.25 -',
    ]);
    expect(list.faults.map(({ line }) => line)).to.deep.equal([2, 3, 4]);
    expect(list.faults[0].reason).to.match(/not clear whether 1068 is a radius.*use commas/);
  });

  it('advises whoever writes decimals with commas', async () => {
    const list = await read('12,5;30,2;x');
    expect(reasons(list)[0]).to.match(/decimals have a point/);
  });

  it('tells repeats: leaves out what is the same, keeps another name at the same place', async () => {
    const list = await read('1,2,a', '1,2,a', '1.0, 2.0, a', '1,2,b', '1,2,a,7');
    expect(shortly(list)).to.deep.equal(['a: 1 2 -', 'b: 1 2 -', 'a: 1 2 7']);
    expect(list.repeats.map(({ line, ofLine, isKept }) => [line, ofLine, isKept])).to.deep.equal([
      [2, 1, false],
      [3, 1, false],
      [4, 1, true],
      [5, 1, true],
    ]);
    expectWhole(list);
  });

  it('reads files of any letters and line ends, packed or not, and nothing at all', async () => {
    const text = '10,20,é\r\n11,21,ü\r12,22,x';
    const expected = ['é: 10 20 -', 'ü: 11 21 -', 'x: 12 22 -'];
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text, 'latin1'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      gzipSync(text),
    ]) {
      expect(shortly(await upload(bytes))).to.deep.equal(expected);
    }
    const nothing = await upload('');
    expect(nothing).to.deep.include({ sources: [], faults: [], layout: null });
    const comments = await read('# only', '', '#comments');
    expect(comments.counts).to.deep.equal({ lines: 3, empty: 1, comments: 2, header: 0 });
  });

  it('reads VOTable and FITS tables as astropy writes them, pasted VOTables too', async () => {
    const votable = votableOf(`<TABLEDATA>${ASTROPY_TABLEDATA}</TABLEDATA>`);
    for (const list of [
      await upload(votable),
      await readWatchlist({ text: votable }),
      await upload(gzipSync(votable)),
      await upload(ASTROPY_FITS),
    ]) {
      expect(list.sources[0]).to.include({ name: 'alpha', ra: 0.1 });
      expect(list.sources[1].name).to.match(/^b[eé]/);
      expect(list.sources.map(({ ra }) => ra)).to.deep.equal([0.1, 359.999999999, 180.5]);
      expect(list.layout).to.deep.include({ hasHeader: true, delimiter: null });
      expectWhole(list);
    }
  });

  it('finds columns of tables by UCD, and their units', async () => {
    const field = (name: string, ucd: string, unit: string, type = 'double') =>
      `<FIELD name="${name}" ucd="${ucd}" unit="${unit}" datatype="${type}"${type === 'char' ? ' arraysize="*"' : ''}/>`;
    const row = (...values: string[]) =>
      `<TR>${values.map((value) => `<TD>${value}</TD>`).join('')}</TR>`;
    const table = `<VOTABLE><RESOURCE><TABLE>${field('A', 'pos.eq.ra;meta.main', 'deg')}${field('ra', 'pos.eq.ra', 'deg')}${field('B', 'pos.eq.dec;meta.main', 'deg')}${field('what', 'meta.id;meta.main', '', 'char')}${field('radius', '', 'arcmin')}<DATA><TABLEDATA>${row('10', '99', '20', 'x', '2')}${row('NaN', '99', '20', 'y', '')}${row('11', '99', '21', 'z', '')}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
    const list = await upload(table);
    expect(shortly(list)).to.deep.equal(['x: 10 20 120', 'z: 11 21 -']);
    expect(reasons(list)).to.deep.equal(['2: there is no position']);
    expectWhole(list);
  });

  it('says of other files what they are not, and never where they lie here', async () => {
    expect(await failureOf(upload(Buffer.from([0, 1, 2, 3, 4]), 'x.bin'))).to.match(
      /^x\.bin is neither text nor a VOTable, FITS or Parquet table/,
    );
    const cut = votableOf('<TABLEDATA><TR><TD>').slice(0, -60);
    const message = await failureOf(upload(cut, 'cut.vot'));
    expect(message).to.match(/cut\.vot/);
    expect(message).not.to.match(/tmp/);
    const fits = ASTROPY_FITS.subarray(0, 3_000);
    expect(await failureOf(upload(fits, 'cut.fits'))).to.match(/cut\.fits/);
    expect(await failureOf(upload(gzipSync('abc').subarray(0, 15), 'a.gz'))).to.match(/gzip/);
    const other = votableOf(`<TABLEDATA>${ASTROPY_TABLEDATA}</TABLEDATA>`)
      .replaceAll('"ra"', '"alt"')
      .replaceAll('pos.eq.ra', 'pos.az.alt');
    expect(await failureOf(upload(other, 'o.vot'))).to.match(
      /no columns with right ascension and declination.*its columns are name, alt, dec/,
    );
  });

  it('reads 100,000 sources and refuses one more', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, n) => `${(n * 0.0036).toFixed(4)},${(n * 0.0018 - 90).toFixed(4)},source ${n}`,
    );
    const list = await read(...lines);
    expect(list.sources).to.have.length(100_000);
    expect(await failureOf(read(...lines, '1.00001,1.00001,one more'))).to.match(
      /has 100001 sources; the most are 100000/,
    );
  });

  it('reads the lists that users of Lasair upload', async function () {
    const folder = 'watchlists';
    const bzcat = await readWatchlist({
      path: requireReference(this, `${folder}/bzcat_massaro_2015.csv`),
      name: 'bzcat',
    });
    expect([bzcat.sources.length, bzcat.faults.length]).to.deep.equal([3_561, 0]);
    expect(shortly({ ...bzcat, sources: bzcat.sources.slice(0, 1) })).to.deep.equal([
      '5BZQJ0000-3221: 0.084958 -32.350278 -',
    ]);
    const bars = await read(readReference(this, `${folder}/lasair_BLLac_pipe.txt`));
    expect([bars.sources.length, bars.faults.length]).to.deep.equal([42, 0]);
    expect(bars.sources[4].name).to.equal('3C 66A');
    const sample = await read(readReference(this, `${folder}/lasair_sample_watchlist.csv`));
    expect(sample.sources.map(({ name }) => name)).to.include('TST22aajbxge');
    // Lines of three values and of five by turns, as a program printed them.
    const mixed = await read(readReference(this, `${folder}/lasair_watchlist_sample.csv`));
    expectWhole(mixed);
    expect(mixed.faults.every(({ reason }) => reason.startsWith('it has 5 values'))).to.equal(true);
  });
});
