import type { Database } from '../../../common/store/database.ts';
import { insertRows } from '../store/insert-rows.ts';

/** Few rows with whatever makes a difference: NULLs, equal and negative values, quotes, large ids. */
export async function insertNastyRows(db: Database): Promise<void> {
  await insertRows(db, 'ztf', 'objects', [
    object('ZTF18aaaaaaa', 3, 17.5, 17.123, 0, '9007199254740993', 'SN', "it's"),
    object('ztf18aaaaaaa', 3, 18, null, 359.9999999, '9007199254740992', 'SN', '50%'),
    object('ZTF18bbbbbbb', -1, null, 17.5, 180.25, '9223372036854775807', 'AGN', null),
    object('ZTF18ccccccc', 0, -2.5, 1e-30, 1e-7, '1', null, ''),
    object('ZTF18ddddddd', 7, 17.5, 17.5, 359.9999999, '2', '', 'Ünï'),
    object('', 100, 3e30, 18, 2.5, '3', 'sn', '  '),
    object('12', 2147483647, 2, 3, 45, '4', 'VS', 'ÜNÏ'),
  ]);
  await insertRows(db, 'ztf', 'candidates', [
    candidate('9007199254740993', 'ZTF18aaaaaaa', 2460000.123456789, 1, 17.5),
    candidate('9007199254740992', 'ZTF18aaaaaaa', 2460000.123456789, 2, 17.25),
    candidate('9223372036854775806', 'ZTF18aaaaaaa', 2460003.5, 2, 17.25),
    candidate('1', 'ztf18aaaaaaa', 2460001, 3, -1),
    candidate('2', 'ZTF18bbbbbbb', 2460001, 1, 0),
    candidate('3', 'nobody', 0, 1, 99),
    candidate('4', '', 2459999.999999, 2, 18),
  ]);
  await insertRows(db, 'ztf', 'crossmatch_tns', [
    entry('9007199254740993', '2026abc', 17.5, 'SN Ia', "it's", '2026-01-31', 0.1),
    entry('2', '2026abd', null, 'SN Ia', '50% a_b', '2026-02-28 23:59:59.999', null),
    entry('3', '2026abe', -1, 'sn ia', null, null, 0),
    entry('4', 'ZTF18aaaaaaa', 18, '', '"quoted" `too`', '2020-02-29 12:00:00.5', 0.1),
    entry('5', '2026ABC', 18, 'AGN', 'Ünï ?', '2026-01-31', 7.5),
  ]);
  await insertRows(db, 'ztf', 'sherlock_classifications', [
    classification('ZTF18aaaaaaa', 'SN', 'near a galaxy', 0.1, 1.5),
    classification('ztf18aaaaaaa', 'SN', '', null, 0),
    classification('ZTF18bbbbbbb', 'AGN', "it's 100%", -0.001, 1e-12),
    classification('ZTF18ccccccc', null, null, 2, null),
    classification('12', 'VS', 'a_b', 1, 1),
  ]);
}

function object(
  objectId: string,
  ncand: number,
  gmag: number | null,
  rmag: number | null,
  ramean: number,
  hpx29: string,
  sherlock_classification: string | null,
  ssnamenr: string | null,
) {
  return { objectId, ncand, gmag, rmag, ramean, hpx29, sherlock_classification, ssnamenr };
}

function candidate(candid: string, objectId: string, jd: number, fid: number, magpsf: number) {
  return { candid, objectId, jd, fid, magpsf };
}

function entry(
  id: string,
  tns_name: string,
  disc_mag: number | null,
  type: string,
  host_name: string | null,
  disc_date: string | null,
  z: number | null,
) {
  return { id, tns_name, disc_mag, type, host_name, disc_date, z };
}

function classification(
  objectId: string,
  called: string | null,
  summary: string | null,
  z: number | null,
  separationArcsec: number | null,
) {
  return { objectId, classification: called, summary, z, separationArcsec };
}
