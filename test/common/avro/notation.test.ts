import { expect } from 'chai';

import {
  avroFields,
  insertAfter,
  packetSchema,
  perBand,
  retype,
  without,
} from '../../../common/avro/notation.ts';

describe('avroFields', () => {
  it('gives each name the type before it, nullable with null first, arrays and times', () => {
    expect(avroFields('long: visit float?: flux [point]?: points micros: made')).to.deep.equal([
      { name: 'visit', type: 'long' },
      { name: 'flux', type: ['null', 'float'], default: null },
      { name: 'points', type: ['null', { type: 'array', items: 'point' }], default: null },
      { name: 'made', type: { type: 'long', logicalType: 'timestamp-micros' } },
    ]);
  });

  it('refuses a name before any type', () => {
    expect(() => avroFields('visit long: x')).to.throw('gives visit no type');
  });

  it('repeats a template for every band', () => {
    const names = avroFields(perBand('gr', 'int: *_n float?: *_mean')).map((field) => field.name);
    expect(names).to.deep.equal(['g_n', 'g_mean', 'r_n', 'r_mean']);
  });
});

describe('changes between versions', () => {
  const fields = avroFields('int: a b c');
  const names = (changed: typeof fields) => changed.map((field) => field.name).join('');

  it('insert, leave out and retype in place', () => {
    expect(names(insertAfter(fields, 'b', 'float: x y'))).to.equal('abxyc');
    expect(names(without(fields, 'a', 'c'))).to.equal('b');
    expect(retype(fields, 'long: b').map((field) => field.type)).to.deep.equal([
      'int',
      'long',
      'int',
    ]);
    expect(names(fields)).to.equal('abc');
  });

  it('fail for a field that is not there', () => {
    expect(() => without(fields, 'd')).to.throw('no field d');
  });
});

describe('packetSchema', () => {
  it('defines a record where it first comes up, and names it afterwards', () => {
    const schema = packetSchema(
      'alert',
      { packet: 'survey', inner: 'survey.alert' },
      { alert: avroFields('point: now [point]?: before'), point: avroFields('double: mjd') },
    );
    expect(schema).to.deep.equal({
      type: 'record',
      name: 'alert',
      namespace: 'survey',
      fields: [
        {
          name: 'now',
          type: {
            type: 'record',
            name: 'point',
            namespace: 'survey.alert',
            fields: [{ name: 'mjd', type: 'double' }],
          },
        },
        {
          name: 'before',
          type: ['null', { type: 'array', items: 'survey.alert.point' }],
          default: null,
        },
      ],
    });
  });
});
