import type { Config, Survey } from '../../common/config.ts';
import { SURVEYS } from '../../common/config.ts';
import { describeError } from '../../common/errors.ts';
import { silentLog } from '../../common/log.ts';
import { openDatabase } from '../../common/store/database.ts';
import { selectLedgerReport } from '../../common/store/ledger-report.ts';
import type { LedgerReport } from '../../common/store/ledger-report.ts';
import { selectAliveProcesses } from '../../common/store/processes.ts';
import type { ProcessReport } from '../../common/store/processes.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import type { PartitionOffsets } from '../../common/stream/admin.ts';
import type { RunState } from '../up/run-state.ts';

/** What `bin/glint status --json` prints. */
export interface Status {
  site: string;
  isReady: boolean;
  /** host:port, several between commas; null where packets are fed without Kafka. */
  kafka: string | null;
  /** Address of an account that may read everything. */
  database: string;
  ledger: {
    topic: string;
    partition: number;
    received: number;
    stored: number;
    known: number;
    deadLettered: number;
    /** Messages in Kafka that are not yet stored; null where nobody knows. */
    lag: number | null;
  }[];
  processes: { name: string; pid: number; startedAt: string; restarts: number }[];
  /** Processes of all hosts that work on this database, by their own word. */
  heartbeats: ProcessReport[];
  /** What could not be asked, in sentences. */
  problems: string[];
}

/** Asks the database and Kafka of the running `up`; what does not answer is named in `problems`. */
export async function collectStatus(config: Config, state: RunState): Promise<Status> {
  const problems: string[] = [];
  const attempt = async <Result>(work: Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await work;
    } catch (err) {
      problems.push(describeError(err));
      return otherwise;
    }
  };
  const db = openDatabase(state.database.readerUrl, { poolSize: 2, connectTimeoutMs: 3_000 });
  try {
    const report = await attempt(selectLedgerReport(db), []);
    const offsets = await attempt(
      endOffsets(config, state, report),
      new Map<string, PartitionOffsets[]>(),
    );
    const lagOf = ({ topic, partition, nextOffset }: LedgerReport): number | null => {
      const end = offsets.get(topic)?.find((found) => found.partition === partition)?.high;
      return end === undefined || nextOffset === null ? null : Number(end - nextOffset);
    };
    return {
      site: state.site,
      isReady: state.isReady,
      kafka: state.kafka?.brokers.join(',') ?? null,
      database: state.database.readerUrl,
      ledger: report.map((row) => ({
        topic: row.topic,
        partition: row.partition,
        received: row.received,
        stored: row.stored,
        known: row.known,
        deadLettered: row.deadLettered,
        lag: lagOf(row),
      })),
      processes: state.processes.map(({ name, pid, startedAt, restarts }) => {
        return { name, pid, startedAt, restarts };
      }),
      heartbeats: await attempt(selectAliveProcesses(db, new Date()), []),
      problems,
    };
  } finally {
    await db.close();
  }
}

/** The ends of all partitions in the ledger, each survey's asked of its own Kafka. */
async function endOffsets(
  config: Config,
  state: RunState,
  report: LedgerReport[],
): Promise<Map<string, PartitionOffsets[]>> {
  const found = new Map<string, PartitionOffsets[]>();
  for (const survey of SURVEYS) {
    const topics = topicsOf(report, survey);
    const settings = config.surveyKafka[survey];
    const brokers = settings.brokers ?? state.kafka?.brokers;
    if (topics.length === 0 || brokers === undefined) continue;
    const admin = createStreamAdmin({ ...settings, brokers }, silentLog);
    try {
      for (const [topic, offsets] of await admin.endOffsets(topics)) found.set(topic, offsets);
    } finally {
      await admin.stop();
    }
  }
  return found;
}

function topicsOf(report: LedgerReport[], survey: Survey): string[] {
  const ofStream = report.filter((row) => row.survey === survey && row.nextOffset !== null);
  return [...new Set(ofStream.map((row) => row.topic))];
}
