import { expect } from 'chai';

import { PRESENT_COST, createPasswordHasher } from '../../../common/accounts/password-hash.ts';
import { BusyError } from '../../../common/errors.ts';

const CHEAP = { log2N: 4, r: 1, p: 1 };

/** RFC 7914, section 12: password, salt, N = 1024, r = 8, p = 16. */
const RFC_HASH =
  'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640';

describe('createPasswordHasher', () => {
  it('is scrypt: it knows the hash that RFC 7914 publishes', async () => {
    const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const stored = `$scrypt$ln=10,r=8,p=16$${base64(Buffer.from('NaCl'))}$${base64(Buffer.from(RFC_HASH, 'hex'))}`;
    const hasher = createPasswordHasher(CHEAP);
    expect(await hasher.check('password', stored)).to.eql({ isRight: true, isOutdated: true });
    expect(await hasher.check('Password', stored)).to.eql({ isRight: false, isOutdated: false });
  });

  it('costs what OWASP asks for, says so in what it keeps, and salts', async () => {
    const hasher = createPasswordHasher();
    expect(PRESENT_COST).to.deep.equal({ log2N: 17, r: 8, p: 1 });
    const stored = await hasher.hash('correct horse battery staple');
    expect(stored).to.match(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(stored.length).to.be.below(255);
    expect(await hasher.check('correct horse battery staple', stored)).to.eql({
      isRight: true,
      isOutdated: false,
    });
    const cheap = createPasswordHasher(CHEAP);
    expect(await cheap.hash('x')).to.not.equal(await cheap.hash('x'));
  });

  it('takes letters for the same however they were typed', async () => {
    const hasher = createPasswordHasher(CHEAP);
    const stored = await hasher.hash('Ångström ﬁnds 星 ①');
    const check = async (text: string) => (await hasher.check(text, stored)).isRight;
    expect(await check('Ångström finds 星 1'.normalize('NFD'))).to.equal(true);
    expect(await check('Angstrom finds 星 1')).to.equal(false);
  });

  it('says no where there is no hash, whatever is typed', async () => {
    const hasher = createPasswordHasher(CHEAP);
    for (const typed of ['', 'anything']) {
      expect(await hasher.check(typed, null)).to.eql({ isRight: false, isOutdated: false });
    }
  });

  it('keeps a queue of bounded length, and its turns', async () => {
    const hasher = createPasswordHasher({ log2N: 10, r: 8, p: 1 });
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) => hasher.hash(`password ${i}`)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).to.have.length(48);
    for (const { reason } of refused) expect(reason).to.be.instanceOf(BusyError);
    // The places are free again.
    await Promise.all(Array.from({ length: 52 }, () => hasher.hash('x')));
  });
});
