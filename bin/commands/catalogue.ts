import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';

import { CATALOGUE_KINDS } from '../../common/catalogues/source.ts';
import type { CatalogueKind } from '../../common/catalogues/source.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { selectCatalogueLoads } from '../../common/store/catalogues.ts';
import type { Delimiter } from '../../common/formats/delimited-header.ts';
import type { CatalogueMap } from '../../post_ingest/catalogues/catalogue-map.ts';
import { loadCatalogue, removeCatalogue } from '../../post_ingest/catalogues/load-catalogue.ts';
import type { LoadReport } from '../../post_ingest/catalogues/load-catalogue.ts';
import { parseMap } from '../../post_ingest/catalogues/parse-map.ts';
import { presetNamed, PRESETS } from '../../post_ingest/catalogues/presets/presets.ts';
import { withContext } from '../open-context.ts';
import { catalogueJson, catalogueLines, outcomeText, progressText } from './catalogue-text.ts';

const LINE_EVERY_MS = 10_000;
const DELIMITERS: Record<string, Delimiter> = {
  comma: ',',
  semicolon: ';',
  bar: '|',
  tab: '\t',
  blank: ' ',
};

interface LoadOptions {
  preset?: string;
  map: string[];
  kind?: CatalogueKind;
  type?: string;
  keep: string[];
  magFilter?: string;
  delimiter?: string;
  comment?: string;
  skipLines?: number;
  columns?: string[];
  table: number;
  maxBad: number;
  restart?: boolean;
  json?: boolean;
}

/** `bin/glint catalogue`: the reference catalogues that objects are compared with. */
export function catalogueCommand(): Command {
  return new Command('catalogue')
    .description('reference catalogues: load them from files, list them, drop them')
    .addCommand(loadCommand())
    .addCommand(listCommand())
    .addCommand(dropCommand());
}

function loadCommand(): Command {
  return new Command('load')
    .description('load a catalogue, or a new version of it; broken off, the same command goes on')
    .argument('<name>', 'what it is to be called; that of a preset says how its files are read')
    .argument(
      '<files...>',
      'its files: CSV and other text, FITS, VOTable, Parquet; or their folder',
    )
    .option('--preset <name>', `how the files are read: ${Object.keys(PRESETS).join(', ')}`)
    .option('--map <list>', 'columns: ra=RAJ2000,dec=DEJ2000,id=Name,_r=rmag,...', collect, [])
    .addOption(new Option('--kind <kind>', 'what it lists').choices(CATALOGUE_KINDS))
    .option('--type <rules>', 'what a source is, by a column: "Cl: Q=agn, B*=agn, *=other"')
    .option('--keep <list>', 'further columns to keep: Sp:text,period=P', collect, [])
    .option('--mag-filter <band>', 'band of the field mag', parseBand)
    .addOption(
      new Option('--delimiter <kind>', 'what stands between values').choices(
        Object.keys(DELIMITERS),
      ),
    )
    .option('--comment <sign>', 'comment lines begin with it (default: "#")', parseSign)
    .option('--skip-lines <count>', 'lines to pass over at the beginning', parseCount)
    .option('--columns <list>', 'names of the columns of a text without a header', parseList)
    .option('--table <number>', 'which table of a FITS file or VOTable', parseCount, 1)
    .option('--max-bad <share>', 'refuse if more of the rows cannot be used', parseShare, 0.01)
    .option('--restart', 'begin anew, even if it is loaded from these files or half loaded')
    .option('--json', 'print the outcome as JSON')
    .action((name: string, paths: string[], options: LoadOptions, command: Command) => {
      const map = mapOf(name, options, command);
      return withContext('catalogue', { servers: 'started' }, async (context) => {
        const follower = followProgress(name, options.json === true);
        const outcome = await loadCatalogue(
          context,
          {
            name,
            paths,
            map,
            table: options.table,
            maxBadShare: options.maxBad,
            restart: options.restart === true,
          },
          (report) => follower.show(report),
        ).finally(() => follower.stop());
        print(
          options.json
            ? JSON.stringify({
                ...catalogueJson(outcome.catalogue),
                wasLoaded: outcome.wasLoaded,
                wasResumed: outcome.wasResumed,
              })
            : outcomeText(outcome),
        );
      });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('list the catalogues that are loaded, and loads under way')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) =>
      withContext('catalogue', { servers: 'started' }, async ({ db }) => {
        const loads = await selectCatalogueLoads(db);
        if (options.json) print(JSON.stringify(loads.map(catalogueJson)));
        else for (const line of catalogueLines(loads)) print(line);
      }),
    );
}

