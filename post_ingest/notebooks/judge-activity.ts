import type {
  NotebookActivity,
  ServerPressure,
} from '../../common/store/accounts/notebook-activity.ts';

const LOCK_SECONDS = 3;
const MEMORY_BYTES = 512 * 2 ** 20;
/** Share of the server's connections that notebooks may have altogether. */
const CONNECTION_SHARE = 0.25;
/** Share of the server's prepared statements that may be there before notebooks lose theirs. */
const STATEMENT_SHARE = 0.5;

export interface Verdict {
  connection: NotebookActivity;
  /** What the log says of it. */
  reason: string;
  /** Whether it stood in the way of others: an account that does so again and again is locked. */
  isOffence: boolean;
}

/**
 * Which connections of notebooks have to end. An account may set its own limits away, and needs no
 * more than SELECT to lock rows, so that somebody has to look.
 *
 * @param timeoutMs - How long a statement or a transaction may last.
 */
export function judgeActivity(
  activity: NotebookActivity[],
  pressure: ServerPressure,
  timeoutMs: number,
): Verdict[] {
  const verdicts = activity.flatMap((connection) => {
    const verdict = judge(connection, pressure, timeoutMs / 1_000);
    return verdict === undefined ? [] : [{ connection, ...verdict }];
  });
  const ended = new Set(verdicts.map(({ connection }) => connection));
  const left = activity.filter((connection) => !ended.has(connection));
  const excess = left.length - Math.floor(pressure.maxConnections * CONNECTION_SHARE);
  const longest = left.sort((a, b) => Number(b.isIdle) - Number(a.isIdle) || b.seconds - a.seconds);
  return [
    ...verdicts,
    ...longest.slice(0, Math.max(0, excess)).map((connection) => ({
      connection,
      reason: 'notebooks have too many connections together',
      isOffence: false,
    })),
  ];
}

function judge(
  connection: NotebookActivity,
  pressure: ServerPressure,
  timeoutSeconds: number,
): Omit<Verdict, 'connection'> | undefined {
  const { isIdle, seconds, transactionSeconds } = connection;
  if (connection.hasLocks && transactionSeconds >= LOCK_SECONDS) {
    return { reason: `it held locks for ${transactionSeconds} s`, isOffence: true };
  }
  if (!isIdle && seconds > timeoutSeconds) {
    return { reason: `it ran a statement for ${seconds} s`, isOffence: false };
  }
  if (transactionSeconds > timeoutSeconds) {
    return { reason: `it kept a transaction open for ${transactionSeconds} s`, isOffence: false };
  }
  if (connection.memoryBytes > MEMORY_BYTES) {
    return { reason: `it used ${connection.memoryBytes} bytes of memory`, isOffence: false };
  }
  if (pressure.isTableWaitedFor && (isIdle || seconds >= LOCK_SECONDS)) {
    return { reason: 'somebody waits to change a table', isOffence: false };
  }
  if (pressure.preparedStatements > pressure.maxPreparedStatements * STATEMENT_SHARE) {
    return { reason: 'the server runs out of prepared statements', isOffence: false };
  }
  return undefined;
}
