import { expect } from 'chai';
import { parquetWriteBuffer } from 'hyparquet-writer';

import { openTable } from '../../../common/formats/open-table.ts';
import { failureOf, fileOf, PLAIN, readAll, readTable } from './reading.ts';

const COUNT = 5_000;
const sample = () =>
  Buffer.from(
    parquetWriteBuffer({
      rowGroupSize: 1_000,
      columnData: [
        {
          name: 'id',
          data: Array.from({ length: COUNT }, (_, i) => 2n ** 60n + BigInt(i)),
          type: 'INT64',
        },
        { name: 'ra', data: Array.from({ length: COUNT }, (_, i) => i / 14), type: 'DOUBLE' },
        {
          name: 'mag',
          data: Array.from({ length: COUNT }, (_, i) => (i % 3 === 0 ? null : i / 7)),
          type: 'FLOAT',
        },
        { name: 'name', data: Array.from({ length: COUNT }, (_, i) => `née ${i}`), type: 'STRING' },
        {
          name: 'flag',
          data: Array.from({ length: COUNT }, (_, i) => i % 2 === 0),
          type: 'BOOLEAN',
        },
        { name: 'list', data: Array.from({ length: COUNT }, () => [1, 2]) },
      ],
    }),
  );

describe('Parquet', () => {
  it('reads numbers, texts and missing values over all row groups', async () => {
    const { columns, rows } = await readTable(sample());
    expect(columns).to.include.members(['id', 'ra', 'mag', 'name', 'flag']);
    expect(rows).to.have.length(COUNT);
    const at = (name: string) => columns.indexOf(name);
    const row = rows[4999];
    expect(row.texts[at('id')]).to.equal(String(2n ** 60n + 4999n));
    expect(row.numbers[at('ra')]).to.equal(4999 / 14);
    expect(row.texts[at('name')]).to.equal('née 4999');
    expect(row.numbers[at('mag')]).to.equal(Math.fround(4999 / 7));
    expect(rows[3].numbers[at('mag')]).to.equal(null);
    expect(rows[3].numbers[at('flag')]).to.equal(0);
    expect(row.place).to.equal('row 5000');
  });

  it('goes on from any row', async () => {
    const path = fileOf(sample());
    const whole = await readAll(await openTable(path, PLAIN));
    expect(whole.ends).to.have.length(5);
    for (const count of [0, 1000, 1234, 4999, 5000]) {
      const rest = await readAll(await openTable(path, PLAIN), { count, byte: 0 });
      expect(rest.rows).to.deep.equal(whole.rows.slice(count));
    }
  });

  it('refuses a file that is cut short or damaged', async () => {
    const bytes = sample();
    expect(await failureOf(readTable(bytes.subarray(0, bytes.length - 100)))).to.match(
      /cannot be read as Parquet/,
    );
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 100, 9_000);
    expect(await failureOf(readTable(damaged))).to.match(/cannot be read behind row 0/);
  });
});
