import type { CatalogueLoad } from '../../common/store/catalogues.ts';
import type { LoadOutcome, LoadReport } from '../../post_ingest/catalogues/load-catalogue.ts';

const PHASES: Record<LoadReport['phase'], string> = {
  reading: 'rows read',
  merging: 'rows sorted',
  loading: 'rows in the table',
  swapping: 'rows in the table',
};
const SHOWN_REJECTS = 5;
/** Cells of the coverage: HEALPix order 5. */
const CELLS = 12_288;
const SKY_SQUARE_DEGREES = 41_253;

/** `gaia_dr3: 12,345,678 rows read, 210,000/s, 3.1 of 9.4 GB, 3 unusable` */
export function progressText(name: string, report: LoadReport, rowsPerSecond: number): string {
  const parts = [`${whole(report.rows)} ${PHASES[report.phase]}, ${whole(rowsPerSecond)}/s`];
  if (report.phase === 'reading') {
    parts.push(`${size(report.bytesDone)} of ${size(report.bytesTotal)}`);
  }
  if (report.rejected > 0) parts.push(`${whole(report.rejected)} unusable`);
  return `${name}: ${parts.join(', ')}`;
}

/** What came of a load, with what could not be used. */
export function outcomeText({ catalogue, wasLoaded, wasResumed }: LoadOutcome): string {
  const { name, rows, rejected, repeated, rejects } = catalogue;
  if (wasLoaded) {
    return `${name} is loaded from these files already: ${whole(rows)} sources (--restart loads it again).`;
  }
  const lines = [
    `${name}: ${whole(rows)} sources are loaded${wasResumed ? ', gone on from where it was broken off' : ''}.`,
  ];
  if (repeated > 0) {
    lines.push(
      `${whole(repeated)} repeated rows were left out: a row of that name and place was there.`,
    );
  }
  if (rejected > 0)
    lines.push(`${whole(rejected)} ${rejected === 1 ? 'row' : 'rows'} could not be used:`);
  for (const { file, place, reason } of rejects.slice(0, SHOWN_REJECTS)) {
    lines.push(`  ${file}, ${place}: ${printable(reason)}`);
  }
  if (rejected > SHOWN_REJECTS && rejects.length > SHOWN_REJECTS) lines.push('  ...');
  return lines.join('\n');
}

/** A table of what is loaded. */
export function catalogueLines(loads: readonly CatalogueLoad[]): string[] {
  if (loads.length === 0) return ['No catalogue is loaded.'];
  const rows = loads.map((load) => [
    load.name,
    load.kind,
    whole(load.rows),
    load.state === 'ready' ? (load.loadedAt?.toISOString().slice(0, 16) ?? '') : 'half loaded',
    load.state === 'ready'
      ? `${whole(areaOf(load))} deg2`
      : `${Math.floor((100 * load.bytesDone) / Math.max(1, load.bytesTotal))}% read`,
    load.rejected > 0 ? `${whole(load.rejected)} unusable` : '',
    [...load.columns.fields, ...load.columns.kept.map(({ name }) => name)].join(' '),
  ]);
  const header = ['name', 'kind', 'sources', 'loaded', 'sky', '', 'columns'];
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length)),
  );
  return [header, ...rows].map((row) =>
    row
      .map((cell, i) => (i === 2 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

export function catalogueJson(load: CatalogueLoad) {
  const { name, kind, state, rows, rowsByReach, rejected, repeated, rejects, columns } = load;
  return {
    name,
    load: load.load,
    kind,
    state,
    rows,
    rowsByReach,
    rejected,
    repeated,
    rejects,
    columns,
    squareDegrees: areaOf(load),
    bytesDone: load.bytesDone,
    bytesTotal: load.bytesTotal,
    loadedAt: load.loadedAt,
  };
}

/** Sky of the cells that have sources, square degrees. */
function areaOf({ coverage }: CatalogueLoad): number {
  let cells = 0;
  for (const byte of Buffer.from(coverage ?? '', 'base64')) {
    for (let bits = byte; bits > 0; bits >>= 1) cells += bits & 1;
  }
  return Math.round((SKY_SQUARE_DEGREES * cells) / CELLS);
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power]}`;
}

/** Without what a terminal would obey. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\uffff]/g, '?');
}
