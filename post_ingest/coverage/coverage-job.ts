import { healpixCentre } from '../../common/astro/healpix-centre.ts';
import { ZTF_FIELDS } from '../../common/astro/ztf-fields.ts';
import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { selectStoredNights } from '../../common/store/coverage-recount.ts';
import { addUpNight, selectChangedNights } from '../../common/store/coverage.ts';
import { saveProgress, selectProgress } from '../../common/store/job-progress.ts';
import type { Job } from '../job.ts';
import { COVERAGE_ORDER } from './read-exposure.ts';
import { recountNights } from './recount.ts';

/** Raised when exposures are counted otherwise than before: all are then counted anew. */
const COVERAGE_VERSION = '1';

/** Middle of a field or cell, degrees; undefined for a field that the grid does not have. */
const CENTRES: Record<Survey, (place: number) => { ra: number; dec: number } | undefined> = {
  ztf: (field) => ZTF_FIELDS.get(field),
  lsst: (cell) => healpixCentre(COVERAGE_ORDER, cell),
};

/** Keeps the coverage of nights in step with the exposures that ingest stores. */
export const coverage: Job = {
  name: 'coverage',
  schedule: '*/5 * * * *',
  description: 'add up exposures and detections of changed nights by field or sky cell',
  async run(context, signal) {
    const outcomes: string[] = [];
    for (const survey of SURVEYS) {
      const recounted = await recountOnce(context, survey);
      const nights = await selectChangedNights(context.db, survey);
      let done = 0;
      for (const nid of nights) {
        if (signal.aborted) break;
        await addUpNight(context.db, survey, nid, CENTRES[survey]);
        done++;
      }
      outcomes.push(`${survey}: ${done} nights${recounted ? ', counted anew' : ''}`);
    }
    return outcomes.join('; ');
  },
};

/** What was stored before exposures were counted as they are now. */
async function recountOnce({ db, log, now }: Context, survey: Survey): Promise<boolean> {
  const task = `coverage.${survey}`;
  if ((await selectProgress(db, task)) === COVERAGE_VERSION) return false;
  const nights = await selectStoredNights(db, survey);
  if (nights !== null) {
    log.info(`${survey}: exposures of the nights ${nights.first} to ${nights.last} are counted`);
    await recountNights(db, survey, nights.first, nights.last);
  }
  await saveProgress(db, task, COVERAGE_VERSION, now());
  return nights !== null;
}
