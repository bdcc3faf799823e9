import { expect } from 'chai';

import type { ResultColumn } from '../../../common/sql/ast.ts';
import { objectAddress, rowsHtml } from '../../../webapp/query/result-cells.ts';

const column = (name: string, type: ResultColumn['type'], more: Partial<ResultColumn> = {}) => ({
  name,
  type,
  ...more,
});

describe('cells of a result', () => {
  it('shows numbers with all their digits and NULL as such', () => {
    const columns = [column('ra', 'double'), column('n', 'int'), column('s', 'decimal')];
    expect(rowsHtml(columns, [[194.49400000000003, null, '12345678901234567890.5']])).to.equal(
      '<tr><td>194.49400000000003</td><td class="null">NULL</td><td>12345678901234567890.5</td></tr>',
    );
  });

  it('links objects of both surveys, whatever the column is called, and nothing else', () => {
    const source = { database: 'ztf', table: 'objects', column: 'objectId' } as const;
    const html = rowsHtml(
      [column('diaObjectId', 'id'), column('name', 'text', { source })],
      [
        ['313637921267122191', 'ZTF26aaglint'],
        ['0', 'ZTF26aag"lint'],
      ],
    );
    expect(html).to.contain('<a href="/object/313637921267122191/">313637921267122191</a>');
    expect(html).to.contain('<a href="/object/ZTF26aaglint/">ZTF26aaglint</a>');
    expect(html).to.contain('<td class="word">0</td>');
    expect(html).to.contain('<td class="word">ZTF26aag&#34;lint</td>');
    expect(objectAddress('../login')).to.equal(undefined);
    expect(objectAddress('9'.repeat(20))).to.equal(undefined);
  });

  it('lets no value be markup: only the emphasis of sentences is kept', () => {
    const hostile = '<script>alert(1)</script><em>SN</em> & "x"';
    const html = rowsHtml(
      [column('content', 'text'), column('type', 'text')],
      [[hostile, hostile]],
    );
    expect(html).to.not.contain('<script');
    expect(html.match(/<em>/g)).to.have.length(1);
  });

  it('links addresses of the web and no others', () => {
    const html = rowsHtml(
      [column('url', 'text')],
      [
        ['https://example.org/?a=1&b="2"'],
        ['https://example.org/a?b=1&c=2'],
        ['javascript:alert(1)'],
      ],
    );
    expect(html.match(/<a /g)).to.have.length(1);
    expect(html).to.contain('href="https://example.org/a?b=1&#38;c=2"');
  });

  it('writes times as people read them and truth as 1 and 0', () => {
    const columns = [column('t', 'timestamp'), column('b', 'bool')];
    const html = rowsHtml(columns, [
      ['2026-11-21T10:40:00.000Z', true],
      ['2026-11-21T10:40:00.125Z', false],
    ]);
    expect(html).to.contain('2026-11-21 10:40:00<').and.contain('2026-11-21 10:40:00.125<');
    expect(html).to.contain('>1</td>').and.contain('>0</td>');
  });
});
