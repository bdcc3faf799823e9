import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { z } from 'zod';

import type { Scalar } from '../store/row-reader.ts';
import { packColumn, unpackColumn, unpackValue } from './packed-values.ts';

/** What a filter decided about an object of a batch. */
export const OUTCOMES = [
  'passed',
  /** The object's own columns already ruled it out. */
  'screened',
  /** The query ran on the object and gave no row. */
  'refused',
  /** It passed, and was told of before. */
  'remembered',
  /** It waits for annotations. */
  'waiting',
  /** The filter could not run, or not in time: it is run again. */
  'failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What one filter decided about one object, and what it went by. */
export interface Verdict {
  queryId: number;
  /** Version of the saved query that ran. */
  version: number;
  outcome: Outcome;
  /** Why it failed; empty for all else. */
  reason: string;
  /** When it was decided. */
  at: Date;
  /** The object's columns that filters looked at, as they were then. */
  values: Record<string, Scalar>;
}

/** What one filter decided about the objects of a batch. */
export interface FilterVerdicts {
  queryId: number;
  version: number;
  reason: string;
  /** What it decided about the objects that are not named. */
  otherwise: Outcome | null;
  /** By the object's place in the list. */
  outcomes: ReadonlyMap<number, Outcome>;
}

/** Decisions of one moment about the same objects. */
export interface VerdictFrame {
  at: Date;
  objectIds: readonly string[];
  columns: readonly string[];
  /** Values by column, in the order of the objects. */
  values: readonly (readonly Scalar[])[];
  filters: readonly FilterVerdicts[];
}

const LEVEL = 4;
const LARGEST_BYTES = 256 << 20;
const LENGTH_BYTES = 4;

const Head = z.strictObject({
  at: z.number(),
  objects: z.array(z.string()),
  columns: z.array(z.tuple([z.string(), z.int()])),
  /** Filters whose screens ruled all objects out: each number less the one before, and version. */
  quiet: z.array(z.int()),
  filters: z.array(
    z.tuple([z.int(), z.int(), z.string(), z.int().nullable(), z.array(z.array(z.int()))]),
  ),
});

/**
 * A frame as it is kept: its length, then all of it compressed. Frames may stand one behind another:
 * what is decided later (an alert that waited, a filter that was run again) is added at the end.
 */
export function packVerdicts(frame: VerdictFrame): Buffer {
  const packed = frame.values.map(packColumn);
  const head: z.input<typeof Head> = {
    at: frame.at.getTime(),
    objects: [...frame.objectIds],
    columns: frame.columns.map((name, i) => [name, packed[i].length]),
    quiet: quietOnes(frame.filters),
    filters: frame.filters
      .filter((filter) => !isQuiet(filter))
      .map(({ queryId, version, reason, otherwise, outcomes }) => [
        queryId,
        version,
        reason,
        otherwise === null ? null : OUTCOMES.indexOf(otherwise),
        placesByOutcome(outcomes),
      ]),
  };
  const headBytes = Buffer.from(JSON.stringify(head), 'utf8');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(headBytes.length);
  const body = deflateRawSync(Buffer.concat([length, headBytes, ...packed]), { level: LEVEL });
  const size = Buffer.alloc(LENGTH_BYTES);
  size.writeUInt32LE(body.length);
  return Buffer.concat([size, body]);
}

/** @throws if the bytes are not frames of `packVerdicts`. */
export function unpackVerdicts(packed: Uint8Array): VerdictFrame[] {
  return openFrames(packed).map(({ head, columns }) => ({
    at: new Date(head.at),
    objectIds: head.objects,
    columns: head.columns.map(([name]) => name),
    values: columns.map((bytes) => unpackColumn(bytes, head.objects.length)),
    filters: filtersOf(head),
  }));
}

/** What each filter decided last about an object, by number of the filter. */
export function findVerdicts(packed: Uint8Array, objectId: string): Verdict[] {
  const found = new Map<number, Verdict>();
  for (const { head, columns } of openFrames(packed)) {
    const place = head.objects.indexOf(objectId);
    if (place === -1) continue;
    const at = new Date(head.at);
    const values = Object.fromEntries(
      head.columns.map(([name], i) => [name, unpackValue(columns[i], head.objects.length, place)]),
    );
    for (const { queryId, version, reason, otherwise, outcomes } of filtersOf(head)) {
      const outcome = outcomes.get(place) ?? otherwise;
      if (outcome === null) continue;
      found.set(queryId, {
        queryId,
        version,
        outcome,
        reason: outcome === 'failed' ? reason : '',
        at,
        values,
      });
    }
  }
  return [...found.values()].sort((a, b) => a.queryId - b.queryId);
}

/** Lists of places, one for each outcome; each place is counted from the one before. */
function placesByOutcome(outcomes: ReadonlyMap<number, Outcome>): number[][] {
  const places: number[][] = OUTCOMES.map(() => []);
  for (const [place, outcome] of [...outcomes].sort(([a], [b]) => a - b))
    places[OUTCOMES.indexOf(outcome)].push(place);
  const steps = places.map((list) => list.map((place, i) => place - (i === 0 ? 0 : list[i - 1])));
  while (steps.length > 0 && steps[steps.length - 1].length === 0) steps.pop();
  return steps;
}

/** A frame whose columns are still packed. */
interface OpenFrame {
  head: z.output<typeof Head>;
  columns: Buffer[];
}

function openFrames(packed: Uint8Array): OpenFrame[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const frames: OpenFrame[] = [];
  for (let start = 0; start < bytes.length;) {
    const from = start + LENGTH_BYTES;
    start = from + bytes.readUInt32LE(start);
    frames.push(openFrame(bytes.subarray(from, start)));
  }
  return frames;
}

function openFrame(body: Uint8Array): OpenFrame {
  const bytes = inflateRawSync(body, { maxOutputLength: LARGEST_BYTES });
  let start = LENGTH_BYTES + bytes.readUInt32LE(0);
  const head = Head.parse(JSON.parse(bytes.toString('utf8', LENGTH_BYTES, start)));
  const columns = head.columns.map(([, length]) => bytes.subarray(start, (start += length)));
  return { head, columns };
}

function filtersOf(head: z.output<typeof Head>): FilterVerdicts[] {
  return [...readQuiet(head.quiet), ...head.filters.map(readFilter)];
}

function readFilter([queryId, version, reason, otherwise, steps]: z.output<
  typeof Head
>['filters'][number]): FilterVerdicts {
  return {
    queryId,
    version,
    reason,
    otherwise: otherwise === null ? null : outcomeOf(otherwise),
    outcomes: readPlaces(steps),
  };
}

/** Most filters have nothing to say of most batches. */
function isQuiet({ otherwise, outcomes, reason }: FilterVerdicts): boolean {
  return otherwise === 'screened' && outcomes.size === 0 && reason === '';
}

function quietOnes(filters: readonly FilterVerdicts[]): number[] {
  let last = 0;
  return filters.filter(isQuiet).flatMap(({ queryId, version }) => {
    const step = queryId - last;
    last = queryId;
    return [step, version];
  });
}

function readQuiet(steps: readonly number[]): FilterVerdicts[] {
  let queryId = 0;
  return Array.from({ length: steps.length >> 1 }, (_, i) => ({
    queryId: (queryId += steps[2 * i]),
    version: steps[2 * i + 1],
    reason: '',
    otherwise: 'screened',
    outcomes: new Map(),
  }));
}

function readPlaces(steps: readonly (readonly number[])[]): Map<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (const [number, list] of steps.entries()) {
    let place = 0;
    for (const step of list) outcomes.set((place += step), outcomeOf(number));
  }
  return outcomes;
}

function outcomeOf(number: number): Outcome {
  const outcome = OUTCOMES.at(number);
  if (outcome === undefined) throw new Error(`there is no outcome ${number}`);
  return outcome;
}
