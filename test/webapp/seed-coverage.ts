import { healpixCentre } from '../../common/astro/healpix-centre.ts';
import { ZTF_FIELDS } from '../../common/astro/ztf-fields.ts';
import type { Context } from '../../common/context.ts';
import { addExposures } from '../../common/store/exposures.ts';
import type { ExposureCount } from '../../common/store/exposures.ts';
import { coverage } from '../../post_ingest/coverage/coverage-job.ts';
import { randoms } from './seed-rows.ts';

/** Nights of the seeded coverage: 2026-11-19 to 2026-11-21. */
export const COVERED = { first: 3609, last: 3611 };

/** Three nights of both surveys: a third of ZTF's northern fields in g and r, a strip of Rubin's. */
export async function seedCoverage(context: Context): Promise<void> {
  const random = randoms(5);
  const ztf: ExposureCount[] = [];
  const lsst: ExposureCount[] = [];
  for (let nid = COVERED.first; nid <= COVERED.last; nid++) {
    const fields = [...ZTF_FIELDS.values()].filter(
      ({ field, dec, ra }) => field < 1000 && dec > -20 && ra < 150 && random() < 0.5,
    );
    for (const { field } of fields) {
      for (const band of [1, 2]) {
        const key = 2_457_754.5 + nid + 0.2 + field / 10_000 + band / 100_000;
        const n = random() < 0.1 ? 0 : Math.floor(1_000 * random() ** 3);
        ztf.push({ nid, place: field, band, key, n, depth: 19.5 + random() });
      }
    }
    // One field that the grid does not have.
    ztf.push({ nid, place: 9_999, band: 3, key: 2_457_754.5 + nid, n: 2, depth: -Infinity });
    for (let cell = 0; cell < 12 * 4 ** 5; cell++) {
      const { ra, dec } = healpixCentre(5, cell);
      if (Math.abs(dec + 30) > 12 || ra < 20 || ra > 110) continue;
      for (const band of [0, 3, 5]) {
        const n = Math.floor(80 * random() ** 2);
        lsst.push({ nid, place: cell, band, key: nid * 1_000 + band, n, depth: -(50 + random()) });
      }
    }
  }
  await addExposures(context.db, 'ztf', ztf);
  await addExposures(context.db, 'lsst', lsst);
  // It counts stored rows once, of which there are hardly any here: what was added stays.
  for (const survey of ['ztf', 'lsst']) {
    await context.db.execute(
      "REPLACE INTO glint.job_progress (task, position, updated_at) VALUES (:task, '1', :now)",
      { task: `coverage.${survey}`, now: context.now() },
    );
  }
  await coverage.run(context, new AbortController().signal);
}
