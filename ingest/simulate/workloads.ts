import type { Survey } from '../../common/config.ts';
import { prepareNight } from './night-file.ts';
import type { PreparedNight, Progress } from './night-file.ts';
import type { NightOptions, WorkloadName } from './options.ts';

/** Night of 2026-03-10, whose packets the simulated ones are compared with. */
const NIGHT = 3355;

const night = (survey: Survey, workload: WorkloadName, alerts: number): NightOptions => ({
  survey,
  workload,
  alerts,
  seed: 20_260_310,
  nights: 1,
  startNight: NIGHT,
});

/**
 * The nights that speed is measured with. *steady*: a broker that has followed the stream, six in
 * ten packets the first of their object, the others of objects that the preload made known.
 * *cold*: every object new, with 9 to 22 earlier detections. *deep*: Rubin's deep-drilling fields,
 * half a megabyte a packet and nearly all of it known.
 */
export const WORKLOADS = {
  ztf: {
    steady: night('ztf', 'steady', 30_000),
    cold: night('ztf', 'cold', 30_000),
  },
  lsst: {
    steady: night('lsst', 'steady', 15_000),
    cold: night('lsst', 'cold', 15_000),
    deep: night('lsst', 'deep', 15_000),
  },
} as const satisfies Record<Survey, Partial<Record<WorkloadName, NightOptions>>>;

/**
 * The files of a workload, made if they are not there yet.
 * @param options.alerts - Fewer or more packets than the workload has.
 * @throws {RangeError} if the survey has no such workload.
 */
export async function prepareWorkload(
  survey: Survey,
  workload: WorkloadName,
  cacheDir: string,
  options: { alerts?: number | undefined; progress?: Progress } = {},
): Promise<PreparedNight> {
  return prepareNight(workloadNight(survey, workload, options.alerts), cacheDir, options.progress);
}

/**
 * What the night of a workload is like.
 *
 * @param alerts - Fewer or more packets than the workload has.
 * @throws {RangeError} if the survey has no such workload.
 */
function workloadNight(survey: Survey, workload: WorkloadName, alerts?: number): NightOptions {
  const workloads: Partial<Record<WorkloadName, NightOptions>> = WORKLOADS[survey];
  const known = workloads[workload];
  if (known === undefined) {
    throw new RangeError(
      `${survey} has no workload ${workload}: ${Object.keys(workloads).join(', ')}`,
    );
  }
  return { ...known, alerts: alerts ?? known.alerts };
}
