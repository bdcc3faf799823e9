import { expect } from 'chai';

import { compileDecoder } from '../../../common/avro/compile.ts';
import type { RecordIndex } from '../../../common/avro/compile.ts';
import { resolveSchema } from '../../../common/avro/schema.ts';
import { PacketError } from '../../../common/errors.ts';
import { writeLong, writeString } from '../../../ingest/simulate/avro-writer.ts';
import { avscType, plain } from './avsc-oracle.ts';

function record(...fields: [name: string, type: unknown][]) {
  return { type: 'record', name: 'alert', fields: fields.map(([name, type]) => ({ name, type })) };
}

function decode(schema: unknown, bytes: Buffer, indexed = {}): Record<string, unknown> {
  const { value, end } = compileDecoder(resolveSchema(schema), indexed).decode(
    bytes,
    0,
    bytes.length,
  );
  expect(end).to.equal(bytes.length);
  return value;
}

/** Writes with another implementation and reads with ours; maps come without a prototype. */
function roundTrip(schema: unknown, value: Record<string, unknown>): void {
  const bytes = avscType(schema).toBuffer(value);
  expect(plain(decode(schema, bytes))).to.deep.equal(plain(value));
}

function faultOf(schema: unknown, bytes: Buffer, indexed = {}): string {
  try {
    compileDecoder(resolveSchema(schema), indexed).decode(bytes, 0, bytes.length);
  } catch (err) {
    if (err instanceof PacketError) return `${err.fault}: ${err.message}`;
    throw err;
  }
  return 'none';
}

