import { expect } from 'chai';

import type { QueryContent } from '../../../common/queries/saved-query-content.ts';
import { diffVersions } from '../../../webapp/saved-queries/version-diff.ts';
import type { DiffRow } from '../../../webapp/saved-queries/version-diff.ts';

const content = (text: string, change: Partial<QueryContent> = {}): QueryContent => ({
  name: 'novae',
  description: '',
  survey: 'ztf',
  source: { kind: 'statement', text },
  fields: [],
  ...change,
});
/** One side of a diff, put together again from what is shown. */
const side = (rows: DiffRow[], without: 'removed' | 'added') =>
  rows
    .flatMap((row) =>
      row.kind === 'gap' || row.kind === without
        ? []
        : [row.parts.map((part) => part.text).join('')],
    )
    .join('\n');
const queryRows = (before: string, after: string) => {
  const [section] = diffVersions(content(before), content(after));
  return section.rows;
};

describe('what differs between two versions', () => {
  it('names the sections that differ, and none for the same content', () => {
    const fields = [{ name: 'days', label: 'discovered in the last', unit: 'days', default: 14 }];
    expect(diffVersions(content('SELECT 1'), content('SELECT 1'))).to.deep.equal([]);
    const changed = content('SELECT 2', { name: 'n', description: 'd', survey: 'lsst', fields });
    expect(
      diffVersions(content('SELECT 1'), changed).map((section) => section.title),
    ).to.deep.equal(['Name', 'Description', 'Survey', 'Query', 'Fields']);
  });

  it('marks the words that changed in a line', () => {
    const rows = queryRows('SELECT gmag FROM objects', 'SELECT rmag FROM objects');
    expect(rows).to.deep.equal([
      {
        kind: 'removed',
        oldLine: 1,
        newLine: undefined,
        parts: [
          { text: 'SELECT ', isChanged: false },
          { text: 'gmag', isChanged: true },
          { text: ' FROM objects', isChanged: false },
        ],
      },
      {
        kind: 'added',
        oldLine: undefined,
        newLine: 1,
        parts: [
          { text: 'SELECT ', isChanged: false },
          { text: 'rmag', isChanged: true },
          { text: ' FROM objects', isChanged: false },
        ],
      },
    ]);
  });

  it('numbers lines on both sides and leaves out what is far from a change', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
    const changed = lines.with(9, 'another').toSpliced(15, 0, 'new');
    const rows = queryRows(lines.join('\n'), changed.join('\n'));
    expect(rows.map((row) => (row.kind === 'gap' ? `gap ${row.count}` : row.kind))).to.deep.equal([
      'gap 6',
      ...['same', 'same', 'same', 'removed', 'added', 'same', 'same', 'same', 'same', 'same'],
      ...['added', 'same', 'same', 'same', 'gap 2'],
    ]);
    const added = rows.flatMap((row) => (row.kind === 'added' ? [row.newLine] : []));
    expect(added).to.deep.equal([10, 16]);
  });

  it('shows both sides whole, whatever they hold', () => {
    const odd = ['', '\n', 'a\n\nb', '<b>&amp;</b>', '☄\n\ttab', 'x\n', 'SELECT\n1\nFROM t'];
    for (const before of odd) {
      for (const after of odd) {
        if (before === after) continue;
        const rows = queryRows(before, after);
        expect(side(rows, 'added'), JSON.stringify([before, after])).to.equal(before);
        expect(side(rows, 'removed'), JSON.stringify([before, after])).to.equal(after);
      }
    }
  });

  it('shows texts without any common line as wholly other, however long', () => {
    const lines = (mark: string) =>
      Array.from({ length: 16_000 }, (_, i) => `${mark}${i}`).join('\n');
    const rows = queryRows(lines('a'), lines('b'));
    expect(rows.filter((row) => row.kind === 'removed')).to.have.length(16_000);
    expect(rows.filter((row) => row.kind === 'added')).to.have.length(16_000);
  });
});
