import { expect } from 'chai';

import { guideHtml } from '../../../webapp/query/guide.ts';

describe('the guide as a page', () => {
  it('turns headings, lists, tables and code into HTML', () => {
    const { html, headings } = guideHtml(
      [
        '# Title',
        '## What `cone()` does',
        'One **line**,',
        'goes *on*.',
        '',
        '- first',
        '  goes on',
        '- second',
        '',
        '| a | b |',
        '| - | :-: |',
        '| `x` | y \\| z |',
      ].join('\n'),
    );
    expect(headings).to.deep.equal([{ anchor: 'what-cone-does', title: 'What cone() does' }]);
    expect(html).to.contain('<h2 id="what-cone-does">What <code>cone()</code> does</h2>');
    expect(html).to.contain('<p>One <strong>line</strong>, goes <em>on</em>.</p>');
    expect(html).to.contain('<ul><li>first goes on</li><li>second</li></ul>');
    expect(html).to.contain('<th>a</th><th>b</th>').and.contain('<td>y | z</td>');
    expect(html).to.not.contain('Title');
  });

  it('opens SQL in the editor of the survey that it speaks of', () => {
    const { html } = guideHtml('```sql\nSELECT diaObjectId FROM objects WHERE a < 1\n```');
    expect(html).to.contain('WHERE a &#60; 1');
    expect(html).to.contain('/query/?survey=lsst&#38;sql=SELECT+diaObjectId').and.contain('edit=1');
  });

  it('keeps markup and strange links as text', () => {
    const { html } = guideHtml('<b>x</b> `<i>` [a](javascript:alert) [b](/schema/) [c](other.md)');
    expect(html).to.equal(
      '<p>&#60;b&#62;x&#60;/b&#62; <code>&#60;i&#62;</code> a <a href="/schema/">b</a> c</p>',
    );
  });

  it('ends with text that ends in the middle', () => {
    expect(guideHtml('```sql\nSELECT 1').html).to.contain('SELECT 1');
    expect(guideHtml('').html).to.equal('');
    expect(guideHtml('| a').html).to.contain('<td>a</td>');
  });
});
