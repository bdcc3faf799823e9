import type { Survey } from '../../common/config.ts';
import type { Database } from '../../common/store/database.ts';
import { insert } from './seed-rows.ts';
import type { Row } from './seed-rows.ts';

/** What a catalogue, a reporter or a commentator might write to harm a reader. */
export const HOSTILE = '<img src=x onerror=alert(1)>"\'&';
export const TNS_NAME = '2026abcd';
/** Of the seeded solar-system object. */
export const DESIGNATION = '2014 QN441';

/** Gives both objects surroundings, names and features; hostile text wherever others write it. */
export async function seedSurroundings(
  db: Database,
  ids: Record<Survey, string> & { solarSystem: string },
): Promise<void> {
  const keys: Record<Survey, Row> = {
    ztf: { objectId: ids.ztf },
    lsst: { diaObjectId: BigInt(ids.lsst) },
  };
  for (const survey of ['ztf', 'lsst'] as const) {
    await insert(db, survey, 'sherlock_classifications', [contextOf(survey, keys[survey])]);
    await insert(db, survey, 'sherlock_crossmatches', crossmatches(keys[survey]));
    await insert(db, survey, 'crossmatch_tns', TNS_ENTRIES);
    await insert(
      db,
      survey,
      'tns_matches',
      TNS_ENTRIES.map(({ tns_name }, i) => ({ ...keys[survey], tns_name, arcsec: 0.31 + 1.9 * i })),
    );
    await insert(db, survey, 'comments', comments(keys[survey]));
    await setFeatures(db, survey, ids[survey]);
  }
  const pairs = [
    { objectId: ids.ztf, diaObjectId: BigInt(ids.lsst), separationArcsec: 0.213 },
    { objectId: ids.ztf, diaObjectId: 313637921267199999n, separationArcsec: 1.377 },
  ];
  await insert(
    db,
    'ztf',
    'crossmatch_lsst',
    pairs.map((pair, i) => ({ ...pair, rank: i + 1, candidates: 2 })),
  );
  await insert(db, 'lsst', 'crossmatch_ztf', [{ ...pairs[0], rank: 1, candidates: 1 }]);
  await insert(db, 'lsst', 'ssObjects', [
    { ssObjectId: BigInt(ids.solarSystem), designation: DESIGNATION },
  ]);
  await insert(db, 'lsst', 'mpc_orbits', [
    { designation: DESIGNATION, a: 2.7712, e: 0.1321, i: 8.41, q: 2.4051, h: 17.62, nopp: 5 },
  ]);
}

function contextOf(survey: Survey, key: Row): Row {
  const isSearched = survey === 'ztf';
  const description = isSearched
    ? '3.1 arcsec (2.9 arcsec north, 1.0 east) from <em>2MASX J1257&#60;b&#62;</em>, a galaxy of 16.1 mag in r of redshift 0.0312: most likely a supernova. <script>alert(1)</script>'
    : 'Nothing that is known lies near enough to belong to it. This is what the alert itself tells: no catalogue was searched.';
  return {
    ...key,
    classification: isSearched ? 'SN' : 'ORPHAN',
    annotation: description,
    description,
    separationArcsec: isSearched ? 3.1 : null,
    physical_separation_kpc: isSearched ? 1.93 : null,
    best_distance: isSearched ? 136.7 : null,
    best_distance_flag: isSearched ? 'spec' : null,
    best_distance_source: isSearched ? HOSTILE : null,
    z: isSearched ? 0.0312 : null,
    annotator: isSearched ? 'Glint context, rules 1' : 'Glint packet context, rules 1',
    catalogues: isSearched ? 'gaia_dr3:2,glade_plus:1' : '',
    rules: '1',
  };
}

