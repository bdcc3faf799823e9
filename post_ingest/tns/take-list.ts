import { SURVEYS } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { repeatTransaction } from '../../common/store/repeat.ts';
import {
  countTnsEntries,
  deleteTnsEntries,
  selectTnsIdsKnownBefore,
  storeTnsEntries,
} from '../../common/store/tns.ts';
import type { TnsEntry } from '../../common/store/tns.ts';
import { matchNames } from './match-names.ts';
import type { CsvRow } from './read-csv.ts';
import { readTnsRow } from './tns-columns.ts';
import { openTnsList } from './tns-list.ts';
import type { Period } from './tns-period.ts';

/** Entries per transaction. */
const CHUNK = 500;
/** A whole list that would make more than this part of the known entries vanish is not believed. */
const MOST_GONE = 0.05;
/** Few entries may vanish all. */
const FEW = 100;
const TOLD_FAULTS = 5;

/** What became of a list. */
export interface TakenList {
  period: Period | undefined;
  rows: number;
  added: number;
  changed: number;
  /** Entries that a whole list no longer has. */
  gone: number;
  /** Rows that are no entries. */
  refused: number;
  /** Values of entries that could not be read and were left empty. */
  unreadable: number;
  /** The first few faults: `line 7: it has no position`. */
  faults: string[];
  /** Why a whole list was not believed where it lacks entries. */
  doubt?: string;
}

export interface TakeOptions {
  /** Whether the list has all there is: then what it lacks is gone. */
  isWhole: boolean;
  signal: AbortSignal;
  onRows?: (rows: number) => void;
}

/**
 * Takes over a list of the Transient Name Server into both surveys, row by row as it comes, and
 * matches what is new or changed with their objects. Rows that cannot be read are counted and told;
 * the others count. A repeat changes nothing.
 *
 * @throws {InvalidInputError} if it is no such list.
 */
export async function takeList(
  context: Context,
  chunks: AsyncIterable<Uint8Array>,
  options: TakeOptions,
): Promise<TakenList> {
  const list = await openTnsList(chunks);
  const taken: TakenList = {
    period: list.period,
    rows: 0,
    added: 0,
    changed: 0,
    gone: 0,
    refused: 0,
    unreadable: 0,
    faults: [],
  };
  const ids = new Set<number>();
  let newest = '';
  let entries = new Map<number, TnsEntry>();
  const flush = async () => {
    options.signal.throwIfAborted();
    const { added, changed } = await takeEntries(context, [...entries.values()]);
    taken.added += added;
    taken.changed += changed;
    entries = new Map();
    options.onRows?.(taken.rows);
  };
  for await (const rows of list.rows) {
    for (const row of rows) {
      taken.rows++;
      const entry = readRow(row);
      // Of one entry twice, the later row counts.
      if (entry !== undefined) entries.set(entry.id, entry);
      if (entries.size >= CHUNK) await flush();
    }
  }
  await flush();
  const madeAt = taken.period?.to ?? (newest === '' ? undefined : new Date(newest));
  if (options.isWhole && madeAt !== undefined) {
    await forgetGone(context, taken, { ids, madeAt, signal: options.signal });
  }
  return taken;

  function readRow(row: CsvRow): TnsEntry | undefined {
    const read =
      row.fault === undefined
        ? readTnsRow(list.columns ?? [], row.values)
        : { fault: row.fault, unreadable: [] };
    if (read.id !== undefined) ids.add(read.id);
    const modified = read.entry?.values.lastmodified_date;
    if (typeof modified === 'string' && modified > newest) newest = modified;
    const faults = read.unreadable.map((column) => `${column} cannot be read`);
    taken.unreadable += faults.length;
    if (read.fault !== undefined) {
      taken.refused++;
      faults.push(read.fault);
    }
    for (const fault of faults) {
      if (taken.faults.length < TOLD_FAULTS) taken.faults.push(`line ${row.line}: ${fault}`);
    }
    return read.entry;
  }
}

/**
 * Takes over single entries into both surveys and matches them with their objects.
 *
 * @returns How many were new and how many changed, in the survey where more did.
 */
export async function takeEntries(
  { db, now }: Context,
  entries: readonly TnsEntry[],
): Promise<{ added: number; changed: number }> {
  if (entries.length === 0) return { added: 0, changed: 0 };
  const server = await db.server();
  let added = 0;
  let changed = 0;
  for (const survey of SURVEYS) {
    const stored = await repeatTransaction(db, async (tx) => {
      const outcome = await storeTnsEntries(tx, server, survey, entries, now());
      await matchNames(tx, survey, outcome.names);
      return outcome;
    });
    added = Math.max(added, stored.added);
    changed = Math.max(changed, stored.changed);
  }
  return { added, changed };
}

/** Forgets entries that a whole list lacks, unless the server changed them after it was made. */
async function forgetGone(
  { db }: Context,
  taken: TakenList,
  { ids, madeAt, signal }: { ids: ReadonlySet<number>; madeAt: Date; signal: AbortSignal },
): Promise<void> {
  for (const survey of SURVEYS) {
    const gone: number[] = [];
    for (let after = 0; ;) {
      signal.throwIfAborted();
      const page = await selectTnsIdsKnownBefore(db, survey, {
        before: madeAt,
        after,
        count: 10 * CHUNK,
      });
      gone.push(...page.filter((id) => !ids.has(id)));
      if (page.length === 0) break;
      after = page[page.length - 1];
    }
    const known = await countTnsEntries(db, survey);
    if (gone.length > Math.max(FEW, MOST_GONE * known)) {
      taken.doubt = `it lacks ${gone.length} of ${known} known entries, which stay`;
      continue;
    }
    for (let start = 0; start < gone.length; start += CHUNK) {
      signal.throwIfAborted();
      await repeatTransaction(db, async (tx) => {
        const names = await deleteTnsEntries(tx, survey, gone.slice(start, start + CHUNK));
        await matchNames(tx, survey, names);
      });
    }
    taken.gone = Math.max(taken.gone, gone.length);
  }
}

/** One sentence about a list that was taken. */
export function describeTaken(taken: TakenList): string {
  const { rows, added, changed, gone, refused, unreadable, faults, doubt } = taken;
  const parts = [`${rows} rows, ${added} new, ${changed} changed`];
  if (gone > 0) parts.push(`${gone} gone`);
  if (refused > 0) parts.push(`${refused} refused`);
  if (unreadable > 0) parts.push(`${unreadable} values left empty`);
  if (faults.length > 0) parts.push(`(${faults.join('; ')})`);
  if (doubt !== undefined) parts.push(doubt);
  return parts.join(', ').replace(', (', ' (');
}
