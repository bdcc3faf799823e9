import { expect } from 'chai';

import { sentenceHtml } from '../../webapp/sentence-html.ts';

describe('sentenceHtml', () => {
  it('keeps emphasis and what is escaped already', () => {
    expect(sentenceHtml('near <em>NGC 1 &#60;b&#62; &amp; x</em>, a galaxy')).to.equal(
      'near <em>NGC 1 &#60;b&#62; &#38; x</em>, a galaxy',
    );
  });

  it('shows every other markup as text', () => {
    for (const text of [
      '<script>alert(1)</script>',
      '<em onclick="x">a</em>',
      '<img src=x onerror=alert(1)>',
      '<<em>script>',
      '<EM>a</EM>',
      '&lt;script&gt;',
      '&#x3c;script&#x3e;',
      '&#60;script&#62;',
      '"><svg onload=1>',
    ]) {
      expect(sentenceHtml(text).replace(/<\/?em>/g, ''), text).to.not.match(/[<>"]/);
    }
  });

  it('closes what is left open, and opens nothing twice', () => {
    expect(sentenceHtml('<em>a<em>b')).to.equal('<em>ab</em>');
    expect(sentenceHtml('</em>a</em>')).to.equal('a');
    expect(sentenceHtml('')).to.equal('');
  });

  it('leaves numbers that are no characters as they stand', () => {
    expect(sentenceHtml('&#9999999;&#0;')).to.equal('&#38;#9999999;&#38;#0;');
  });
});
