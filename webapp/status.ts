import { nightOfDate } from '../common/astro/time.ts';
import { SURVEYS } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import {
  selectAllTotals,
  selectFaultCounts,
  selectLatestJobRuns,
  selectNightPartitions,
  selectNightTotals,
  selectNights,
  selectRecentDeadLetters,
  selectRecentRates,
  selectReceivedBins,
} from '../common/store/night-report.ts';
import type {
  DeadLetterSummary,
  FaultCount,
  JobRun,
  NightSummary,
  NightTotals,
  PartitionCounts,
} from '../common/store/night-report.ts';
import { selectRebuilds } from '../common/store/rebuilds.ts';
import type { Rebuild } from '../common/store/rebuilds.ts';
import { countStale } from '../common/store/stale-objects.ts';
import type { StaleCount } from '../common/store/stale-objects.ts';
import { selectAliveProcesses } from '../common/store/processes.ts';
import type { ProcessReport } from '../common/store/processes.ts';
import type { KafkaState, PartitionLag } from './lag.ts';
import type { Services } from './services.ts';

export const BIN_SECONDS = 600;
const RATE_MINUTES = 5;
const DAY_MS = 86_400_000;
/** 2017-01-01 UTC. */
const NIGHT_ZERO_MS = Date.UTC(2017, 0, 1);

export interface SurveyStatus {
  survey: Survey;
  received: number;
  stored: number;
  known: number;
  deadLettered: number;
  /** Alerts per second over the last five minutes. */
  rate: number;
  kafkaDelayMs: number | null;
  kafkaDelayMaxMs: number | null;
  observationDelayS: number | null;
  lastCommit: Date | null;
  /** Messages not yet stored, all partitions; null while Kafka does not say. */
  lag: number | null;
  kafka: KafkaState;
}

export interface PartitionStatus extends PartitionCounts {
  nextOffset: string | null;
  lag: number | null;
}

export interface Status {
  nid: number;
  isTonight: boolean;
  /** Date of the night's beginning, UTC. */
  date: Date;
  now: Date;
  surveys: SurveyStatus[];
  totals: NightTotals[];
  partitions: PartitionStatus[];
  bins: { survey: Survey; start: Date; received: number }[];
  faults: FaultCount[];
  deadLetters: DeadLetterSummary[];
  jobs: JobRun[];
  /** Objects that wait for a step to be done again. */
  stale: StaleCount[];
  /** Runs over all objects that go on. */
  rebuilds: Rebuild[];
  processes: ProcessReport[];
  nights: (NightSummary & { date: Date })[];
}

export function dateOfNight(nid: number): Date {
  return new Date(NIGHT_ZERO_MS + nid * DAY_MS);
}

/** Counts, rates and delays by survey of one night: the head of the status and front pages. */
export async function describeSurveys(services: Services, nid: number): Promise<SurveyStatus[]> {
  const { db, now } = services.context;
  const since = new Date(now().getTime() - RATE_MINUTES * 60_000);
  const [totals, rates, lag] = await Promise.all([
    selectNightTotals(db, nid),
    selectRecentRates(db, since),
    services.lag.read(),
  ]);
  return SURVEYS.map((survey) => {
    const counts = totals.find((row) => row.survey === survey);
    const rate = rates.find((row) => row.survey === survey);
    const lags = lag.partitions.filter((row) => row.survey === survey && row.lag !== null);
    return {
      survey,
      received: counts?.received ?? 0,
      stored: counts?.stored ?? 0,
      known: counts?.known ?? 0,
      deadLettered: counts?.deadLettered ?? 0,
      rate: (rate?.received ?? 0) / (RATE_MINUTES * 60),
      kafkaDelayMs: rate?.kafkaDelayMs ?? null,
      kafkaDelayMaxMs: rate?.kafkaDelayMaxMs ?? null,
      observationDelayS: rate?.observationDelayS ?? null,
      lastCommit: rate?.lastCommit ?? null,
      lag: lags.length === 0 ? null : lags.reduce((sum, row) => sum + Number(row.lag), 0),
      kafka: lag.kafka[survey],
    };
  });
}

/**
 * What the broker did in a night and what it does now: the one function behind the status page and
 * the API's status.
 *
 * @param night - Number of the night; tonight without.
 */
export async function describeStatus(services: Services, night?: number): Promise<Status> {
  const { db, now } = services.context;
  const present = now();
  const tonight = nightOfDate(present);
  const nid = night ?? tonight;
  const from = dateOfNight(nid);
  const to = dateOfNight(nid + 1);
  const [
    surveys,
    totals,
    counts,
    lag,
    bins,
    faults,
    deadLetters,
    jobs,
    stale,
    rebuilds,
    processes,
    nights,
  ] = await Promise.all([
    describeSurveys(services, nid),
    selectAllTotals(db),
    selectNightPartitions(db, nid),
    services.lag.read(),
    selectReceivedBins(db, from, to, BIN_SECONDS),
    selectFaultCounts(db),
    selectRecentDeadLetters(db),
    selectLatestJobRuns(db),
    countStale(db),
    selectRebuilds(db),
    selectAliveProcesses(db, present),
    selectNights(db),
  ]);
  return {
    nid,
    isTonight: nid === tonight,
    date: from,
    now: present,
    surveys,
    totals,
    partitions: joinPartitions(counts, nid === tonight ? lag.partitions : []),
    bins: bins.map(({ survey, bin, received }) => ({
      survey,
      start: new Date(bin * BIN_SECONDS * 1_000),
      received,
    })),
    faults,
    deadLetters,
    jobs,
    stale,
    rebuilds: rebuilds.filter(({ endedAt }) => endedAt === null),
    processes,
    nights: nights.map((row) => ({ ...row, date: dateOfNight(row.nid) })),
  };
}

/** Counts of the night beside the lag of now; partitions that are read but brought nothing, too. */
function joinPartitions(counts: PartitionCounts[], lags: PartitionLag[]): PartitionStatus[] {
  const keyOf = (row: { topic: string; partitionId: number }) => `${row.topic}/${row.partitionId}`;
  const rows = new Map<string, PartitionStatus>(
    counts.map((row) => [keyOf(row), { ...row, nextOffset: null, lag: null }]),
  );
  for (const { survey, topic, partitionId, nextOffset, lag } of lags) {
    const nothing = { received: 0, stored: 0, known: 0, deadLettered: 0 };
    const row = rows.get(keyOf({ topic, partitionId })) ?? {
      survey,
      topic,
      partitionId,
      ...nothing,
    };
    rows.set(keyOf(row), {
      ...row,
      nextOffset: nextOffset.toString(),
      lag: lag === null ? null : Number(lag),
    });
  }
  return [...rows.values()];
}
