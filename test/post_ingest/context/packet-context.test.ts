import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import type { Database } from '../../../common/store/database.ts';
import { classify } from '../../../post_ingest/context/classify.ts';
import { contextStep } from '../../../post_ingest/context/context-step.ts';
import { packetNeighbours } from '../../../post_ingest/context/packet-neighbours.ts';
import { rankAssociations } from '../../../post_ingest/context/rank-associations.ts';
import { decodeWithAvsc } from '../../common/avro/avsc-oracle.ts';
import { readReference, requireReference } from '../../common/astro/reference.ts';
import { freshDatabase } from '../../servers.ts';
import { makeCatalogue } from './make-catalogue.ts';

const PLACE = { ra: 150, decl: 20 };
/** A ZTF alert far from everything, with what ZTF writes for nothing found. */
const NOTHING = {
  jd: 2_459_000.5,
  jdstarthist: 2_458_000.5,
  fid: 2,
  nmtchps: 0,
  ...Object.fromEntries(
    [1, 2, 3].flatMap((place) =>
      ['sgmag', 'srmag', 'simag', 'szmag', 'sgscore', 'distpsnr'].map((name) => [
        name + place,
        -999,
      ]),
    ),
  ),
  neargaia: -999,
  maggaia: -999,
  neargaiabright: -999,
  maggaiabright: -999,
  ssnamenr: 'null',
  ssdistnr: -999,
};

function classOf(newestAlert: Record<string, unknown>, survey: Survey = 'ztf'): string | null {
  const { neighbours, hasSearched } = packetNeighbours(survey, { id: 'A', ...PLACE, newestAlert });
  return classify(rankAssociations(neighbours), hasSearched).classification;
}

describe('what an alert tells of its surroundings', () => {
  it('is nothing, where ZTF found nothing', () => {
    expect(classOf(NOTHING)).to.equal('ORPHAN');
    expect(classOf({})).to.equal(null);
  });

  it('goes by Pan-STARRS: a star, a nucleus, a galaxy beside it', () => {
    const near = (sgscore1: number, distpsnr1: number, srmag1: number) =>
      classOf({ ...NOTHING, objectidps1: 1, sgscore1, distpsnr1, srmag1 });
    expect(near(0.98, 0.3, 18)).to.equal('VS');
    expect(near(0.02, 0.3, 18)).to.equal('NT');
    expect(near(0.02, 4, 18)).to.equal('SN');
    expect(near(0.02, 29, 18)).to.equal('ORPHAN');
    expect(near(0.6, 0.3, 18)).to.equal('UNCLEAR');
    expect(near(0.5, 4, 15.5)).to.equal('UNCLEAR');
  });

  it('goes by Gaia: a star there, a bright one far off', () => {
    expect(classOf({ ...NOTHING, neargaia: 0.2, maggaia: 17 })).to.equal('VS');
    expect(classOf({ ...NOTHING, neargaiabright: 40, maggaiabright: 8 })).to.equal('BS');
    expect(classOf({ ...NOTHING, neargaiabright: 60, maggaiabright: 8 })).to.equal('ORPHAN');
  });

  it('does not know what a source of the reference image is', () => {
    const reference = { ranr: 150, decnr: 20 + 1 / 3_600, magnr: 20 };
    expect(classOf({ ...NOTHING, ...reference })).to.equal('UNCLEAR');
    expect(classOf({ ...NOTHING, ...reference, sgscore1: 1, distpsnr1: 1 })).to.equal('VS');
  });

  it('takes a body of the solar system for no orphan, unless it was there the night before', () => {
    const body = { ssnamenr: '2005 XY', ssdistnr: 1, jdstarthist: NOTHING.jd - 0.02 };
    expect(classOf({ ...NOTHING, ...body })).to.equal('UNCLEAR');
    expect(classOf({ ...NOTHING, ...body, sgscore1: 0.1, distpsnr1: 6, srmag1: 17 })).to.equal(
      'UNCLEAR',
    );
    expect(classOf({ ...NOTHING, ...body, sgscore1: 1, distpsnr1: 0.2 })).to.equal('VS');
    expect(classOf({ ...NOTHING, ...body, ssdistnr: 20 })).to.equal('ORPHAN');
    expect(classOf({ ...NOTHING, ...body, jdstarthist: NOTHING.jd - 1 })).to.equal('ORPHAN');
  });

  it('knows of Rubin that something was there, or a known body', () => {
    expect(classOf({ templateFlux: 5_000, templateFluxErr: 100 }, 'lsst')).to.equal('UNCLEAR');
    expect(classOf({ templateFlux: 100, templateFluxErr: 100 }, 'lsst')).to.equal(null);
    expect(classOf({ ssObjectId: 2n ** 60n }, 'lsst')).to.equal('UNCLEAR');
    expect(classOf({ ssObjectId: 0n, templateFlux: null }, 'lsst')).to.equal(null);
    expect(classOf({ ssObjectId: '21163641861722442' }, 'lsst')).to.equal('UNCLEAR');
  });

  it('bears values of any kind', () => {
    const names = [...Object.keys(NOTHING), 'objectidps1', 'ranr', 'decnr', 'magnr', 'ssObjectId'];
    names.push('templateFlux', 'templateFluxErr');
    for (const value of [
      NaN,
      Infinity,
      -Infinity,
      null,
      undefined,
      '',
      'null',
      {},
      [],
      true,
      1e308,
      5n,
    ]) {
      const packet = Object.fromEntries(names.map((name) => [name, value]));
      for (const survey of ['ztf', 'lsst'] as const) classOf(packet, survey);
    }
  });
});

