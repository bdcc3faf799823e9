import { expect } from 'chai';

import { tableOf } from '../../common/schema/tables.ts';
import { LSST_ID, SS_ID, ZTF_ID } from './seed.ts';
import { insert } from './seed-rows.ts';
import { DESIGNATION, HOSTILE, TNS_NAME } from './seed-surroundings.ts';
import { startSeededSite } from './site.ts';
import type { TestSite } from './site.ts';

type Json = Record<string, unknown> & {
  objectData: Record<string, unknown>;
  object: Record<string, unknown>;
  context: Record<string, unknown>;
  crossmatches: Record<string, unknown>[];
  tns: Record<string, unknown>[];
  comments: Record<string, unknown>[];
  otherSurvey: Record<string, unknown>[];
  detections: Record<string, unknown>[];
};

describe('what is around an object', () => {
  let site: TestSite;
  before(async () => {
    site = await startSeededSite();
  });
  after(() => site.stop());

  const page = async (path: string) => (await fetch(site.url + path)).text();
  const json = async (path: string) => (await (await fetch(site.url + path)).json()) as Json;

  it('shows class, sentence, distance and crossmatches', async () => {
    const html = await page(`/object/${ZTF_ID}/`);
    expect(html).to.contain('near a galaxy: perhaps a supernova');
    expect(html).to.contain('<em>2MASX J1257&#60;b&#62;</em>');
    expect(html).to.contain('136.7 Mpc').and.contain('1.93 kpc across the line of sight');
    expect(html).to.contain('Searched: gaia_dr3, glade_plus.');
    expect(html).to.contain('title="galaxy, by distance"');
  });

  it('says where no catalogue was searched', async () => {
    expect(await page(`/object/${LSST_ID}/`)).to.contain('Without catalogues');
  });

  it('shows names of the Transient Name Server with distance, and what the broker says', async () => {
    const html = await page(`/object/${ZTF_ID}/`);
    expect(html).to.contain(`href="https://www.wis-tns.org/object/${TNS_NAME}"`);
    expect(html).to.contain(`SN ${TNS_NAME}</a>`).and.contain('0.31″');
    expect(html).to.contain('AT 2019xyz</a>').and.contain('no spectrum');
    expect(html).to.contain('Discovered 2026-09-28 11:22:33 UTC at 19.23 mag (g-ZTF) by ZTF');
  });

  it('shows the objects of the other survey, and that it is not certain which', async () => {
    const html = await page(`/object/${ZTF_ID}/`);
    expect(html).to.contain(`href="/object/${LSST_ID}/"`).and.contain('Ambiguous');
    const other = await page(`/object/${LSST_ID}/`);
    expect(other).to.contain(`href="/object/${ZTF_ID}/"`).and.not.contain('Ambiguous');
  });

  it('never lets text from elsewhere become markup or a link', async () => {
    for (const id of [ZTF_ID, LSST_ID]) {
      const html = await page(`/object/${id}/`);
      expect(html).to.not.contain('<img src=x').and.not.contain('<script>alert');
      expect(html).to.not.match(/href="(?!\/|#|https:\/\/)/);
      // People's comments do not link.
      expect(html).to.not.contain('href="https://www.wis-tns.org/object/x"');
      expect(html).to.contain('&lt;img src&#x3D;x');
    }
  });

  it('shows what an object does first, and every column of its row', async () => {
    const html = await page(`/object/${LSST_ID}/`);
    expect(html).to.contain('17.18 ± 0.03 mag in r').and.contain('−19.11 mag');
    expect(html).to.contain('1.83 d before the first detection');
    expect(html).to.contain('+0.131 ± 0.012').and.contain('−0.055 ± 0.004');
    const shown = html.slice(html.indexOf('id="features"'));
    for (const { name } of tableOf('lsst', 'objects').columns.slice(1, -1)) {
      const pattern = [...name].map((sign) => (/[ugrizy]/.test(sign) ? `[${sign}∗]` : sign));
      expect(shown, name).to.match(new RegExp(`>${pattern.join('')}<`));
    }
    expect(shown).to.contain('href="/schema/#lsst.objects.absMag"');
  });

  it('shows an object of which nothing is known', async () => {
    const id = 'ZTF26bbbbbbb';
    await insert(site.db, 'ztf', 'objects', [
      {
        ...{ objectId: id, ramean: 10, decmean: 10, htm16: 1n, hpx29: 1n, jdmin: 2.46e6 },
        ...{ jdmax: 2.46e6, ncand: 0, ncandpos: 0, nnoncand: 0, nforced: 0 },
        ...{ ncandg: 0, ncandr: 0, ncandi: 0 },
      },
    ]);
    const html = await page(`/object/${id}/`);
    expect(html).to.contain('has not been looked up yet');
    expect(html).to.contain('No entry of the Transient Name Server');
    expect(html).to.contain('No object of Rubin within 1.5″');
    const { objectData, crossmatches } = await json(`/object/${id}/json/`);
    expect(objectData).to.include({ classification: null, annotation: null });
    expect(crossmatches).to.deep.equal([]);
  });

  it('calls a solar-system object by its designation, with its orbit', async () => {
    const html = await page(`/object/${SS_ID}/`);
    expect(html).to.contain(DESIGNATION).and.contain('2.7712 AU').and.contain('17.62 mag');
    expect(html).to.not.contain('id="context"');
    const { object, orbit } = await json(`/api/v1/objects/lsst/${SS_ID}`);
    expect(object).to.deep.equal({ ssObjectId: SS_ID, designation: DESIGNATION });
    expect(orbit).to.include({ a: 2.7712, e: 0.1321 });
  });

  it('fills the JSON of 2019 with its own keys', async () => {
    const { objectData, crossmatches } = await json(`/object/${ZTF_ID}/json/`);
    expect(objectData).to.include({ classification: 'SN', separationArcsec: 3.1 });
    expect(objectData.annotation).to.contain('2MASX J1257');
    expect(Object.keys(crossmatches[0])).to.deep.equal(
      'catalogue_object_id catalogue_table_name catalogue_object_type separationArcsec r g photoZ rank'.split(
        ' ',
      ),
    );
    expect(crossmatches[0]).to.include({ r: 16.1, g: 16.9, photoZ: 0.03, rank: 1 });
    expect(crossmatches.map((row) => row.rank)).to.deep.equal([1, 2]);
  });

  it('gives all of it in the API, text as it is', async () => {
    const object = await json(`/api/v1/objects/ztf/${ZTF_ID}`);
    const columns = (table: string) => tableOf('ztf', table).columns.map(({ name }) => name);
    expect(object.object).to.have.all.keys(columns('objects'));
    expect(object.context).to.have.all.keys(columns('sherlock_classifications'));
    expect(object.crossmatches[1]).to.have.all.keys(columns('sherlock_crossmatches'));
    expect(object.crossmatches[1].catalogue_object_id).to.equal(HOSTILE);
    expect(object.tns[0]).to.include({
      ...{ name: TNS_NAME, prefix: 'SN', type: 'SN Ia', arcsec: 0.31, hostName: HOSTILE },
      discoveredAt: '2026-09-28T11:22:33.000Z',
    });
    expect(object.comments.map((comment) => comment.isRobot)).to.deep.equal([true, false]);
    expect(object.otherSurvey[0]).to.deep.equal({
      ...{ survey: 'lsst', id: LSST_ID, separationArcsec: 0.213, rank: 1, candidates: 2 },
    });
    expect(object.detections[0]).to.not.have.property('xpos');
  });

  it('gives every column of every point when asked', async () => {
    for (const [survey, id, table] of [
      ['ztf', ZTF_ID, 'candidates'],
      ['lsst', LSST_ID, 'diaSources'],
      ['lsst', SS_ID, 'diaSources'],
    ] as const) {
      const few = await json(`/api/v1/objects/${survey}/${id}`);
      const all = await json(`/api/v1/objects/${survey}/${id}?columns=all`);
      const names = tableOf(survey, table).columns.map(({ name }) => name);
      expect(all.detections[0]).to.have.all.keys(names);
      expect(all.detections).to.have.length(few.detections.length);
      expect(all.detections[0]).to.include(few.detections[0]);
    }
    expect((await fetch(`${site.url}/api/v1/objects/ztf/${ZTF_ID}?columns=some`)).status).to.equal(
      400,
    );
  });

  it('shows class and name among the results of a search', async () => {
    const html = await page(`/search/?query=${ZTF_ID},${LSST_ID}`);
    expect(html).to.contain('>SN</span>').and.contain('>ORPHAN</span>').and.contain(TNS_NAME);
    const { hits } = await json(`/api/v1/search?query=${ZTF_ID}`);
    expect((hits as unknown[])[0]).to.include({
      ...{ classification: 'SN', tnsName: TNS_NAME, tnsType: 'SN Ia' },
    });
  });
});
