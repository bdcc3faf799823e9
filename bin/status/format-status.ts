import type { Status } from './collect-status.ts';

/** The status as a page for the terminal. */
export function formatStatus(status: Status): string {
  const { site, kafka, database, processes, ledger, problems } = status;
  const processRows = processes.map(({ name, pid, startedAt, restarts }) => [
    name,
    String(pid),
    startedAt.replace('T', ' ').slice(0, 19),
    String(restarts),
  ]);
  const ledgerRows = ledger.map((row) => [
    row.topic,
    ...[row.partition, row.received, row.stored, row.known, row.deadLettered].map(String),
    row.lag === null ? '-' : String(row.lag),
  ]);
  return [
    `site      ${site}${status.isReady ? '' : ' (starting)'}`,
    `kafka     ${kafka ?? 'none: packets are fed directly'}`,
    `database  ${database}`,
    '',
    table(['process', 'pid', 'started (UTC)', 'restarts'], processRows),
    '',
    ledgerRows.length === 0
      ? 'No packets have come in yet.'
      : table(
          ['topic', 'partition', 'received', 'stored', 'known', 'dead letters', 'lag'],
          ledgerRows,
        ),
    ...problems.map((problem) => `\n! ${problem}`),
    '',
  ].join('\n');
}

/** Columns side by side: the first flush left, numbers flush right. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) =>
          /^[\d-]+$/.test(cell) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
