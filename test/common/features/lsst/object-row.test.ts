import { expect } from 'chai';
import { z } from 'zod';

import { NO_CONTEXT } from '../../../../common/features/object-context.ts';
import type { ObjectContext } from '../../../../common/features/object-context.ts';
import {
  LSST_FIT_COLUMNS,
  LSST_NEWEST_COLUMNS,
  LSST_OBJECT_COLUMNS,
  lsstObjectRow,
} from '../../../../common/features/lsst/object-row.ts';
import type { LsstHistory } from '../../../../common/history/lsst-history.ts';
import { LSST_OBJECTS } from '../../../../common/schema/lsst/objects.ts';
import { seededRandom } from '../../astro/reference.ts';
import { makeLsstHistory } from './make-history.ts';
import type { LsstPoint } from './make-history.ts';
import { readLasairAlert, readLasairJson } from './reference-curves.ts';

/** Lasair's columns; `*` for each band. */
const LASAIR_CORE = `diaObjectId ra decl lastDiaSourceMjdTai firstDiaSourceMjdTai latest_psfFlux
  *_psfFlux *_latestMJD *_psfFluxMean *_psfFluxMeanErr medianR latestR nDiaSources nPosDiaSources
  nPosDiaSourcesNights nSourcesGood n*Sources tns_name absMag absMagMJD BBBRiseRate BBBFallRate
  BBBTemp BBBPeakFlux BBBPeakMJD BBBPeakAbsMag glat ebv jump1 jump2 latestPairMJD
  latestPairColourMag latestPairColourBands latestPairColourTemp penultimatePairMJD
  penultimatePairColourMag penultimatePairColourBands penultimatePairColourTemp htm16 timestamp`;
const LASAIR_EXTENDED = `validityStartMjdTai raErr decErr ra_dec_Cov *_psfFluxSigma *_psfFluxNdata
  *_fpFluxMean *_fpFluxMeanErr *_scienceFluxMean *_scienceFluxMeanErr *_psfFluxMin *_psfFluxMax
  *_psfFluxMaxSlope *_psfFluxErrMean`;

const ROUNDS = 400;

function lasairNames(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((name) =>
      name.includes('*') ? [...'ugrizy'].map((band) => name.replace('*', band)) : [name],
    );
}

function rowOf(
  history: LsstHistory,
  context: Partial<ObjectContext> = {},
  { isNew = false, withFit = true } = {},
): Map<string, unknown> {
  const row = lsstObjectRow(7n, history, { ...NO_CONTEXT, ...context }, isNew, { withFit });
  expect(row).to.have.length(LSST_OBJECT_COLUMNS.length);
  return new Map(LSST_OBJECT_COLUMNS.map((column, i) => [column, row[i]]));
}

/** Numbers agree to rounding, except where Lasair is less exact. */
function toleranceOf(name: string, value: number): number {
  // Lasair rounds the Galactic pole to 0.2 arcsec.
  if (name === 'glat') return 6e-5;
  // Its iteration ends within 0.001 kK of the temperature.
  return name.endsWith('Temp') ? 1e-6 : 1e-9 * Math.max(1, Math.abs(value));
}

/** A supernova that rises and falls, in all bands. */
function supernova(count: number): LsstPoint[] {
  return Array.from({ length: count }, (_, i) => {
    const mjd = 61_000 + (80 * i) / count;
    const tau = mjd - 61_020;
    return {
      mjd,
      band: 'ugrizy'[i % 6],
      flux: (20_000 * Math.exp(-0.05 * tau)) / (1 + Math.exp(-0.3 * tau)),
    };
  });
}

