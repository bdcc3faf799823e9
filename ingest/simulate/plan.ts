import { createCadence } from './cadence.ts';
import type { Cadence } from './cadence.ts';
import { measure } from './measure.ts';
import type { NightOptions } from './options.ts';
import { createSource, looksAt } from './sky.ts';
import type { Look, Source } from './sky.ts';

/** The alerts of a night in order of time: which source, in which exposure. */
export interface NightPlan {
  source: Int32Array;
  /** Packed night, coverage and serial of the exposure (see `lookCode`). */
  look: Int32Array;
  mjd: Float64Array;
  /** Number of the readout channel or detector of a pointing: its alerts are made by one worker. */
  channel: Int32Array;
}

export interface Plan {
  /** Packets that make the objects of the night known, for workloads that begin with such. */
  preload: NightPlan;
  measured: NightPlan;
  /** Number of a source among those of its readout channel, per source and coverage. */
  ordinals: Uint16Array;
}

/** Coverages a source can have: entries of `ordinals` per source. */
export const MAX_COVERAGE = 2;
const HISTORY_DAYS = { ztf: 30, lsst: 365 } as const;

/** A look as one number, relative to the night at which histories begin. */
export function lookCode(cadence: Cadence, { visit, coverage }: Look): number {
  return ((visit.night - cadence.historyFrom) * MAX_COVERAGE + coverage) * 64 + visit.serial;
}

interface Event {
  source: number;
  look: Look;
  code: number;
  channel: number;
}

/**
 * Decides which sources cause alerts and when: sources are drawn until the nights have exactly the
 * packets that were asked for.
 */
export function planNights(options: NightOptions): Plan {
  const cadence = createCadence(options);
  const wanted = options.alerts * options.nights;
  const measured: Event[] = [];
  const preload: Event[] = [];
  const ordinals: number[] = [];
  const taken = new Map<number, number>();
  for (let index = 0; measured.length < wanted; index++) {
    const source = createSource(options, cadence, index);
    const found = eventsOf(options, cadence, source);
    if (found === undefined) {
      ordinals.push(0, 0);
      continue;
    }
    measured.push(...found.measured.slice(0, wanted - measured.length));
    preload.push(...found.preload);
    for (let n = 0; n < MAX_COVERAGE; n++) {
      const seen = source.coverage[n];
      const channel = seen === undefined ? -1 : seen.slot.index * 256 + seen.detector;
      const ordinal = seen === undefined ? 0 : (taken.get(channel) ?? 0);
      ordinals.push(ordinal);
      taken.set(channel, ordinal + 1);
    }
  }
  return {
    preload: packEvents(preload),
    measured: packEvents(measured),
    ordinals: Uint16Array.from(ordinals),
  };
}

function eventsOf(
  options: NightOptions,
  cadence: Cadence,
  source: Source,
): { measured: Event[]; preload: Event[] } | undefined {
  const { startNight, nights, workload } = options;
  const own = source.coverage[0];
  const toEvent = (look: Look): Event => ({
    source: source.index,
    look,
    code: lookCode(cadence, look),
    channel: own.slot.index * 256 + own.detector,
  });
  const tonight = looksAt(cadence, source, startNight, startNight + nights - 1);
  let alerts = tonight.filter((look) => measure(options, source, look).isDetected);
  if (alerts.length === 0) return undefined;
  if (workload === 'night') return { measured: alerts.map(toEvent), preload: [] };

  const before = looksAt(cadence, source, cadence.historyFrom, startNight - 1);
  const detections = before.filter((look) => measure(options, source, look).isDetected);
  if (workload === 'cold') {
    const from = alerts[0].visit.mjd - HISTORY_DAYS[options.survey];
    const earlier = detections.filter(({ visit }) => visit.mjd > from).length;
    if (earlier < 9 || earlier > 22) return undefined;
    alerts = alerts.slice(0, 1);
    return { measured: alerts.map(toEvent), preload: [] };
  }
  if (workload === 'deep' && detections.length < 0.85 * before.length) return undefined;
  return { measured: alerts.map(toEvent), preload: detections.slice(-1).map(toEvent) };
}

/** Both parts of a plan as one, the preload first, so that the same threads write them. */
export function joinParts({ preload, measured }: Plan): NightPlan {
  return {
    source: Int32Array.from([...preload.source, ...measured.source]),
    look: Int32Array.from([...preload.look, ...measured.look]),
    mjd: Float64Array.from([...preload.mjd, ...measured.mjd]),
    channel: Int32Array.from([...preload.channel, ...measured.channel]),
  };
}

function packEvents(events: Event[]): NightPlan {
  events.sort((a, b) => a.look.visit.mjd - b.look.visit.mjd || a.source - b.source);
  return {
    source: Int32Array.from(events, ({ source }) => source),
    look: Int32Array.from(events, ({ code }) => code),
    mjd: Float64Array.from(events, ({ look }) => look.visit.mjd),
    channel: Int32Array.from(events, ({ channel }) => channel),
  };
}
