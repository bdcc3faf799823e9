import { expect } from 'chai';

import { PacketError } from '../../../common/errors.ts';
import { createDecoderCache } from '../../../ingest/surveys/decoder-cache.ts';

describe('createDecoderCache', () => {
  it('builds once per distinct schema, whatever comes between', () => {
    const built: string[] = [];
    const cache = createDecoderCache((schema) => {
      built.push(schema.toString());
      return { name: schema.toString() };
    });
    for (const name of ['a', 'a', 'b', 'a', 'b', 'b', 'c', 'a']) {
      expect(cache.get(Buffer.from(name)).name).to.equal(name);
    }
    expect(built).to.deep.equal(['a', 'b', 'c']);
  });

  it('does not depend on the bytes it was shown, which belong to the packet', () => {
    const cache = createDecoderCache((schema) => schema.toString());
    const bytes = Buffer.from('first');
    cache.get(bytes);
    bytes.write('other');
    expect(cache.get(bytes)).to.equal('other');
    expect(cache.get(Buffer.from('first'))).to.equal('first');
  });

  it('remembers that a schema cannot be used', () => {
    let tries = 0;
    const cache = createDecoderCache(() => {
      tries++;
      throw new PacketError('other_survey', 'not ours');
    });
    for (let i = 0; i < 5; i++) expect(() => cache.get(Buffer.from('x'))).to.throw('not ours');
    expect(tries).to.equal(1);
  });

  it('keeps no more than a hundred', () => {
    let built = 0;
    const cache = createDecoderCache((schema) => {
      built++;
      return schema.toString();
    });
    for (let i = 0; i <= 100; i++) cache.get(Buffer.from(String(i)));
    cache.get(Buffer.from('100'));
    expect(built).to.equal(101);
    cache.get(Buffer.from('0'));
    expect(built).to.equal(102);
  });
});
