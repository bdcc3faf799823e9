import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeVotable } from '../../../common/formats/write-votable.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { testFolder } from '../../servers.ts';
import { NOTES, ROWS, bytesOf, resultOf } from './result-sample.ts';

/** What astropy makes of a VOTable, warnings being errors. */
const READ = `
import json, sys, warnings
warnings.simplefilter('error')
from astropy.io import votable
document = votable.parse(sys.argv[1], verify='exception')
table = document.get_first_table()
array = table.array
print(json.dumps({
  'infos': {i.name: i.value for r in document.resources for i in r.infos},
  'fields': [[f.name, f.datatype, str(f.unit or ''), f.ucd, f.description, f.xtype] for f in table.fields],
  'rows': [[None if array.mask[name][i] else repr(array[name][i].item()) if hasattr(array[name][i], 'item') else array[name][i] for name in array.dtype.names] for i in range(len(array))],
}))`;

async function read(python: string, bytes: Buffer) {
  const path = join(testFolder(), 'result.vot');
  writeFileSync(path, bytes);
  return (await runPython(python, READ, [path])) as {
    infos: Record<string, string>;
    fields: (string | null)[][];
    rows: (string | null)[][];
  };
}

describe('results as VOTable', () => {
  it('is read by astropy with units, meanings and every value', async function () {
    const python = pythonOrSkip(this);
    const { infos, fields, rows } = await read(
      python,
      await bytesOf(writeVotable(resultOf([ROWS]))),
    );
    expect(infos).to.include({ QUERY_STATUS: 'OK', query: NOTES.query.replace('\n', ' ') });
    expect(fields[0]).to.deep.equal([
      'diaObjectId',
      'long',
      '',
      'meta.id;meta.main',
      'Number of the object.',
      null,
    ]);
    expect(fields[1].slice(0, 5)).to.deep.equal([
      'ra',
      'double',
      'deg',
      'pos.eq.ra',
      'Right ascension: 0 <= ra & ra < 360.',
    ]);
    expect(fields.map(([, type]) => type)).to.deep.equal(
      'long double float int long double boolean unicodeChar unicodeChar char unicodeChar'.split(
        ' ',
      ),
    );
    expect(fields[9][5]).to.equal('timestamp');
    expect(rows[0].slice(0, 9)).to.deep.equal([
      '9223372036854775807',
      '0.30000000000000004',
      '18.299999237060547',
      '2147483647',
      '9007199254740991',
      '1234567890123456.5',
      'True',
      ROWS[0][7],
      '{"a": [1, "x"]}',
    ]);
    expect(rows[1].slice(0, 2)).to.deep.equal(['-9223372036854775808', '5e-324']);
    expect(rows[1][4]).to.equal('-9223372036854775808');
    // Its readers take blanks at the ends away.
    expect(rows[2][7]?.trim()).to.equal('=1+1, ]]> \ufffd');
    // Texts have no mask: an empty one is what a VOTable has for NULL.
    expect(rows[3].map((value) => value ?? '')).to.deep.equal(ROWS[3].map(() => ''));
    expect(rows[3].slice(0, 7)).to.deep.equal(ROWS[3].slice(0, 7));
  });

  it('says when a limit left rows out', async function () {
    const python = pythonOrSkip(this);
    const bytes = await bytesOf(writeVotable(resultOf([ROWS], { isCut: true })));
    expect((await read(python, bytes)).infos).to.include({ QUERY_STATUS: 'OVERFLOW' });
  });

  it('holds no rows, too', async function () {
    const python = pythonOrSkip(this);
    expect((await read(python, await bytesOf(writeVotable(resultOf([]))))).rows).to.deep.equal([]);
  });
});
