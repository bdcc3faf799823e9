import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { csvText, withoutGuard } from '../../../common/formats/csv-text.ts';
import { writeCsv } from '../../../common/formats/write-csv.ts';
import { writeJson, writeNdjson } from '../../../common/formats/write-json.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { testFolder } from '../../servers.ts';
import { COLUMNS, ROWS, bytesOf, resultOf } from './result-sample.ts';

const NAMES = COLUMNS.map((column) => column.name);

function fileOf(bytes: Buffer): string {
  const path = join(testFolder(), 'result');
  writeFileSync(path, bytes);
  return path;
}

describe('results as JSON', () => {
  it('holds every value, and NULL as null', async () => {
    const text = (
      await bytesOf(writeJson(resultOf([ROWS.slice(0, 1), [], ROWS.slice(1)])))
    ).toString();
    const rows = JSON.parse(text) as Record<string, unknown>[];
    expect(rows).to.have.length(ROWS.length);
    expect(Object.keys(rows[0])).to.deep.equal(NAMES);
    expect(rows[0]).to.deep.include({
      diaObjectId: '9223372036854775807',
      ra: 0.30000000000000004,
      mag: 18.3,
      n: 2147483647,
      total: 9007199254740991,
      isNear: true,
      name: ROWS[0][7],
      record: '{"a": [1, "x"]}',
      seen: '2024-02-29T23:59:59.123Z',
      nothing: null,
    });
    expect(rows[1]).to.deep.include({ ra: 5e-324, mag: -1e-7, isNear: false, name: '' });
    expect(Object.values(rows[3])).to.deep.equal(NAMES.map(() => null));
    expect(rows[1].total).to.equal('-9223372036854775808');
  });

  it('gives programs of Lasair what they know', async () => {
    const text = (await bytesOf(writeJson(resultOf([ROWS]), 'lasair'))).toString();
    expect(text).to.contain('"diaObjectId":9223372036854775807,');
    expect(text).to.contain('"total":-9223372036854775808,');
    expect(text).to.contain('1234567890123456.5000');
    const rows = JSON.parse(text) as Record<string, unknown>[];
    expect(rows[0]).to.include({ isNear: 1, seen: '2024-02-29T23:59:59.123000' });
    expect(rows[1]).to.include({ isNear: 0, seen: '1970-01-01T00:00:00' });
  });

  it('is an array without rows, too, and knows no NaN', async () => {
    expect(JSON.parse((await bytesOf(writeJson(resultOf([])))).toString())).to.deep.equal([]);
    const odd = resultOf([[[NaN, Infinity]]], {
      columns: [
        { name: 'a', type: 'double' },
        { name: '__proto__', type: 'float' },
      ],
    });
    expect((await bytesOf(writeJson(odd))).toString()).to.equal(
      '[\n{"a":null,"__proto__":null}\n]\n',
    );
  });

  it('is read by Python with all digits', async function () {
    const python = pythonOrSkip(this);
    const path = fileOf(await bytesOf(writeJson(resultOf([ROWS]), 'lasair')));
    const read = (await runPython(
      python,
      `import json, sys
rows = json.load(open(sys.argv[1]))
print(json.dumps([[str(r['diaObjectId']), type(r['diaObjectId']).__name__, repr(r['ra'])] for r in rows]))`,
      [path],
    )) as string[][];
    expect(read.slice(0, 3)).to.deep.equal([
      ['9223372036854775807', 'int', '0.30000000000000004'],
      ['-9223372036854775808', 'int', '5e-324'],
      ['170055002004914266', 'int', '1.7976931348623157e+308'],
    ]);
  });

  it('is an object a line as NDJSON', async () => {
    const lines = (await bytesOf(writeNdjson(resultOf([ROWS])))).toString().split('\n');
    expect(lines).to.have.length(ROWS.length + 1);
    expect(lines.at(-1)).to.equal('');
    expect(JSON.parse(lines[2])).to.include({ name: ROWS[2][7] });
    expect((await bytesOf(writeNdjson(resultOf([])))).toString()).to.equal('');
  });
});

describe('results as CSV', () => {
  it('is RFC 4180: quotes where they must be, CRLF, NULL empty', async () => {
    const text = (await bytesOf(writeCsv(resultOf([ROWS])))).toString();
    const [head, first] = text.split('\r\n');
    expect(head).to.equal(NAMES.join(','));
    expect(first).to.equal(
      '9223372036854775807,0.30000000000000004,18.3,2147483647,9007199254740991,1234567890123456.5000,true,"née <b>&amp; ""O’Neil"", 星',
    );
    expect(text.endsWith(`${','.repeat(NAMES.length - 1)}\r\n`)).to.equal(true);
    expect(text).to.contain(',-0.0001,false,"",null,1970-01-01T00:00:00.000Z,\r\n');
  });

  it('holds nothing that a spreadsheet runs, and numbers as they are', async () => {
    const guarded = [
      ...['=1+1', '=HYPERLINK("https://example.org";"x")', '+cmd|x!A1', '-A1', '@SUM(A1)'],
      ...['\t=1', '\r=1', '\n=1', '＝1+1', '＋a', '－a', '＠a', "'=1", "''@x", '-1+cmd|x', '+1e'],
    ];
    const same = [
      ...[
        '-12.5',
        '+41:16:09.5',
        '-00 30 10',
        '+1.5e-7',
        '-',
        '--',
        '1-2',
        'a=b',
        ' =1',
        "'quoted'",
      ],
      ...['', "O'Neil", '{"a": -1}'],
    ];
    for (const text of [...guarded, ...same]) {
      const cell = csvText(text);
      const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(read.startsWith("'") && read !== text, text).to.equal(guarded.includes(text));
      expect(withoutGuard(read), JSON.stringify(text)).to.equal(text);
    }
    const table = resultOf([[['=1+1', '["=1"]', -0.5, '-7']]], {
      columns: [
        { name: '=A1', type: 'text' },
        { name: 'b', type: 'json' },
        { name: 'c', type: 'double' },
        { name: 'd', type: 'id' },
      ],
    });
    expect((await bytesOf(writeCsv(table))).toString()).to.equal(
      `'=A1,b,c,d\r\n'=1+1,"[""=1""]",-0.5,-7\r\n`,
    );
  });

  it('is read by Python as it was written', async function () {
    const python = pythonOrSkip(this);
    const path = fileOf(await bytesOf(writeCsv(resultOf([ROWS.slice(0, 2), ROWS.slice(2)]))));
    const read = await runPython(
      python,
      `import csv, json, sys
print(json.dumps(list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))))`,
      [path],
    );
    const written = ROWS.map((row) => row.map((value) => (value === null ? '' : String(value))));
    expect(read).to.deep.equal([NAMES, ...written]);
  });
});
