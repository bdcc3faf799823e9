import type { Database } from '../../common/store/database.ts';
import { LSST_BANDS, MJD_NOW, insert, lsstObjectRow, randoms, ztfObjectRow } from './seed-rows.ts';

/** Many small objects over the sky, for the front page. */
export async function seedSky(db: Database, count: number): Promise<void> {
  const random = randoms(7);
  for (let i = 0; i < count; i++) {
    const ra = 360 * random();
    const dec = (Math.asin(2 * random() - 1) * 180) / Math.PI;
    const letters = Array.from({ length: 7 }, () => 'abcdefghijklmnop'[Math.floor(16 * random())]);
    const age = 12 * random() ** 2;
    if (dec > -28) await smallZtf(db, `ZTF26${letters.join('')}`, ra, dec, age, random);
    else await smallLsst(db, 170112044512600000n + BigInt(i), ra, dec, age, random);
  }
}

async function smallZtf(
  db: Database,
  objectId: string,
  ra: number,
  dec: number,
  age: number,
  random: () => number,
) {
  const jdmax = MJD_NOW + 2_400_000.5 - age;
  const peak = 17.5 + 2 * random();
  const rows = Array.from({ length: 3 + Math.floor(9 * random()) }, (_, i) => ({
    candid: 3_500_000_000_000_000_000n + BigInt(Math.floor(1e15 * random())),
    objectId,
    jd: jdmax - 2.3 * i,
    fid: 1 + (i % 2),
    magpsf: peak + 0.02 * (2.3 * i - 12) ** 2 * 0.3 + 0.08 * random(),
    sigmapsf: 0.08,
    isdiffpos: 't',
    ra,
    decl: dec,
    hasalert: 1,
  }));
  await insert(db, 'ztf', 'candidates', rows);
  await insert(db, 'ztf', 'objects', [
    ztfObjectRow(objectId, { ra, dec }, rows, { nnoncand: 0, nforced: 0 }),
  ]);
}

async function smallLsst(
  db: Database,
  diaObjectId: bigint,
  ra: number,
  dec: number,
  age: number,
  random: () => number,
) {
  const last = MJD_NOW - age;
  const rows = Array.from({ length: 3 + Math.floor(12 * random()) }, (_, i) => ({
    diaSourceId: diaObjectId * 10n + BigInt(i) + 500n,
    diaObjectId,
    midpointMjdTai: last - 1.7 * i,
    band: LSST_BANDS[i % 4],
    psfFlux: 900 * Math.exp(-(((1.7 * i - 9) / 8) ** 2)) + 300 * random() + 200,
    psfFluxErr: 90,
    ra,
    decl: dec,
    hasalert: 1,
  }));
  await insert(db, 'lsst', 'diaSources', rows);
  await insert(db, 'lsst', 'objects', [lsstObjectRow(diaObjectId, { ra, dec }, rows, 0)]);
}
