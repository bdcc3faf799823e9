import type { Survey } from '../../common/config.ts';

/**
 * What a night is like. `night` and `steady` have the mix of a real one; in `cold` every packet is
 * of another object and brings 9 to 22 earlier detections; in `deep` (Rubin) a limited number of
 * objects in deep-drilling fields bring some 1,000 sources and as many forced points each time.
 */
export const WORKLOAD_NAMES = ['night', 'steady', 'cold', 'deep'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/** Everything a simulated night depends on: equal options give equal bytes. */
export interface NightOptions {
  survey: Survey;
  /** Packets per night; all nights together have exactly `alerts * nights`. */
  alerts: number;
  seed: number;
  nights: number;
  /** Number of the first night: days since 2017-01-01 UTC, as ZTF counts them. */
  startNight: number;
  workload: WorkloadName;
}

/** MJD (UTC) at which night 0 begins. */
export const MJD_OF_NIGHT_ZERO = 57_754;
/** Modified Julian Date to Julian Date. */
export const JD_OF_MJD_ZERO = 2_400_000.5;

const nightNames = new Map<number, string>();

/** `YYYYMMDD` of a night. */
export function nightName(night: number): string {
  let name = nightNames.get(night);
  if (name === undefined) {
    const date = new Date((night + MJD_OF_NIGHT_ZERO - 40_587) * 86_400_000);
    name = date.toISOString().slice(0, 10).replaceAll('-', '');
    nightNames.set(night, name);
  }
  return name;
}

/** The topic that the survey would send a night's public alerts to. */
export function topicOf(survey: Survey, night: number): string {
  return survey === 'ztf' ? `ztf_${nightName(night)}_programid1` : 'lsst-alerts-v10.0';
}
