import { expect } from 'chai';

import { UpstreamError } from '../../common/errors.ts';
import { serializeError } from '../../common/log.ts';

describe('errors in the log', () => {
  it('have their causes, and not the statements with the values of users', () => {
    const fromDriver = Object.assign(new Error('Duplicate entry'), {
      code: 'ER_DUP_ENTRY',
      sql: "INSERT INTO glint.users VALUES ('vera', '$scrypt$...')",
    });
    const outer = new UpstreamError('the database did not answer', { cause: fromDriver });
    const text = JSON.stringify(serializeError(new Error('outermost', { cause: outer })));
    for (const kept of ['outermost', 'did not answer', 'Duplicate entry', 'ER_DUP_ENTRY', 'at ']) {
      expect(text).to.include(kept);
    }
    expect(text).to.not.include('scrypt').and.not.include('INSERT');
    expect(JSON.stringify(serializeError(fromDriver))).to.not.include('INSERT');
    expect(serializeError('a word')).to.equal('a word');
    const circle = new Error('round');
    circle.cause = circle;
    expect(serializeError(circle)).to.have.property('message', 'round');
  });
});
