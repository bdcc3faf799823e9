import { expect } from 'chai';

import { logIn } from '../log-in.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';
import { seedMany, ztfName } from './seed-many.ts';

describe('downloads of the query page', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
    await seedMany(site.db);
  });
  after(() => site.stop());

  const query = { survey: 'ztf', sql: 'SELECT objectId, ncand FROM objects WHERE ncand < 5000' };
  const path = (more: Record<string, string>) =>
    `/query/download?${new URLSearchParams({ ...query, ...more }).toString()}`;

  it('gives visitors few rows and accounts more, as a file with a name', async () => {
    const answer = await fetch(site.url + path({ format: 'csv' }));
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-disposition')).to.match(
      /^attachment; filename="?glint-ztf-\d{8}T\d{6}\.csv"?$/,
    );
    expect(answer.headers.get('glint-row-limit')).to.equal('1000');
    expect((await answer.text()).split('\r\n')).to.have.length(1_002);
    const ann = await logIn(site, 'ann');
    const own = await ann.get(path({ format: 'csv' }));
    expect((await own.text()).split('\r\n').length).to.be.at.least(5_002);
  });

  it('keeps the order and the fields of the page', async () => {
    const answer = await fetch(
      site.url +
        path({
          sql: 'SELECT objectId, ncand FROM objects WHERE ncand < :n AND objectId LIKE "ZTF19%"',
          'f.n': '3',
          sort: '2',
          direction: 'desc',
          format: 'ndjson',
        }),
    );
    const rows = (await answer.text()).trim().split('\n');
    expect(rows.map((row) => (JSON.parse(row) as { objectId: string }).objectId)).to.deep.equal(
      [2, 1, 0].map(ztfName),
    );
  });

  it('takes a form where the address would be too long', async () => {
    const answer = await fetch(`${site.url}/query/download`, {
      method: 'POST',
      body: new URLSearchParams({ ...query, format: 'votable' }),
    });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.contain('application/x-votable+xml');
  });

  it('shows a page with a sentence where there is nothing to give', async () => {
    for (const more of [
      { format: 'fits', sql: 'SELECT 1' },
      { format: 'csv', sql: 'SELECT nothing FROM objects' },
    ]) {
      const answer = await fetch(site.url + path(more));
      expect(answer.status).to.equal(400);
      expect(answer.headers.get('content-type')).to.contain('text/html');
      expect(answer.headers.get('content-disposition')).to.equal(null);
    }
  });
});
