import { expect } from 'chai';

import { expectNoFilter, filterOf } from './read-text.ts';

const OBJECTS = 'SELECT objects.objectId FROM objects';

describe('what can be a filter', () => {
  const takes = (...texts: string[]) => {
    for (const text of texts) expect(() => filterOf(text), text).not.to.throw();
  };

  it('is one SELECT from a table that has the object', () => {
    takes(
      'SELECT * FROM objects WHERE gmag < 18',
      'SELECT gmag FROM objects',
      'SELECT magpsf FROM candidates WHERE magpsf < 16',
      'SELECT classification FROM sherlock_classifications',
      'SELECT t.type FROM tns_matches m JOIN crossmatch_tns t ON t.tns_name = m.tns_name',
      'SELECT w.name FROM watchlist_hits w',
      'SELECT x.diaObjectId FROM crossmatch_lsst x JOIN lsst.objects r ON r.diaObjectId = x.diaObjectId',
      'SELECT DISTINCT classification FROM objects JOIN sherlock_classifications USING (objectId)',
      'SELECT s.z FROM sherlock_classifications s RIGHT JOIN objects o ON o.objectId = s.objectId',
    );
  });

  it('has an order that does not matter', () => {
    takes(`${OBJECTS} ORDER BY gmag DESC`);
    const boxes = {
      selected: 'objects.objectId',
      tables: 'objects',
      conditions: 'objects.gmag < 18 ORDER BY sherlock_classifications.z',
    };
    const { sql } = filterOf(boxes).compile(['ZTF18aaaaaaa'], new Date());
    expect(sql).not.to.include('ORDER BY');
    // Lasair joins what the order names: an object without such a row is not in the result.
    expect(sql).to.include('JOIN `ztf_views`.`sherlock_classifications`');
  });

  it('groups by the object, if at all', () => {
    takes(
      'SELECT objectId, COUNT(*) FROM candidates GROUP BY objectId HAVING COUNT(*) > 2',
      'SELECT o.objectId, MIN(c.magpsf) FROM objects o JOIN candidates c ON c.objectId = o.objectId GROUP BY c.objectId',
      'SELECT objectId, fid, COUNT(*) FROM candidates GROUP BY objectId, fid',
      'SELECT objectId AS name, COUNT(*) FROM candidates GROUP BY 1',
      'SELECT objectId, RANK() OVER (PARTITION BY objectId ORDER BY magpsf) AS place FROM candidates',
      'SELECT o.objectId FROM objects o JOIN (SELECT objectId, COUNT(*) AS n FROM candidates GROUP BY objectId ORDER BY n LIMIT 5) t USING (objectId)',
    );
  });

  it('is not several SELECTs', () => {
    const second = 'SELECT objectId FROM objects WHERE rmag < 15';
    expectNoFilter(`${OBJECTS} UNION ${second}`, second, /one SELECT, and UNION makes several/);
  });

  it('is not cut', () => {
    expectNoFilter(`${OBJECTS} LIMIT 1000`, '1000', /LIMIT would leave some out; take LIMIT away/);
    expectNoFilter(`${OBJECTS} LIMIT 10 OFFSET 5`, '10', /LIMIT/);
    expectNoFilter(`${OBJECTS} LIMIT :n`, ':n', /LIMIT/, { fields: { n: 5 } });
  });

  it('says of which object it speaks', () => {
    const message =
      /no table of FROM says by its objectId which one a row is about; read from objects/;
    expectNoFilter('SELECT type FROM crossmatch_tns', 'crossmatch_tns', message);
    expectNoFilter('SELECT 1 + 1', 'SELECT 1 + 1', message);
    const derived = '(SELECT objectId FROM objects) AS t';
    expectNoFilter(`SELECT objectId FROM ${derived}`, derived, message);
    const optional = 'crossmatch_tns t LEFT JOIN objects o ON o.tns_name = t.tns_name';
    expectNoFilter(`SELECT o.objectId FROM ${optional}`, optional, message);
    expectNoFilter('SELECT diaObjectId FROM lsst.objects', 'lsst.objects', message);
    expectNoFilter('SELECT objectId FROM ztf.objects', 'ztf.objects', /its diaObjectId/, {
      survey: 'lsst',
    });
  });

  it('does not ask about all objects together', () => {
    const advice = /write GROUP BY candidates.objectId for a value of each object/;
    expectNoFilter('SELECT COUNT(*) FROM candidates', 'COUNT(*)', advice);
    expectNoFilter('SELECT 1 FROM candidates HAVING MAX(magpsf) > 3', 'MAX(magpsf)', advice);
    expectNoFilter(
      'SELECT fid, classification FROM objects JOIN candidates USING (objectId) JOIN sherlock_classifications USING (objectId) GROUP BY fid, classification',
      'fid, classification',
      /many objects in each.*; group by objects.objectId as well/,
    );
    expectNoFilter(
      'SELECT objectId, RANK() OVER (ORDER BY gmag) AS place FROM objects',
      'RANK() OVER (ORDER BY gmag)',
      /rows of all objects.*PARTITION BY objects.objectId/,
    );
  });

  it('is right to begin with: mistakes are told of as everywhere', () => {
    expectNoFilter(
      'SELECT objectId FROM objects WHERE gmagg < 18',
      'gmagg',
      /no column gmagg.*gmag/,
    );
    expectNoFilter(
      'SELECT objects.objectId FROM objects, watchlist:77',
      '77',
      /there is no watchlist 77 that you may use/,
    );
  });
});
