import { expect } from 'chai';

import { ALL_TABLES } from '../../common/schema/tables.ts';
import { schemaPage } from '../../webapp/schema-page.ts';
import { startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

describe('the schema page', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
  });
  after(() => site.stop());

  const page = async (path: string) => (await fetch(site.url + path)).text();

  it('has an address for every public column, once', async () => {
    const html = await page('/schema/');
    const anchors = [...html.matchAll(/ id="((?:ztf|lsst|glint)\.[^"]+)"/g)].map(([, id]) => id);
    expect(new Set(anchors).size).to.equal(anchors.length);
    for (const { database, name, columns } of ALL_TABLES.filter((table) => table.isPublic)) {
      for (const column of columns) {
        expect(anchors).to.include(`${database}.${name}.${column.name}`);
      }
    }
    const links = [...html.matchAll(/href="#((?:ztf|lsst|glint)\.[^"]+)"/g)].map(([, id]) => id);
    for (const link of links) expect(anchors).to.include(link);
  });

  it('groups the columns of objects, with the source of each group', async () => {
    const html = await page('/schema/');
    expect(html).to.contain('id="ztf.objects-peak"').and.contain('id="lsst.objects-rubins-counts"');
    expect(html).to.contain('Stetson 1996, PASP 108, 851');
    expect(html).to.contain('≠ Lasair');
  });

  it('finds columns without scripts, in any case, and says when there is none', async () => {
    const html = await page('/schema/?find=PEAKMAG');
    expect(html).to.contain('id="ztf.objects.g_peakMag"');
    expect(html).to.not.contain('id="ztf.candidates"');
    expect(await page('/schema/?find=nosuchthing')).to.contain('No column holds “nosuchthing”');
    expect(await page('/schema/?find=%3Cscript%3Ealert')).to.not.contain('<script>alert');
    expect((await fetch(`${site.url}/schema/?find=${'x'.repeat(200)}`)).status).to.equal(400);
  });

  it('counts every column where nothing is asked for', () => {
    const columns = ALL_TABLES.filter((table) => table.isPublic).flatMap((table) => table.columns);
    expect(schemaPage(' ').matches).to.equal(columns.length);
  });
});
