import type { CompileFigures } from '../../bench/sql-compile.ts';
import type { Download } from '../../bench/sql-download.ts';
import type { Latency } from '../../bench/sql-latency.ts';
import type { ParseFigures } from '../../bench/sql-parse.ts';
import type { IngestReport, SqlBenchReport } from '../../bench/sql.ts';

const NAME_WIDTH = 48;

export function parseText({ typicalMs, hostile }: ParseFigures): string {
  return table(
    'parsing, CPU ms',
    ['median', 'most', ''],
    [
      ['a typical query', typicalMs.toFixed(3), '', ''],
      ...hostile.map(({ name, medianMs, mostMs, isAccepted }) => [
        `64 kB of ${name}`,
        medianMs.toFixed(2),
        mostMs.toFixed(2),
        isAccepted ? 'accepted' : 'refused',
      ]),
    ],
  );
}

export function compileText(figures: CompileFigures[]): string {
  return table(
    'from text to SQL, CPU ms',
    ['letters', 'of SQL', 'parsing', 'all'],
    figures.map(({ name, letters, parseMs, totalMs }) => [
      name,
      String(letters.text),
      String(letters.sql),
      parseMs.toFixed(3),
      totalMs.toFixed(3),
    ]),
  );
}

export function sqlText(report: SqlBenchReport): string {
  const { survey, objects, inProcess, overHttp, downloads, ingest, load } = report;
  return [
    `${survey}: ${objects} objects; load average ${load.atStart} at the start, ${load.atEnd} at the end\n`,
    latencyText('in the process, ms', inProcess),
    latencyText('over HTTP, ms', overHttp),
    downloadText(downloads),
    ...(ingest === undefined ? [] : [ingestText(ingest)]),
  ].join('\n');
}

function latencyText(title: string, latencies: Latency[]): string {
  return table(
    title,
    ['runs', 'rows', 'p50', 'p95', 'p99', 'CPU', 'MariaDB', 'goal'],
    latencies.map(({ name, runs, rows, p50Ms, p95Ms, p99Ms, cpuMs, goalMs }) => [
      name,
      String(runs),
      String(rows),
      ...[p50Ms, p95Ms, p99Ms, cpuMs.program, cpuMs.mariadb].map((ms) => ms.toFixed(2)),
      goalMs === undefined ? '' : String(goalMs),
    ]),
  );
}

function downloadText(downloads: Download[]): string {
  return table(
    'long results over HTTP',
    ['columns', 'rows', 'MB', 'rows/s', 'us CPU', 'MariaDB', 'MB before', 'MB peak'],
    downloads.map(({ format, columns, rows, megabytes, rowsPerSecond, cpuUsPerRow, memoryMb }) => [
      format,
      columns,
      String(rows),
      String(megabytes),
      String(rowsPerSecond),
      String(cpuUsPerRow.site),
      String(cpuUsPerRow.mariadb),
      String(memoryMb.before),
      String(memoryMb.peak),
    ]),
  );
}

function ingestText({ rate, before, during, after }: IngestReport): string {
  return table(
    `with ${rate} alerts/s stored; p95, ms`,
    ['before', 'during', 'after', 'ratio', 'p50', 'during', 'after'],
    during.map((each, i) => {
      const alone = (before[i].p95Ms + after[i].p95Ms) / 2;
      return [
        each.name,
        ...[before[i].p95Ms, each.p95Ms, after[i].p95Ms, each.p95Ms / alone],
        ...[before[i].p50Ms, each.p50Ms, after[i].p50Ms],
      ].map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell));
    }),
  );
}

function table(title: string, heads: string[], rows: string[][]): string {
  return [[title, ...heads], ...rows]
    .map(([name, ...cells]) => {
      const padded = cells.map((cell) => cell.padStart(10));
      return `${name.padEnd(NAME_WIDTH)}${padded.join('')}`.trimEnd();
    })
    .join('\n')
    .concat('\n');
}