describe('contextStep with alerts', () => {
  let db: Database;
  beforeEach(async () => {
    ({ db } = await freshDatabase());
  });
  afterEach(() => db.close());

  it('takes real variables of the GCVS for variable stars, and bears every real alert', async function () {
    const pairs = JSON.parse(readReference(this, 'reference/generated/crossmatch.json')) as {
      alerts: { object: string; separation_arcsec: number }[];
    };
    const folder = requireReference(this, 'alerts/ztf');
    const rows = readReference(this, 'catalogues/gcvs_slice.csv').trim().split('\n').slice(1);
    const gcvs = rows.map((line) => {
      const [id, ra, decl] = line.split(',');
      return { id: `row${id}`, ra: Number(ra), decl: Number(decl) };
    });
    await makeCatalogue(db, 'gcvs', 'variable', gcvs);
    const objects = new Map<
      string,
      { id: string; ra: number; decl: number; newestAlert: object }
    >();
    for (const part of ['official_samples', 'v1.8_20180601', 'v3.0_20180819', 'v4.01_20231012']) {
      for (const name of readdirSync(join(folder, part))) {
        const [alert] = await decodeWithAvsc(readFileSync(join(folder, part, name)));
        const candidate = alert.candidate as Record<string, number>;
        const id = String(alert.objectId);
        objects.set(id, { id, ra: candidate.ra, decl: candidate.dec, newestAlert: candidate });
      }
    }
    const placed = [...objects.values()].map((object) => ({
      ...object,
      newestAlert: object.newestAlert as Record<string, unknown>,
    }));
    const { write } = await runStep(placed);
    for (const { object, separation_arcsec: separation } of pairs.alerts) {
      const [row] = await db.arrays(
        `SELECT classification, catalogue_table_name, CAST(separationArcsec AS DOUBLE)
        FROM ztf.sherlock_classifications WHERE objectId = :object`,
        { object },
      );
      expect(row[0], object).to.equal('VS');
      expect(String(row[1])).to.match(/^gcvs/);
      expect(row[2]).to.be.closeTo(separation, 1e-3);
    }
    expect(write).to.equal(placed.length);
  });

  it('reads the newest alert itself where it comes without', async () => {
    await db.execute(
      `INSERT INTO ztf.candidates (candid, objectId, hasalert, jd, distpsnr1, sgscore1, nmtchps)
      VALUES (1, 'A', 1, 2459000.5, 0.3, 0.01, 1), (2, 'A', 1, 2459001.5, 0.3, 0.99, 1),
        (3, 'A', 0, 2459002.5, NULL, NULL, NULL), (4, 'B', 0, 2459002.5, NULL, NULL, NULL)`,
    );
    await db.execute(
      `INSERT INTO lsst.diaSources (diaSourceId, diaObjectId, hasalert, templateFlux, templateFluxErr)
      VALUES (1, 7, 1, NULL, NULL), (2, 7, 1, 1000, 10)`,
    );
    const bare = (id: string) => ({ id, ...PLACE, newestAlert: null });
    const ztf = await contextStep.find(db, 'ztf', [bare('A'), bare('B')]);
    expect(ztf.facts.get('A')?.classification).to.equal('VS');
    expect(ztf.facts.get('B')?.classification).to.equal(null);
    const lsst = await contextStep.find(db, 'lsst', [bare('7'), bare('8')]);
    expect(lsst.facts.get('7')?.classification).to.equal('UNCLEAR');
    expect(lsst.facts.get('8')?.classification).to.equal(null);
  });

  it('believes catalogues before the alert, and both where they are one', async () => {
    const alert = { ...NOTHING, objectidps1: 5, sgscore1: 0.98, distpsnr1: 0.3, srmag1: 18 };
    const object = { id: 'A', ...PLACE, newestAlert: alert };
    await makeCatalogue(db, 'agn', 'agn', [{ id: 'Q', ra: 150, decl: 20 + 0.4 / 3_600 }]);
    await runStep([object]);
    const rows = await db.arrays(
      'SELECT association_type, catalogue_table_name, separationArcsec FROM ztf.sherlock_crossmatches',
    );
    expect(rows).to.deep.equal([['AGN', 'agn/PS1', 0.4]]);
    const [[annotator]] = await db.arrays('SELECT annotator FROM ztf.sherlock_classifications');
    expect(annotator).to.equal('Glint context, rules 1');
  });

  it('believes an alert that is nearer than the entry of a catalogue for the same source', async () => {
    const alert = { ...NOTHING, sgscore1: 0.98, distpsnr1: 1.4, srmag1: 16 };
    await makeCatalogue(db, 'what', 'mixed', [
      { id: 'W', ra: 150, decl: 20 + 1.8 / 3_600, _r: 16 },
    ]);
    await runStep([{ id: 'A', ...PLACE, newestAlert: alert }]);
    const rows = await db.arrays(
      'SELECT association_type, catalogue_table_name, separationArcsec FROM ztf.sherlock_crossmatches',
    );
    expect(rows).to.deep.equal([['VS', 'PS1/what', 1.8]]);
  });

  async function runStep(
    objects: { id: string; ra: number; decl: number; newestAlert: Record<string, unknown> }[],
  ): Promise<{ write: number }> {
    const findings = await contextStep.find(db, 'ztf', objects);
    const server = await db.server();
    await db.transaction((tx) => findings.write(tx, server));
    const [[count]] = await db.arrays('SELECT COUNT(*) FROM ztf.sherlock_classifications');
    return { write: Number(count) };
  }
});
