import { expect } from 'chai';

import type { DatabaseName } from '../../../common/schema/types.ts';
import { tableOf } from '../../../common/schema/tables.ts';
import { LASAIR_COLUMNS } from './lasair-columns.ts';

/** Columns of Lasair that have no namesake here, and why nothing is lost. */
const ABSENT: Record<string, Record<string, string>> = {
  'ztf.objects': {
    primaryId: 'a number of the row; objectId is the key',
    stale: 'objects are always up to date; what waits for a step stands in glint.stale_objects',
  },
  'ztf.candidates': Object.fromEntries(
    [
      'dc_mag',
      'dc_sigmag',
      ...['g', 'r'].flatMap((b) => ['02', '08', '28'].map((n) => `dc_mag_${b}${n}`)),
    ].map((name) => [
      name,
      'worked out per object, where they stand in objects under the same name',
    ]),
  ),
  'ztf.noncandidates': { primaryId: 'a number of the row; objectId and pid are the key' },
  'ztf.sherlock_classifications': { transient_object_id: 'objectId, as everywhere else' },
  'ztf.sherlock_crossmatches': { transient_object_id: 'objectId, as everywhere else' },
};

/** Columns whose numbers in Lasair are wrong, or are not what they are said to be. */
const DEFECTIVE: Record<string, string> = {
  'ztf.objects': `
    ramean decmean rastd ncand ncandgp ncandgp_7 ncandgp_14 maggmin maggmax maggmean magrmin magrmax
    magrmean magrmedian latestrmag rmag jdrmax jdmin dmdt_g dmdt_r dmdt_g_2 dmdt_r_2 mag_g02 mag_g08
    mag_g28 mag_r02 mag_r08 mag_r28 g_minus_r dc_mag dc_sigmag dc_mag_g02 dc_mag_r02 sgscore1
    ssnamenr`,
  'ztf.sherlock_classifications': 'classification northSeparationArcsec',
  'ztf.coverage': 'n',
  'ztf.crossmatch_tns': 'id',
  'lsst.objects': `
    nDiaSources nPosDiaSources nPosDiaSourcesNights nSourcesGood nuSources nySources medianR
    firstDiaSourceMjdTai u_latestMJD y_latestMJD g_psfFluxMin g_psfFluxMax absMag absMagMJD BBBRiseRate
    BBBTemp BBBPeakFlux BBBPeakMJD BBBPeakAbsMag glat jump1 jump2 latestPairMJD latestPairColourMag
    latestPairColourBands latestPairColourTemp penultimatePairMJD penultimatePairColourMag
    penultimatePairColourBands penultimatePairColourTemp`,
};

function columnsOf(name: string) {
  const [database, table] = name.split('.');
  return tableOf(database as DatabaseName, table).columns;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

describe("Lasair's columns", () => {
  for (const { what, table, columns } of LASAIR_COLUMNS) {
    it(`${what} are all here under their names`, () => {
      const names = columnsOf(table).map(({ name }) => name);
      const absent = ABSENT[table] ?? {};
      const missing = words(columns).filter((name) => !names.includes(name) && !(name in absent));
      expect(missing).to.deep.equal([]);
    });
  }

  it('that are told to be absent are, and were there in Lasair', () => {
    for (const [table, absent] of Object.entries(ABSENT)) {
      const names = columnsOf(table).map(({ name }) => name);
      const lasairs = LASAIR_COLUMNS.filter((each) => each.table === table);
      const known = lasairs.flatMap(({ columns }) => words(columns));
      expect(known, table).to.include.members(Object.keys(absent));
      expect(names, table).to.not.include.any.members(Object.keys(absent));
    }
  });

  it('whose numbers are wrong there say how ours differ', () => {
    for (const [table, columns] of Object.entries(DEFECTIVE)) {
      const described = new Map(columnsOf(table).map((column) => [column.name, column]));
      for (const name of words(columns)) {
        expect(described.get(name)?.differs, `${table}.${name}`).to.match(/\S.*\.$/);
      }
    }
  });

  it('of Rubin are 65 and 64', () => {
    const counts = LASAIR_COLUMNS.filter(({ table }) => table === 'lsst.objects').map(
      ({ columns }) => new Set(words(columns)).size,
    );
    expect(counts).to.deep.equal([65, 64]);
  });
});
