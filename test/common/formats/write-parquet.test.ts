import { expect } from 'chai';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { writeParquet } from '../../../common/formats/write-parquet.ts';
import type { Scalar } from '../../../common/store/row-reader.ts';
import { ROWS, bytesOf, resultOf } from './result-sample.ts';

async function readBack(bytes: Buffer) {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, compressors });
  return { rows, metadata: parquetMetadata(file) };
}

describe('results as Parquet', () => {
  it('is read back with every value in its own type', async () => {
    const { rows, metadata } = await readBack(await bytesOf(writeParquet(resultOf([ROWS]))));
    expect(rows[0]).to.deep.equal({
      diaObjectId: 9223372036854775807n,
      ra: 0.30000000000000004,
      mag: Math.fround(18.3),
      n: 2147483647,
      total: 9007199254740991n,
      mean: 1234567890123456.5,
      isNear: true,
      name: ROWS[0][7],
      record: '{"a": [1, "x"]}',
      seen: new Date('2024-02-29T23:59:59.123Z'),
      nothing: null,
    });
    expect(rows[1]).to.deep.include({ diaObjectId: -9223372036854775808n, ra: 5e-324, name: '' });
    expect(rows[2].seen).to.deep.equal(new Date('9999-12-31T23:59:59.999Z'));
    expect(Object.values(rows[3])).to.deep.equal(ROWS[3]);
    const notes = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
    expect(notes.get('IVOA.VOTable-Parquet.version')).to.equal('1.0');
    expect(notes.get('IVOA.VOTable-Parquet.content')).to.contain(
      '<FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra" ref="icrs"><DESCRIPTION>',
    );
    expect(notes.get('overflow')).to.equal('false');
  });

  it('writes row groups while rows come, in flat memory', async () => {
    const columns = [
      { name: 'id', type: 'id' as const },
      { name: 'mag', type: 'float' as const },
    ];
    const rowAt = (at: number): Scalar[] => [
      String(2n ** 60n + BigInt(at)),
      at % 7 ? at / 8 : null,
    ];
    const groups = Array.from({ length: 300 }, (_, group) =>
      Array.from({ length: 1_000 }, (_, at) => rowAt(group * 1_000 + at)),
    );
    const sizes: number[] = [];
    const pieces: Uint8Array[] = [];
    for await (const piece of writeParquet(resultOf(groups, { columns }))) {
      sizes.push(piece.length);
      pieces.push(piece);
    }
    const { rows, metadata } = await readBack(Buffer.concat(pieces));
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).to.deep.equal(
      Array(6).fill(50_000),
    );
    expect(sizes).to.have.length(7);
    expect(sizes[6]).to.be.below(20_000);
    expect(rows).to.have.length(300_000);
    expect(rows[299_998]).to.deep.equal({ id: 2n ** 60n + 299_998n, mag: 299_998 / 8 });
    expect(rows[7].mag).to.equal(null);
  });

  it('has its columns without rows, and refuses what it cannot hold', async () => {
    const { rows, metadata } = await readBack(await bytesOf(writeParquet(resultOf([]))));
    expect(rows).to.deep.equal([]);
    expect(metadata.schema).to.have.length(12);
    const large = resultOf([[['18446744073709551615']]], {
      columns: [{ name: 'x', type: 'int' }],
    });
    const failure = await bytesOf(writeParquet(large)).catch((err: unknown) => String(err));
    expect(failure).to.contain('x has the value 18446744073709551615');
  });
});
