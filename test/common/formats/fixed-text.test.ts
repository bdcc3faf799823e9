import { expect } from 'chai';

import { parseFixedLayout } from '../../../common/formats/fixed-text.ts';
import { openTable } from '../../../common/formats/open-table.ts';
import { requireReference } from '../astro/reference.ts';
import { failureOf, PLAIN, readAll, readTable } from './reading.ts';

describe('text in fixed columns', () => {
  const narrow = parseFixedLayout('id 1-3, ra 5-9, name 11-16');
  const wide = parseFixedLayout('id 1-4, ra 6-10, name 12-17');

  it('takes the layout whose gaps are blank, and faults rows that do not keep to it', async () => {
    const lines = ['  12 10.50 ab  cd', ' 123  9.25 x', '', '9999 12.2512345678'];
    const { rows } = await readTable(
      [...lines, ...Array.from({ length: 40 }, () => lines[0])].join('\n'),
      { fixed: [narrow, wide] },
    );
    expect(rows[0].texts).to.deep.equal(['12', '10.50', 'ab  cd']);
    expect(rows[1].texts).to.deep.equal(['123', '9.25', 'x']);
    expect([rows[2].place, rows[2].fault]).to.deep.equal([
      'line 4',
      'there is something between its columns',
    ]);
  });

  it('is read as text between delimiters where no layout fits', async () => {
    const { columns } = await readTable('identity|ra|name\n1234567|1|b\n', { fixed: [narrow] });
    expect(columns).to.deep.equal(['identity', 'ra', 'name']);
  });

  it('says which part of a layout it cannot read', async () => {
    expect(await failureOf(Promise.resolve().then(() => parseFixedLayout('id 1-3, ra')))).to.match(
      /"ra" does not say where/,
    );
  });

  it('reads Milliquas as its author publishes it', async function () {
    const path = requireReference(this, 'catalogues/sherlock_milliquas-test-data.txt');
    const layout = parseFixedLayout('RA 1-11, DEC 13-23, NAME 26-50, TYPE 52-55, RMAG 57-60');
    const { rows } = await readAll(await openTable(path, { ...PLAIN, fixed: [layout] }));
    expect(rows).to.have.length(1000);
    expect(rows[0].texts).to.deep.equal([
      '0.0006250',
      '-20.0743611',
      'UVQSJ000000.15-200427.7',
      'QX',
      '17.8',
    ]);
  });
});
