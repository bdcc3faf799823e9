import type { FilterMemory } from '../../common/filters/filter.ts';
import { rememberedWords } from '../../common/store/filter-memory.ts';
import type { Told } from '../../common/store/filter-memory.ts';
import type { Scalar } from '../../common/store/row-reader.ts';

const DAY_MS = 86_400_000;
/** What a difference may lack for the sake of rounding: 18.3 - 17.8 is a little more than 0.5. */
const ROUNDING = 1e-9;

/** What a column of a record is compared by. */
export type Watched = Pick<Told, 'number' | 'words'>;

/**
 * Whether an object that passed is to be told of, given what was told last.
 *
 * `change`: a number must differ by at least `by`; anything that is no number must be another, and to
 * come to have a value, or to lose it, is a change. `brighter`: a magnitude must have become smaller by
 * at least `by`; a column of any other unit, a flux say, larger. A value where there was none is
 * brighter, no value never is.
 *
 * @param before - What was told last; undefined if nothing was.
 * @param now - Of the watched column.
 * @param unit - Unit of the watched column.
 */
export function isToldAgain(
  memory: FilterMemory,
  before: Told | undefined,
  now: { at: Date; watched: Watched },
  unit?: string,
): boolean {
  if (before === undefined) return true;
  switch (memory.kind) {
    case 'every':
      return true;
    case 'once':
      return false;
    case 'days':
      return now.at.getTime() - before.sentAt.getTime() >= memory.days * DAY_MS;
    case 'change':
      return hasChanged(before, now.watched, memory.by);
    case 'brighter':
      return isBrighter(before, now.watched, memory.by, isMagnitude(unit));
  }
}

/** What is remembered of the watched column of a record. */
export function watchedValue(memory: FilterMemory, record: Record<string, Scalar>): Watched {
  const value = 'column' in memory ? (record[memory.column] ?? null) : null;
  if (typeof value === 'number' && Number.isFinite(value)) return { number: value, words: null };
  if (value === null) return { number: null, words: null };
  if (typeof value === 'boolean') return { number: value ? 1 : 0, words: null };
  return { number: null, words: rememberedWords(String(value)) };
}

/**
 * When something is remembered as told: now, and not before the moment from which a filter remembers.
 * Where a clock was put back, or two machines' clocks differ, it would be forgotten at once and told
 * with every alert.
 */
export function momentTold(now: Date, memorySince: Date = now): Date {
  return now < memorySince ? memorySince : now;
}

/** Magnitudes grow as the light fades. */
export function isMagnitude(unit: string | undefined): boolean {
  return unit === 'mag';
}

function hasChanged(before: Watched, now: Watched, by: number): boolean {
  if (before.number === null || now.number === null)
    return before.number !== now.number || before.words !== now.words;
  const difference = Math.abs(now.number - before.number);
  return difference > 0 && reaches(difference, by);
}

function isBrighter(before: Watched, now: Watched, by: number, inMagnitudes: boolean): boolean {
  if (now.number === null) return false;
  if (before.number === null) return true;
  const gain = inMagnitudes ? before.number - now.number : now.number - before.number;
  return gain > 0 && reaches(gain, by);
}

function reaches(difference: number, by: number): boolean {
  return difference >= by - ROUNDING * Math.max(1, Math.abs(by));
}