function dropCommand(): Command {
  return new Command('drop')
    .description('drop a catalogue, loaded or half loaded')
    .argument('<name>', 'which')
    .action((name: string) =>
      withContext('catalogue', { servers: 'started' }, async (context) => {
        await removeCatalogue(context, name);
        print(`${name} is dropped; what objects are is worked out again without it.`);
      }),
    );
}

function mapOf(name: string, options: LoadOptions, command: Command): CatalogueMap {
  const named = options.preset ?? (Object.hasOwn(PRESETS, name) ? name : undefined);
  let map: CatalogueMap;
  try {
    map = parseMap(options, named === undefined ? undefined : presetNamed(named));
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    return command.error(`error: ${err.message}`);
  }
  return {
    ...map,
    text: {
      ...map.text,
      ...(options.delimiter !== undefined && { delimiter: DELIMITERS[options.delimiter] }),
      ...(options.comment !== undefined && { comment: options.comment }),
      ...(options.skipLines !== undefined && { skipLines: options.skipLines }),
      ...(options.columns !== undefined && {
        headless: { columns: options.columns, isCertain: true },
      }),
    },
  };
}

/** A bar for people; a line now and then where nobody watches. */
function followProgress(
  name: string,
  isQuiet: boolean,
): { show: (report: LoadReport) => void; stop: () => void } {
  const startedAt = Date.now();
  let firstRows: { phase: string; rows: number; at: number } | undefined;
  let lastLine = startedAt;
  const bar = new SingleBar({ format: '{bar} {text}', clearOnComplete: true, fps: 4 });
  const hasBar = process.stderr.isTTY && !isQuiet;
  if (hasBar) bar.start(1, 0, { text: name });
  return {
    show(report) {
      const at = Date.now();
      if (firstRows?.phase !== report.phase) {
        firstRows = { phase: report.phase, rows: report.rows, at };
      }
      const rowsPerSecond =
        (report.rows - firstRows.rows) / Math.max(1e-3, (at - firstRows.at) / 1000);
      const text = progressText(name, report, rowsPerSecond);
      if (hasBar) bar.update(report.bytesDone / Math.max(1, report.bytesTotal), { text });
      else if (!isQuiet && at - lastLine >= LINE_EVERY_MS) {
        lastLine = at;
        process.stderr.write(`${text}\n`);
      }
    },
    stop: () => bar.stop(),
  };
}

function collect(text: string, before: string[]): string[] {
  return [...before, text];
}

function parseList(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,6}$/.test(text) || count < 1) {
    throw new InvalidArgumentError('it must be a whole number from 1 to 999999.');
  }
  return count;
}

function parseShare(text: string): number {
  const share = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!(share >= 0 && share <= 1) || text.trim() === '') {
    throw new InvalidArgumentError('it must be a share from 0 to 1, or in per cent as in 5%.');
  }
  return share;
}

function parseSign(text: string): string {
  if (!/^[!-~]?$/.test(text)) {
    throw new InvalidArgumentError('it must be one sign, or nothing if there are no comments.');
  }
  return text;
}

function parseBand(text: string): string {
  if (!/^[\w.+-]{1,8}$/.test(text)) {
    throw new InvalidArgumentError('it must have 1 to 8 letters, digits, dots or signs.');
  }
  return text;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
