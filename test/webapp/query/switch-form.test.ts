import { expect } from 'chai';

import { QueryError } from '../../../common/sql/query-error.ts';
import { boxesOfStatement, statementOfBoxes } from '../../../webapp/query/switch-form.ts';

const NOW = new Date('2026-11-21T10:40:00Z');
const boxes = (selected: string, tables: string, conditions: string) => ({
  kind: 'boxes' as const,
  selected,
  tables,
  conditions,
});
const statement = (selected: string, tables: string, conditions: string) =>
  statementOfBoxes(boxes(selected, tables, conditions), 'ztf', NOW);

describe('the three boxes and the statement', () => {
  it('joins the tables of the boxes in words', () => {
    expect(
      statement(
        'objects.objectId, sherlock_classifications.z',
        'objects,sherlock_classifications',
        'objects.gmag < 18 ORDER BY objects.gmag',
      ),
    ).to.equal(
      'SELECT objects.objectId, sherlock_classifications.z\n' +
        'FROM objects\n' +
        '  JOIN sherlock_classifications ON objects.objectId = sherlock_classifications.objectId\n' +
        'WHERE objects.gmag < 18 ORDER BY objects.gmag',
    );
  });

  it('leaves lists as they are called', () => {
    expect(
      statement('objectId', 'watchlist:3, area:"my field"&2, annotator:fast-finder AS f', ''),
    ).to.equal(
      'SELECT objectId\nFROM objects\n  JOIN watchlist:3\n  JOIN area:"my field"\n  JOIN area:2\n  JOIN annotator:fast-finder AS f',
    );
  });

  it('knows conditions that are none', () => {
    for (const conditions of ['ORDER BY ncand DESC', 'GROUP BY ncand', 'WHERE ncand > 3', '']) {
      const text = statement('ncand', '', conditions);
      expect(text).to.equal(
        ['SELECT ncand', 'FROM objects', ...(conditions === '' ? [] : [conditions])].join('\n'),
      );
    }
  });

  it('makes boxes of a statement that they can say, and back', () => {
    const given = boxes('DISTINCT ncand, gmag', 'objects, tns_matches', "tns_name LIKE '2026%'");
    expect(boxesOfStatement(statementOfBoxes(given, 'ztf', NOW), 'ztf')).to.deep.equal(given);
    expect(
      boxesOfStatement(
        'SELECT o.objectId FROM objects o, sherlock_classifications s\nWHERE o.objectId = s.objectId AND ncand > 3 LIMIT 5;',
        'ztf',
      ),
    ).to.deep.equal(
      boxes(
        'o.objectId',
        'objects o, sherlock_classifications s',
        'o.objectId = s.objectId AND ncand > 3 LIMIT 5',
      ),
    );
  });

  it('leaves alone what the boxes cannot say', () => {
    for (const text of [
      'SELECT objectId FROM candidates',
      'SELECT 1',
      'SELECT objectId FROM objects UNION SELECT objectId FROM candidates',
      'SELECT o.objectId FROM objects o LEFT JOIN tns_matches t USING (objectId)',
      'SELECT o.objectId FROM objects o, candidates c',
      'SELECT o.objectId FROM objects o JOIN candidates c ON o.objectId = c.objectId AND c.fid = 1',
      'SELECT q.n FROM (SELECT COUNT(*) AS n FROM objects) AS q',
    ]) {
      expect(boxesOfStatement(text, 'ztf'), text).to.equal(undefined);
    }
  });

  it('refuses what is no query', () => {
    expect(() => boxesOfStatement('SELECT FROM', 'ztf')).to.throw(QueryError);
    expect(() => statement('', 'objects', '')).to.throw(QueryError);
  });
});