describe('compileDecoder', () => {
  it('reads every primitive type', () => {
    const schema = record(
      ['n', 'null'],
      ['yes', 'boolean'],
      ['no', 'boolean'],
      ['i', 'int'],
      ['f', 'float'],
      ['d', 'double'],
      ['b', 'bytes'],
      ['s', 'string'],
    );
    const values = { n: null, yes: true, no: false, f: Math.fround(0.1), d: 0.1 };
    for (const i of [0, -1, 63, -64, 64, 2 ** 31 - 1, -(2 ** 31)]) {
      roundTrip(schema, { ...values, i, b: Buffer.from([0, 255, 7]), s: 'Δ mag ≈ 0.3 😀' });
    }
    roundTrip(schema, { ...values, i: 5, b: Buffer.alloc(0), s: '', f: -0, d: Infinity });
    roundTrip(schema, { ...values, i: 5, b: Buffer.alloc(300, 1), s: 'x'.repeat(3_000), f: NaN });
  });

  it('keeps all 64 bits of a long', () => {
    const edges = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 62n, 2n ** 63n - 1n];
    const powers = Array.from({ length: 9 }, (_, k) => 2n ** BigInt(7 * k + 6));
    for (const edge of [...edges, ...powers]) {
      for (const id of [edge, -edge, -edge - 1n, edge - 1n]) {
        if (id < -(2n ** 63n) || id >= 2n ** 63n) continue;
        roundTrip(record(['id', 'long']), { id });
      }
    }
  });

  it('reads unions in both orders and with many branches', () => {
    for (const type of [
      ['null', 'double'],
      ['double', 'null'],
    ]) {
      for (const x of [null, 2.5]) roundTrip(record(['x', type]), { x });
    }
    const wide = ['string', 'null', 'double', 'boolean', { type: 'array', items: 'string' }];
    for (const x of ['a', null, 2.5, true, ['b', 'c']]) roundTrip(record(['x', wide]), { x });
    expect(faultOf(record(['x', wide]), Buffer.from([10]))).to.match(/^damaged.*no such branch/);
    expect(faultOf(record(['x', ['null', 'int']]), Buffer.from([4]))).to.match(/no such branch/);
  });

  it('reads maps, enumerations, fixed bytes and nested records', () => {
    const schema = record(
      ['m', { type: 'map', values: ['null', 'double'] }],
      ['e', { type: 'enum', name: 'band', symbols: ['g', 'r', 'i'] }],
      ['again', 'band'],
      ['hash', { type: 'fixed', name: 'md5', size: 4 }],
      [
        'inner',
        { type: 'record', name: 'inner', namespace: 'a.b', fields: [{ name: 'x', type: 'int' }] },
      ],
      ['other', ['null', 'a.b.inner']],
    );
    const value = {
      e: 'r',
      again: 'i',
      hash: Buffer.from('abcd'),
      inner: { x: 1 },
      other: { x: 2 },
    };
    roundTrip(schema, { ...value, m: {} });
    roundTrip(schema, { ...value, m: { a: 1.5, 'b c': null, toString: 3 }, other: null });
    const three = record(['e', { type: 'enum', name: 'band', symbols: ['g', 'r', 'i'] }]);
    expect(faultOf(three, writeLong(3))).to.match(/^damaged.*no such symbol/);
    expect(faultOf(three, writeLong(-1))).to.match(/^damaged.*no such symbol/);
  });

  it('takes names for names, whatever they are', () => {
    const map = record(['m', { type: 'map', values: 'int' }]);
    const bytes = Buffer.concat([
      writeLong(1),
      ...writeString('__proto__'),
      writeLong(7),
      writeLong(0),
    ]);
    const { m } = decode(map, bytes) as { m: Record<string, unknown> };
    expect(Object.keys(m)).to.deep.equal(['__proto__']);
    const odd = record(
      ['__proto__', 'int'],
      ['"]; throw 1; //', 'int'],
      ['a', 'int'],
      ['a', 'int'],
    );
    const value = decode(odd, Buffer.from([2, 4, 6, 8]));
    expect(Object.entries(value)).to.deep.equal([
      ['__proto__', 1],
      ['"]; throw 1; //', 2],
      ['a', 4],
    ]);
  });

  it('reads records that hold records of their own kind', () => {
    const tree = record(
      ['name', 'string'],
      ['children', { type: 'array', items: 'alert' }],
      ['next', ['null', 'alert']],
    );
    const leaf = (name: string) => ({ name, children: [], next: null });
    roundTrip(tree, {
      name: 'root',
      children: [leaf('a'), { ...leaf('b'), children: [leaf('c')], next: leaf('d') }],
      next: leaf('e'),
    });
  });

  it('reads arrays in several blocks, with sizes in bytes before them or not', () => {
    const schema = record(['a', { type: 'array', items: 'long' }], ['z', 'int']);
    const block = (...values: number[]) => Buffer.concat(values.map(writeLong));
    const sized = (...values: number[]) =>
      Buffer.concat([
        writeLong(-values.length),
        writeLong(block(...values).length),
        block(...values),
      ]);
    const bytes = Buffer.concat([
      writeLong(2),
      block(1, -300),
      sized(5, 6, 700_000),
      writeLong(1),
      block(8),
      writeLong(0),
      writeLong(9),
    ]);
    expect(decode(schema, bytes)).to.deep.equal({ a: [1n, -300n, 5n, 6n, 700_000n, 8n], z: 9 });
  });

  describe('with indexed arrays', () => {
    const point = {
      type: 'record',
      name: 'point',
      fields: [
        ['mag', ['null', 'float']],
        ['id', ['null', 'long']],
        ['band', { type: 'enum', name: 'band', symbols: ['g', 'r'] }],
        ['tags', { type: 'map', values: 'string' }],
        ['pid', 'long'],
        ['flags', { type: 'array', items: 'boolean' }],
        ['wide', ['int', 'string', 'null']],
        ['code', { type: 'fixed', name: 'code', size: 3 }],
        ['n', 'int'],
        ['d', 'double'],
        ['hash', 'bytes'],
      ].map(([name, type]) => ({ name, type })),
    };
    const points = Array.from({ length: 50 }, (_, i) => ({
      mag: i % 3 === 0 ? null : i / 4,
      id: i % 5 === 0 ? null : 2n ** 62n + BigInt(i),
      band: i % 2 === 0 ? 'g' : 'r',
      tags: i % 7 === 0 ? { a: 'b' } : {},
      pid: BigInt(-i) * 2n ** 33n,
      flags: [true, false].slice(0, i % 3),
      wide: [i, 'text', null][i % 3],
      code: Buffer.from('abc'),
      n: 10 - i,
      d: i / 3,
      hash: Buffer.alloc(i, i),
    }));
    const keys = { history: ['id', 'pid'] };
    const shapes: [string, unknown][] = [
      ['list', { type: 'array', items: point }],
      ['list or null', [{ type: 'array', items: point }, 'null']],
      ['null or list', ['null', { type: 'array', items: point }]],
      ['null or list of point or null', ['null', { type: 'array', items: ['null', point] }]],
      ['list of null or point', { type: 'array', items: [point, 'null'] }],
    ];
    for (const [name, type] of shapes) {
      it(`finds the keys and builds each record of ${name}`, () => {
        const schema = record(['before', 'int'], ['history', type], ['after', 'string']);
        const bytes = avscType(schema).toBuffer({ before: 1, history: points, after: 'end' });
        const value = decode(schema, bytes, keys);
        expect(value.after).to.equal('end');
        const index = value.history as RecordIndex;
        expect(index.length).to.equal(50);
        for (const i of [49, 0, 17, 5, 17]) expect(plain(index.read(i))).to.deep.equal(points[i]);
        const [ids, pids] = index.keys.map(({ low, high, isNull }) =>
          points.map((_, i) =>
            isNull[i] === 1 ? null : (BigInt(high[i]) << 32n) | BigInt(low[i] >>> 0),
          ),
        );
        expect(ids).to.deep.equal(points.map(({ id }) => id));
        expect(pids).to.deep.equal(points.map(({ pid }) => pid));
      });
    }

    it('passes over records that are null, and takes a list that is null or empty', () => {
      const schema = record(['history', ['null', { type: 'array', items: ['null', point] }]]);
      const type = avscType(schema);
      const mixed = decode(
        schema,
        type.toBuffer({ history: [null, points[1], null, points[2]] }),
        keys,
      );
      const index = mixed.history as RecordIndex;
      expect(index.length).to.equal(2);
      expect(plain(index.read(1))).to.deep.equal(points[2]);
      expect(decode(schema, type.toBuffer({ history: null }), keys)).to.deep.equal({
        history: null,
      });
      const empty = decode(schema, type.toBuffer({ history: [] }), keys);
      expect((empty.history as RecordIndex).length).to.equal(0);
    });

    it('keeps the records of one packet readable after the next', () => {
      const schema = record(['history', { type: 'array', items: point }]);
      const decoder = compileDecoder(resolveSchema(schema), keys);
      const type = avscType(schema);
      const [first, second] = [points.slice(0, 9), points.slice(20)].map((history) => {
        const bytes = type.toBuffer({ history });
        return decoder.decode(bytes, 0, bytes.length).value.history as RecordIndex;
      });
      expect(plain(second.read(3))).to.deep.equal(points[23]);
      expect(plain(first.read(8))).to.deep.equal(points[8]);
    });

    it('refuses a schema whose history is something else', () => {
      const without = { type: 'record', name: 'p', fields: [{ name: 'pid', type: 'long' }] };
      for (const [type, message] of [
        ['string', /history is no list$/],
        [point, /history is no list$/],
        [['null', 'int', { type: 'array', items: point }], /is no list/],
        [{ type: 'array', items: 'long' }, /no list of records/],
        [{ type: 'array', items: without }, /no whole number id/],
      ] as const) {
        const fault = faultOf(record(['history', type]), Buffer.alloc(0), keys);
        expect(fault)
          .to.match(/^unknown_schema/)
          .and.match(message);
      }
    });
  });
});

