import type { Database } from '../../../common/store/database.ts';
import { insertRows } from '../../common/store/insert-rows.ts';

/** More than a user may have at once. */
export const MANY = 12_000;
const CHUNK = 2_000;
const LETTERS = 26;

/** Of the third object of Rubin here: the largest that 64 bits with a sign hold. */
export const LARGEST_ID = '9223372036854775807';
/** A float whose shortest decimal is not its double. */
export const GMAG = 18.3;

/** ZTF19aaaaaaa, ZTF19aaaaaab, ... */
export function ztfName(at: number): string {
  let letters = '';
  for (let left = at, count = 0; count < 7; count++, left = Math.floor(left / LETTERS)) {
    letters = String.fromCharCode(97 + (left % LETTERS)) + letters;
  }
  return `ZTF19${letters}`;
}

/** Many objects of ZTF and a few of Rubin, apart from those of the seed. */
export async function seedMany(db: Database): Promise<void> {
  for (let from = 0; from < MANY; from += CHUNK) {
    const rows = Array.from({ length: CHUNK }, (_, row) => {
      const at = from + row;
      return {
        objectId: ztfName(at),
        ramean: 10 + at / 1_000,
        decmean: -30 + at / 7_000,
        ncand: at,
        gmag: at % 3 === 0 ? null : GMAG,
        jdmax: 2_461_000.5 + at / 1_000,
      };
    });
    await insertRows(db, 'ztf', 'objects', rows);
  }
  await insertRows(
    db,
    'lsst',
    'objects',
    ['170055002004914266', '9007199254740993', LARGEST_ID].map((diaObjectId, at) => ({
      diaObjectId,
      ra: 200 + at / 3,
      decl: -10.000000000000002,
      r_psfFlux: at === 1 ? null : 1234.5,
      nDiaSources: at + 100_000,
    })),
  );
}
