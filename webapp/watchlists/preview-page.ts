import { InvalidInputError } from '../../common/errors.ts';
import { csvText } from '../../common/formats/csv-text.ts';
import type { DraftSettings } from '../../common/store/lists/watchlist-drafts.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';
import type {
  ReadWatchlist,
  SourceFault,
  WatchlistLayout,
} from '../../common/watchlists/reading.ts';
import { MAX_SOURCES } from '../../common/watchlists/watchlist.ts';
import { sentence } from '../saved-queries/query-form.ts';
import type { OpenDraft } from './read-draft.ts';
import { checkSettings } from './settings-form.ts';

const SHOWN_SOURCES = 20;
const SHOWN_FAULTS = 50;
const SHOWN_REPEATS = 20;

const FORMATS: Record<WatchlistLayout['format'], string> = {
  text: 'text',
  fits: 'FITS table',
  votable: 'VOTable',
  parquet: 'Parquet table',
};
const DELIMITERS: Record<string, string> = {
  ',': 'commas',
  '|': 'bars',
  ';': 'semicolons',
  '\t': 'tabs',
  ' ': 'blanks',
};

/** What `templates/pages/watchlist-preview.hbs` shows. */
export function previewPage(
  { draft, read, text, fault }: OpenDraft,
  settings: DraftSettings,
  target: Watchlist | undefined,
  problem: string | undefined,
) {
  const { sources, faults, repeats } = read;
  const tooMany = sources.length > MAX_SOURCES;
  const left = repeats.filter(({ isKept }) => !isKept).length;
  return {
    title: target === undefined ? 'Look at it before it is saved' : `Add to ${target.name}`,
    isWatchlists: true,
    action: `/watchlists/previews/${draft.draftId}/`,
    draft,
    target,
    settings,
    problem: problem ?? settingsProblem(settings, target),
    fault,
    text,
    lines: text === undefined ? 0 : Math.min(24, Math.max(6, text.split('\n', 30).length + 1)),
    canSave: sources.length > 0 && !tooMany,
    tooMany: tooMany ? MAX_SOURCES : undefined,
    read: readAs(read),
    counts: { ...read.counts, sources: sources.length, faults: faults.length, left },
    sources: sources.slice(0, SHOWN_SOURCES),
    hiddenSources: Math.max(0, sources.length - SHOWN_SOURCES),
    faults: faults.slice(0, SHOWN_FAULTS),
    hiddenFaults: Math.max(0, faults.length - SHOWN_FAULTS),
    repeats: repeats.slice(0, SHOWN_REPEATS),
    hiddenRepeats: Math.max(0, repeats.length - SHOWN_REPEATS),
    repeatCount: repeats.length,
    keptRepeats: repeats.length - left,
  };
}

function settingsProblem(settings: DraftSettings, target: Watchlist | undefined) {
  if (target !== undefined) return undefined;
  try {
    checkSettings(settings);
    return undefined;
  } catch (err) {
    if (err instanceof InvalidInputError) return sentence(err.message);
    throw err;
  }
}

/** How the list was understood. */
function readAs({ layout }: ReadWatchlist) {
  if (layout === null) return undefined;
  const { format, delimiter, hasHeader, columns } = layout;
  const place = delimiter === null ? '' : `, values between ${DELIMITERS[delimiter] ?? delimiter}`;
  const header = format === 'text' ? (hasHeader ? ', with a header' : ', without a header') : '';
  return {
    as: `${FORMATS[format]}${place}${header}`,
    columns: [
      { meaning: 'Right ascension', name: columns.ra },
      { meaning: 'Declination', name: columns.decl },
      { meaning: 'Name', name: columns.name },
      { meaning: 'Radius', name: columns.radius },
    ],
  };
}

/** All lines that are no source, as CSV: number, reason, and what stands there. */
export function faultsCsv(faults: readonly SourceFault[]): string {
  const rows = faults.map(({ line, reason, text }) =>
    [String(line), reason, text].map(csvText).join(','),
  );
  return ['line,reason,text', ...rows].map((row) => `${row}\r\n`).join('');
}
