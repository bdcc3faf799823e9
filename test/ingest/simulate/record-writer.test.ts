import type { Type } from 'avsc';
import { expect } from 'chai';

import type { AvroRecord } from '../../../common/avro/notation.ts';
import { packetType } from '../../../ingest/simulate/avro-writer.ts';
import { createRandom, gaussian, integer, uniform } from '../../../ingest/simulate/random.ts';
import { recordWriter } from '../../../ingest/simulate/record-writer.ts';
import type { FieldValue } from '../../../ingest/simulate/record-writer.ts';

const SCHEMA: AvroRecord = {
  type: 'record',
  name: 'outer',
  fields: [
    { name: 'many', type: ['null', { type: 'array', items: inner() }] },
    { name: 'again', type: 'inner' },
  ],
};

function inner(): AvroRecord {
  const kinds = ['float', 'double', 'int', 'long', 'boolean', 'string'];
  return {
    type: 'record',
    name: 'inner',
    fields: [
      ...kinds.map((kind) => ({ name: kind, type: kind })),
      ...kinds.map((kind) => ({ name: `${kind}OrNull`, type: ['null', kind] })),
    ],
  };
}

describe('recordWriter', () => {
  const type: Type = packetType(inner());
  const write = recordWriter(SCHEMA, 'inner');

  it('writes what avsc writes, over all sizes of numbers and texts', () => {
    const random = createRandom(1);
    for (let n = 0; n < 3000; n++) {
      const record = anyRecord(random);
      expect(write(record).equals(type.toBuffer(record))).to.equal(true);
    }
  });

  it('keeps the ends of the ranges', () => {
    const record = anyRecord(createRandom(2));
    for (const long of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 1_127_536_316_315_015_004n]) {
      for (const int of [0, -1, 2 ** 31 - 1, -(2 ** 31)]) {
        const extreme = { ...record, long, longOrNull: long, int, intOrNull: int };
        expect(type.fromBuffer(write(extreme))).to.deep.include({ long, int });
      }
    }
  });

  it('refuses a value of another type and names the field', () => {
    const record = anyRecord(createRandom(3));
    expect(() => write({ ...record, long: 3 })).to.throw(TypeError, 'inner.long is number');
    expect(() => write({ ...record, int: 0.5 })).to.throw(TypeError, 'inner.int');
    const incomplete = Object.fromEntries(
      Object.entries(record).filter(([name]) => name !== 'float'),
    );
    expect(() => write(incomplete)).to.throw(TypeError, 'inner.float is undefined');
    expect(() => recordWriter(SCHEMA, 'nothing')).to.throw('no record nothing');
  });
});

function anyRecord(random: ReturnType<typeof createRandom>): Record<string, FieldValue> {
  const sign = uniform(random) < 0.5 ? -1 : 1;
  const texts = ['', 'zg', 'ztf_20231012433727_000505_zg_c01_o_q1_scimrefdiffimg.fits', 'Ωé≠ ☃'];
  const value = {
    float: gaussian(random, 0, 1e6),
    double: gaussian(random, 0, 1e12),
    int: sign * integer(random, 2 ** integer(random, 31)),
    long: BigInt(sign) * BigInt(Math.floor(uniform(random) * 2 ** integer(random, 63))),
    boolean: uniform(random) < 0.5,
    string: texts[integer(random, texts.length)],
  };
  const nullable = Object.entries(value).map(([kind, some]) => [
    `${kind}OrNull`,
    uniform(random) < 0.5 ? null : some,
  ]);
  return { ...value, ...(Object.fromEntries(nullable) as Record<string, FieldValue>) };
}
