import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import type { Database } from '../../../common/store/database.ts';
import { loadCatalogue } from '../../../post_ingest/catalogues/load-catalogue.ts';
import { PRESETS, presetNamed } from '../../../post_ingest/catalogues/presets/presets.ts';
import { requireReference } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import { request, sourcesOf, testContext, write } from './loading.ts';

describe('presets of catalogues', () => {
  let db: Database;
  let context: Context;
  let count = 0;
  before(async () => {
    ({ db } = await freshDatabase());
    context = testContext(db);
  });
  after(() => db?.close());

  /** Loads a file with a preset. @returns Its sources by name. */
  async function load(
    preset: string,
    content: string,
  ): Promise<Map<unknown, Record<string, unknown>>> {
    const path = write(context, `preset-${++count}`, content);
    const name = `${preset}_${count}`;
    const { catalogue } = await loadCatalogue(context, request(name, path, { preset }));
    expect(catalogue.rejects).to.deep.equal([]);
    return new Map((await sourcesOf(db, name)).map((source) => [source.id, source]));
  }

  it('reads Gaia DR3 as the archive gives it, and as VizieR does', async () => {
    const archive = await load(
      'gaia_dr3',
      `# %ECSV 1.0
# ---
# delimiter: ','
solution_id,designation,source_id,ra,dec,parallax,parallax_over_error,pm,phot_g_mean_mag,bp_rp,classprob_dsc_combmod_star
1636148068921376768,"Gaia DR3 4295806720",4295806720,44.99615537864534,0.005615226341865997,0.354,3.1,11.2,17.641426,1.25,0.9999
1636148068921376768,"Gaia DR3 34361129088",34361129088,45.00432028915398,0.02104398,null,null,null,20.9,null,0.01
1636148068921376768,"Gaia DR3 38655544960",38655544960,45.0049742449841,0.0198795,0.1,5.5,1,14.5,0.8,0.2
`,
    );
    expect(archive.get('4295806720')).to.deep.include({
      ra: 44.99615537864534,
      decl: 0.005615226341865997,
      type: 'star',
      G: 17.6414,
      mag: 17.6414,
      magFilter: 'G',
      parallaxOverError: 3.1,
      properMotion: 11.2,
      starScore: 0.9999,
      parallax: 0.354,
    });
    expect(archive.get('34361129088')).to.deep.include({ type: 'other', properMotion: null });
    expect(archive.get('38655544960')).to.deep.include({ type: 'star' });
    const vizier = await load(
      'gaia_dr3',
      'RA_ICRS\tDE_ICRS\tSource\tPlx\tRPlx\tPM\tGmag\te_Gmag\ndeg\tdeg\t\tmas\t\tmas/yr\tmag\tmag\n-----\t-----\t----\t----\t----\t----\t----\t---\n 10.5\t+41.2\t381\t 0.2\t 1.5\t 3.4\t 15.25\t0.003\n',
    );
    expect(vizier.get('381')).to.deep.include({ G: 15.25, GErr: 0.003, magErr: 0.003 });
  });

  it('reads 2MASS files without a header, and tells galaxies and planets apart', async () => {
    const row = (designation: string, mpFlag: string, extKey: string) =>
      [
        ...`220.759452|62.738686|0.29|0.23|173|${designation}|16.794|0.158|0.159|7.7|16.066|0.205|0.206|6.2|\\N|\\N|\\N|\\N|BCU|220|110|000|060600|19.6|273|1227463012|0|${mpFlag}|1224590003|n|2000-03-05|63|105.2|49.7`.split(
          '|',
        ),
        ...Array.from({ length: 22 }, () => '\\N'),
        extKey,
        '1|2|3',
      ].join('|');
    const rows = [row('14430226+6244192', '0', '\\N'), row('b', '0', '1234'), row('c', '1', '\\N')];
    const sources = await load('twomass', `${rows.join('\n')}\n`);
    expect(rows[0].split('|')).to.have.length(60);
    expect(sources.get('14430226+6244192')).to.deep.include({
      ra: 220.759452,
      decl: 62.738686,
      J: 16.794,
      JErr: 0.159,
      H: 16.066,
      K: null,
      mag: 16.794,
      magFilter: 'J',
      type: 'star',
    });
    expect([sources.get('b')?.type, sources.get('c')?.type]).to.deep.equal(['galaxy', 'other']);
  });

  it('reads GLADE+, and keeps measured distances and redshifts apart from the others', async () => {
    const row = (id: number, type: string, distanceFlag: number) =>
      `${id} 43495 NGC4736 NGC4736 12505314+4107125 null null ${type} 192.721451 41.120152 8.70884 0.06 0 -19.7 6.064 0.016 5.339 0.016 5.106 0.016 5.0 0.02 5.1 0.02 0 null null 0.000991711 0.00180902 1 1.5E-4 1E-6 4.39233 0.3 ${distanceFlag} 3.9 0.5 0 4.9 0.6`;
    const sources = await load(
      'glade_plus',
      [row(1, 'G', 2), row(2, 'Q', 3), row(3, 'G', 1), row(4, 'G', 0)].join('\n'),
    );
    expect(sources.get('1')).to.deep.include({
      ra: 192.721451,
      decl: 41.120152,
      type: 'galaxy',
      B: 8.70884,
      BErr: 0.06,
      K: 5.106,
      mag: 8.70884,
      magFilter: 'B',
      distanceMpc: 4.39233,
      z: 0.000991711,
      photoZ: null,
      hyperleda: 'NGC4736',
    });
    expect(sources.get('2')).to.deep.include({ type: 'agn', distanceMpc: null, z: 0.000991711 });
    expect(sources.get('3')).to.deep.include({ z: null, photoZ: 0.000991711, photoZErr: 0.000001 });
    expect(sources.get('4')).to.deep.include({ z: null, photoZ: null, distanceMpc: null });
  });

  it('reads NED-LVS', async () => {
    const sources = await load(
      'ned_lvs',
      `objname,ra,dec,objtype,z,z_unc,z_tech,DistMpc,DistMpc_method,Diam,m_Ks,m_Ks_unc
MESSIER 081,148.88822,69.06529,G,-0.000113,1e-5,SPEC,3.61,zIndependent,1600,3.83,0.02
2MASX J1,10,20,G,0.05,0.01,PHOT,210.0,Redshift,null,13.1,0.1
QSO B1,11,20,QSO,0.15,0.0001,SPEC,700.0,Redshift,null,null,null
`,
    );
    expect(sources.get('MESSIER 081')).to.deep.include({
      z: -0.000113,
      distanceMpc: 3.61,
      majorAxisArcsec: 800,
      K: 3.83,
      type: 'galaxy',
    });
    expect(sources.get('2MASX J1')).to.deep.include({
      z: null,
      photoZ: 0.05,
      photoZErr: 0.01,
      distanceMpc: null,
    });
    expect(sources.get('QSO B1')).to.deep.include({ type: 'agn', K: null, mag: null });
  });

  it('reads Pan-STARRS, with a star/galaxy score or without', async () => {
    const sources = await load(
      'panstarrs',
      `objID,raMean,decMean,rMeanPSFMag,rMeanPSFMagErr,iMeanPSFMag,iMeanKronMag,ps_score
1,10.1,-5,18.5,0.01,18,17.9,0.95
2,10.2,-5,18.5,0.01,18,17.9,0.02
3,10.3,-5,-999,-999,18,17.9,0.7
4,10.4,-5,18.5,0.01,18,17.9,null
5,10.5,-5,18.5,0.01,18,17.99,-999
6,10.6,-5,18.5,0.01,-999,17.99,-999
`,
    );
    const types = [...'123456'].map((id) => sources.get(id)?.type);
    expect(types).to.deep.equal(['star', 'galaxy', 'other', 'galaxy', 'star', 'other']);
    expect(sources.get('3')).to.deep.include({ _r: null, _rErr: null, mag: 18, magFilter: 'i' });
    expect(sources.get('4')?.starScore).to.equal(null);
  });

  it('reads SDSS, and believes the spectrum before the image', async () => {
    const sources = await load(
      'sdss',
      `objID,ra,dec,type,modelMag_r,modelMagErr_r,specClass,zsp,photoz,z
1237645879551066262,10,1,6,17.5,0.01,QSO,1.25,null,17.1
1237645879551066263,10,1.1,3,18.5,0.02,,null,0.21,17.2
1237645879551066264,10,1.2,6,19.5,0.02,,null,null,17.3
`,
    );
    expect(sources.get('1237645879551066262')).to.deep.include({ type: 'agn', z: 1.25, _z: null });
    expect(sources.get('1237645879551066263')).to.deep.include({
      type: 'galaxy',
      z: null,
      photoZ: 0.21,
    });
    expect(sources.get('1237645879551066264')).to.deep.include({ type: 'star', mag: 19.5 });
  });

  it('reads VSX in both of its layouts, and knows cataclysmic variables', async () => {
    const old = [
      '     37 AB And                         0 347.88408  36.89306 EW                                9.49   V       10.46   V   ',
      '   5000 SS Cyg                         0 325.67846  43.58618 UGSS                              7.7    V       12.4    V   ',
      '   5001 NSV 1                          2   0.50000  43.58618 *                                10.0    V                   ',
      '   5002 BL Lac                         0 330.68038  42.27778 BLLAC                            12.4    B                   ',
      '   5003 X 1                            0 330.68038  42.37778 E+UG                             12.4    B                   ',
      '   5004 U Gem 2                        0 330.68038  42.47778 NSIN                             12.4    B                   ',
    ];
    const columns = (line: string) => [
      line.slice(0, 7),
      line.slice(8, 38),
      line.slice(39, 40),
      line.slice(41, 50),
      line.slice(51, 60),
      line.slice(61, 91),
    ];
    expect(columns(old[0]).map((text) => text.trim())).to.deep.equal([
      '37',
      'AB And',
      '0',
      '347.88408',
      '36.89306',
      'EW',
    ]);
    const sources = await load('vsx', old.join('\n'));
    expect(sources.get('AB And')).to.deep.include({
      type: 'variable',
      varType: 'EW',
      ra: 347.88408,
    });
    expect(
      ['SS Cyg', 'NSV 1', 'BL Lac', 'X 1', 'U Gem 2'].map((id) => sources.get(id)?.type),
    ).to.deep.equal(['cv', 'other', 'agn', 'cv', 'variable']);
    const shifted = old.map((line) => ` ${line.slice(0, 91)}`);
    expect((await load('vsx', shifted.join('\n'))).get('AB And')).to.deep.include({
      ra: 347.88408,
      decl: 36.89306,
      varType: 'EW',
    });
  });

  it('reads Ritter & Kolb from VizieR, sexagesimal', async () => {
    const sources = await load(
      'ritter_kolb',
      '#RESOURCE=B/cb\nName|RAJ2000|DEJ2000|Type1|mag1|Orb.Per\n |"h:m:s"|"d:m:s"| |mag|d\n---|---|---|---|---|---\nSS Cyg|21 42 42.8|+43 35 10|DN| 8.2|0.275130\n',
    );
    const source = sources.get('SS Cyg');
    expect(source).to.deep.include({ type: 'cv', mag: 8.2, cvType: 'DN', orbitalPeriod: 0.27513 });
    expect(source?.ra).to.be.closeTo(325.678333, 1e-6);
    expect(source?.decl).to.be.closeTo(43.586111, 1e-6);
  });

  it('reads AllWISE of IRSA without a header, and of VizieR', async function () {
    const values = `J000000.50+444733.5|0.0021153|44.7926403|0.03|0.03|-0.01|114.6|-17.1|22.1|40.2|100.1|200.2|1|0002p454_ac51-000001|0002p454_ac51|1|12.361|0.023|47.1|1.0|12.401|0.024|45.1|0.9|12.1|0.3|3.5|1|8.9|null|0.5|1`;
    const irsa = await load(
      'allwise',
      `${values}|${Array.from({ length: 266 }, () => '').join('|')}\n`,
    );
    expect(irsa.get('J000000.50+444733.5')).to.deep.include({
      ra: 0.0021153,
      mag: 12.361,
      magErr: 0.023,
      magFilter: 'W1',
      type: 'other',
      W2: 12.401,
      W4: 8.9,
    });
    const vizier = requireReference(this, 'reference/cds_xmatch_allwise_response.csv');
    const { catalogue } = await loadCatalogue(
      context,
      request('allwise_xm', vizier, { preset: 'allwise' }),
    );
    expect(catalogue.rejected).to.equal(0);
    const sources = await sourcesOf(db, 'allwise_xm');
    expect(sources.length).to.equal(catalogue.rows);
    expect(sources.every((source) => String(source.id).startsWith('J'))).to.equal(true);
    expect(sources.filter((source) => source.mag !== null).length).to.be.greaterThan(1000);
  });

  it('names its presets when asked for another', () => {
    expect(() => presetNamed('gaia')).to.throw(/the presets are gaia_dr3, panstarrs/);
    expect(() => presetNamed('constructor')).to.throw(/there is no preset constructor/);
    expect(Object.values(PRESETS).every(({ title }) => title !== '')).to.equal(true);
  });
});