describe('resolveSchema', () => {
  const refused = (schema: unknown): string => {
    try {
      resolveSchema(schema);
    } catch (err) {
      expect(err).to.be.instanceOf(PacketError);
      expect((err as PacketError).fault).to.equal('unknown_schema');
      return (err as PacketError).message;
    }
    return 'taken';
  };

  it('takes a name for that of its own namespace first', () => {
    const schema = {
      type: 'record',
      name: 'a.alert',
      fields: [
        { name: 'one', type: { type: 'fixed', name: 'x', namespace: '', size: 1 } },
        { name: 'two', type: { type: 'fixed', name: 'a.x', size: 2 } },
        { name: 'both', type: 'x' },
      ],
    };
    const { fields } = resolveSchema(schema);
    expect(fields[2].type).to.equal(fields[1].type);
  });

  it('ignores defaults and prose, which many surveys get wrong', () => {
    const schema = record(['x', ['float', 'null']], ['y', 'int']) as { fields: object[] };
    schema.fields[0] = { ...schema.fields[0], default: null, doc: 7 };
    schema.fields[1] = { ...schema.fields[1], default: 'none' };
    expect(resolveSchema(schema).fields).to.have.length(2);
  });

  it('refuses what is no schema in one sentence', () => {
    for (const schema of [
      null,
      7,
      'string',
      [],
      {},
      { type: 'array', items: 'int' },
      { type: 'record', name: 'a' },
      record(['x', 'unheard_of']),
      record(['x', { type: 'enum', name: 'e' }]),
      record(['x', null]),
      { type: 'record', name: 'a', fields: [null] },
      { type: 'record', name: 'a', fields: [{ type: 'int' }] },
    ]) {
      expect(refused(schema), JSON.stringify(schema)).not.to.equal('taken');
    }
    for (const size of [-1, 1.5, '7', null, 2 ** 40, undefined]) {
      const schema = record(['x', { type: 'fixed', name: 'f', size }]);
      expect(refused(schema), String(size)).to.match(/fixed size/);
    }
  });
});
