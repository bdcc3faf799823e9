import { expect } from 'chai';

import { checkPasswordRules } from '../../../common/accounts/password-rules.ts';
import { InvalidInputError } from '../../../common/errors.ts';

const OWNER = { name: 'henrietta', email: 'h.leavitt@harvard.example' };
const check = (password: string) => () => checkPasswordRules(password, OWNER);

describe('checkPasswordRules', () => {
  it('takes what nobody guesses, in any writing', () => {
    for (const password of [
      'correct horse battery staple',
      'tr0ub4dor&3x',
      'kx9-wq2-pl7',
      '造父变星周光关系的发现者',
      'период и блеск',
      '🔭🌌✨🪐🌠☄️🛰️🌒🌓🌔',
      ' leading and trailing ',
      'x'.repeat(3) + 'abcdefgh1!'.repeat(19),
    ]) {
      expect(check(password), password).to.not.throw();
    }
  });

  it('asks for ten letters as people count them', () => {
    expect(check('kx9-wq2-p')).to.throw(InvalidInputError, 'at least 10 letters');
    expect(check('🔭🌌✨🪐🌠')).to.throw(InvalidInputError, 'at least 10 letters');
    expect(check('')).to.throw(InvalidInputError);
  });

  it('refuses what is longer than 200 letters, and what no keyboard has', () => {
    expect(check('kx9-wq2-pl'.repeat(20))).to.not.throw();
    expect(check('kx9-wq2-pl'.repeat(20) + 'x')).to.throw(InvalidInputError, 'more than 200');
    expect(check('kx9-wq2-pl7\u0000')).to.throw(InvalidInputError, 'keyboard');
  });

  it('refuses the name and the address, dressed up or not', () => {
    for (const password of [
      'henriettahenrietta',
      'Henrietta1912',
      '12Henrietta!',
      'h.leavitt@harvard.example',
      'xxH.Leavitt99',
    ]) {
      expect(check(password), password).to.throw(InvalidInputError, /name or mail address|first/);
    }
  });

  it('refuses what lists of leaked passwords begin with', () => {
    for (const password of [
      'password12',
      'Password1!',
      'P@ssw0rd!!',
      'passw0rd2026',
      'qwertyuiop',
      'qwerty123456',
      '1234567890',
      '0987654321',
      'a123456789',
      '1q2w3e4r5t6y',
      '1qaz2wsx3edc',
      'iloveyou123',
      'aaaaaaaaaa',
      'ababababab',
      'abcdefghij',
      'supernova2026',
      '123telescope',
    ]) {
      expect(check(password), password).to.throw(InvalidInputError, 'guessed first');
    }
  });
});