function crossmatches(key: Row): Row[] {
  return [
    {
      ...key,
      rank: 1,
      association_type: 'SN',
      catalogue_table_name: 'glade_plus/PS1',
      catalogue_object_id: '2MASX J1257',
      catalogue_object_type: 'galaxy',
      separationArcsec: 3.1,
      northSeparationArcsec: 2.93,
      eastSeparationArcsec: 1.01,
      Mag: 16.1,
      MagFilter: 'r',
      z: 0.0312,
      photoZ: 0.03,
      physical_separation_kpc: 1.93,
      search_name: 'galaxy, by distance',
      _r: 16.1,
      _g: 16.9,
    },
    {
      ...key,
      rank: 2,
      association_type: 'UNCLEAR',
      catalogue_table_name: 'gaia_dr3',
      catalogue_object_id: HOSTILE,
      catalogue_object_type: 'uncertain',
      separationArcsec: 1.2,
      northSeparationArcsec: null,
      eastSeparationArcsec: null,
      Mag: null,
      MagFilter: null,
      z: null,
      photoZ: null,
      physical_separation_kpc: null,
      search_name: 'source of unknown kind',
      _r: null,
      _g: null,
    },
  ];
}

const TNS_ENTRIES: (Row & { tns_name: string })[] = [
  { tns_name: TNS_NAME, tns_prefix: 'SN', type: 'SN Ia', host_name: HOSTILE, z: 0.0311 },
  { tns_name: '2019xyz', tns_prefix: 'AT', type: null, host_name: null, z: null },
].map((entry, i) => ({
  id: 100_000n + BigInt(i),
  tnsid: 100_000n + BigInt(i),
  ra: 194.494,
  decl: 48.851,
  ...entry,
  disc_date: new Date('2026-09-28T11:22:33Z'),
  disc_mag: 19.23,
  disc_mag_filter: 'g-ZTF',
  discovering_groups: 'ZTF',
  source_group: 'ZTF',
  htm16: 1n,
  hpx29: 1n,
  lasairmodified_date: new Date('2026-10-01T00:00:00Z'),
}));

function comments(key: Row): Row[] {
  return [
    {
      user: 0,
      ...key,
      topic: `tns:${TNS_NAME}`,
      content: `In TNS as SN ${TNS_NAME} (https://www.wis-tns.org/object/${TNS_NAME}), 0.31 arcsec from here; ${HOSTILE}.`,
      time: new Date('2026-10-01T00:00:01Z'),
    },
    {
      user: 7,
      ...key,
      topic: null,
      content: `javascript:alert(1) https://www.wis-tns.org/object/x ${HOSTILE}`,
      time: new Date('2026-10-02T00:00:01Z'),
    },
  ];
}

/** Columns of features that the page shows first. */
async function setFeatures(db: Database, survey: Survey, id: string): Promise<void> {
  const shared: Row = {
    sherlock_classification: survey === 'ztf' ? 'SN' : 'ORPHAN',
    tns_name: TNS_NAME,
    tns_type: 'SN Ia',
    ebv: 0.021,
    peakMag: 17.183,
    peakMagErr: 0.031,
    peakMJD: 61_327.5,
    peakBand: 'r',
    nNights: 27,
    lastNonDetGap: 1.83,
    lastNonDetMag: 20.31,
    lastNonDetBand: 'g',
    stetsonJ: 41.2,
    g_r_colour: 0.712,
    g_r_colourErr: 0.061,
    g_r_peakColour: -0.052,
    g_r_peakColourErr: 0.04,
    ...Object.fromEntries(
      ['g', 'r'].flatMap((band) => [
        [`${band}_peakMag`, 17.2],
        [`${band}_peakMagErr`, 0.03],
        [`${band}_peakMJD`, 61_327.5],
        [`${band}_riseRate`, 0.131],
        [`${band}_riseRateErr`, 0.012],
        [`${band}_fadeRate`, -0.0552],
        [`${band}_fadeRateErr`, 0.004],
      ]),
    ),
  };
  const own: Row = survey === 'ztf' ? {} : { absMag: -19.11, absMagMJD: 61_327.5, BBBTemp: 11.2 };
  const values = { ...shared, ...own };
  const names = Object.keys(values);
  const key = survey === 'ztf' ? 'objectId' : 'diaObjectId';
  await db.execute(
    `UPDATE ${survey}.objects SET ${names.map((name) => `${name} = :${name}`).join(', ')} WHERE ${key} = :key`,
    { ...values, key: survey === 'ztf' ? id : BigInt(id) },
  );
}