describe('lsstObjectRow', () => {
  it("fills the table but for the server's own time, and the table has every column of Lasair's", () => {
    const names = LSST_OBJECTS.columns.map((column) => column.name);
    expect(names).to.deep.equal([...LSST_OBJECT_COLUMNS, 'timestamp']);
    expect(new Set(names).size).to.equal(names.length);
    const [core, extended] = [lasairNames(LASAIR_CORE), lasairNames(LASAIR_EXTENDED)];
    expect([core.length, extended.length]).to.deep.equal([65, 64]);
    expect(names).to.include.members([...core, ...extended]);
    expect(LSST_OBJECT_COLUMNS).to.include.members([...LSST_NEWEST_COLUMNS, ...LSST_FIT_COLUMNS]);
    expect(LSST_FIT_COLUMNS).to.include('BBBTemp');
    expect(LSST_NEWEST_COLUMNS).to.include.members(['ra', 'g_fpFluxMean', 'tns_name', 'ebv']);
  });

  it("gives the numbers of Lasair's row of a real object", function () {
    const folder = 'reference/lasair_features/313637921267122191';
    const alert = readLasairAlert(this, `${folder}.json`);
    const expected = z
      .record(z.string(), z.union([z.number(), z.string(), z.null()]))
      .parse(readLasairJson(this, `${folder}_object.json`));
    const newestRecord = { ...alert.diaObject, dec: alert.diaObject.decl };
    const history = makeLsstHistory(alert.diaSourcesList, alert.diaForcedSourcesList);
    const row = rowOf(history, { newestRecord, ebv: 0.007206862 });
    let compared = 0;
    for (const [name, value] of Object.entries(expected)) {
      // Ours are of the stored detections, Rubin's of those it counted when it made its record.
      if (/^(diaObjectId|[ugrizy]_psfFlux(Min|Max))$/.test(name)) continue;
      const found = row.get(name);
      if (typeof value === 'number') {
        expect(Number(found), name).to.be.closeTo(value, toleranceOf(name, value));
      } else expect(found, name).to.equal(value);
      compared++;
    }
    expect(compared).to.equal(114);
  });

  it('lets only the newest packet set what Rubin gives, and a new object stand on its mean', () => {
    const points = [
      { mjd: 61_000, band: 'g', flux: 500, ra: 359.9999, decl: 5 },
      { mjd: 61_001, band: 'r', flux: 700, ra: 0.0001, decl: 5 },
    ];
    const later = rowOf(makeLsstHistory(points));
    for (const name of LSST_NEWEST_COLUMNS) expect(later.get(name), name).to.equal(null);
    const fresh = rowOf(makeLsstHistory(points), {}, { isNew: true });
    expect(Number(fresh.get('ra')) % 360).to.be.closeTo(0, 1e-9);
    expect(fresh.get('decl')).to.be.closeTo(5, 1e-7);
    expect(fresh.get('htm16')).to.be.a('bigint');
    expect(fresh.get('nDiaSources')).to.equal(2);
    expect(fresh.get('firstDiaSourceMjdTai')).to.equal(61_000);
    const named = rowOf(makeLsstHistory(points), {
      newestRecord: { ra: 1, dec: 2, nDiaSources: 9, firstDiaSourceMjdTai: 60_990.5 },
    });
    expect(named.get('nDiaSources')).to.equal(9);
    expect(named.get('firstDiaSourceMjdTai')).to.equal(60_990.5);
    expect(named.get('decl')).to.equal(2);
  });

  it('leaves the fit out when told to, and where the class does not ask for it', () => {
    const history = makeLsstHistory(supernova(40));
    const filled = (context: Partial<ObjectContext>, withFit = true) =>
      rowOf(history, context, { withFit }).get('BBBTemp') !== null;
    expect(filled({ classification: 'SN' })).to.equal(true);
    expect(filled({ classification: 'SN' }, false)).to.equal(false);
    for (const classification of ['VS', 'AGN', null])
      expect(filled({ classification })).to.equal(false);
    const rest = LSST_OBJECT_COLUMNS.filter((name) => !LSST_FIT_COLUMNS.includes(name));
    const [withFit, without] = [true, false].map((each) =>
      rowOf(history, { classification: 'SN' }, { withFit: each }),
    );
    for (const name of rest) expect(without.get(name), name).to.deep.equal(withFit.get(name));
  });

  it('does not depend on the order in which the sources came', () => {
    const points = supernova(60);
    const random = seededRandom(3);
    const shuffled = points
      .map((point) => ({ point, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ point }) => point);
    const context = { classification: 'SN', z: 0.1 };
    const [row, other] = [points, shuffled].map((each) => rowOf(makeLsstHistory(each), context));
    for (const [name, value] of row) expect(other.get(name), name).to.deep.equal(value);
  });

  it('gives only what the columns can hold, whatever the history', () => {
    const random = seededRandom(31);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
    const awkward = [NaN, Infinity, -Infinity, 0, -1, 1, 900, -900, 1e38, -1e38, 1e-40];
    const point = (): LsstPoint => ({
      mjd: pick([61_000, 61_000, 61_000.01, 61_012, 61_050, NaN, Infinity]),
      band: pick([...'ugrizy', 'w', '']),
      flux: pick(awkward),
      fluxErr: pick(awkward),
      reliability: pick([NaN, 0, 0.5, 1]),
      ra: pick([0, 359.99999, 180, NaN, Infinity]),
      decl: pick([0, 90, -90, 45, NaN, 91]),
    });
    for (let round = 0; round < ROUNDS; round++) {
      const many = (most: number) => Array.from({ length: Math.floor(random() * most) }, point);
      const row = rowOf(
        makeLsstHistory(many(12), many(6)),
        {
          classification: pick(['SN', 'NT', 'ORPHAN', 'VS', null]),
          z: pick([null, 0.1, 0, -1, NaN]),
          photoZ: pick([null, 0.2, Infinity]),
          distanceMpc: pick([null, 100, 0, NaN]),
          ebv: pick([null, 0, 0.3, 100]),
          newestRecord: pick([
            null,
            {},
            { ra: NaN, dec: 0 },
            { ra: 10, dec: 91 },
            { ra: 10, dec: 90 },
          ]),
        },
        { isNew: random() < 0.5 },
      );
      for (const { name, type } of LSST_OBJECTS.columns) {
        const value = row.get(name) ?? null;
        if (value === null) continue;
        if (type === 'int' || type === 'smallint')
          expect(Number.isInteger(value), name).to.equal(true);
        else if (type === 'id') expect(typeof value, name).to.equal('bigint');
        else if (type === 'float')
          expect(Math.abs(Number(value)), name).to.be.at.most(3.4028234663852886e38);
        else if (type === 'double') expect(Number.isFinite(value), name).to.equal(true);
        else expect(typeof value, name).to.equal('string');
      }
    }
  });

  it('fills every required column for every object with one placed source', () => {
    const row = rowOf(makeLsstHistory([{ mjd: NaN, band: 'w', flux: NaN, ra: 0, decl: -90 }]));
    const required = LSST_OBJECTS.columns.filter((column) => column.required);
    expect(required.length).to.be.above(5);
    for (const { name } of required) expect(row.get(name), name).to.not.equal(null);
  });

  it('works through ten thousand sources', () => {
    const row = rowOf(makeLsstHistory(supernova(10_000)), { classification: 'SN', z: 0.05 });
    expect(row.get('nDiaSources')).to.equal(null);
    expect(row.get('nPosDiaSources')).to.equal(10_000);
    expect(row.get('BBBRiseRate')).to.be.closeTo(0.3, 0.05);
    expect(row.get('BBBFallRate')).to.be.closeTo(0.05, 0.01);
  });
});
