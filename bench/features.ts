import type { Survey } from '../common/config.ts';
import type { FeatureGroup } from '../common/features/feature-group.ts';
import { featureValues } from '../common/features/feature-values.ts';
import { lsstCurve } from '../common/features/lsst-curve.ts';
import { LSST_FEATURES } from '../common/features/lsst/groups.ts';
import { NO_CONTEXT } from '../common/features/object-context.ts';
import type { ObjectContext } from '../common/features/object-context.ts';
import { ztfCurve } from '../common/features/ztf-curve.ts';
import { ZTF_FEATURES } from '../common/features/ztf/groups.ts';
import { unpackLsstHistory } from '../common/history/lsst-history.ts';
import { unpackZtfHistory } from '../common/history/ztf-history.ts';
import { supernovaHistory } from './supernova-history.ts';

export interface FeatureFigures {
  survey: Survey;
  /** Detections in the history. */
  points: number;
  /** CPU, milliseconds an object: all groups that every alert asks for, light curve included. */
  everyAlert: number;
  /** CPU, milliseconds an object: unpacking the history and putting it in order of time. */
  curve: number;
  /** CPU, milliseconds an object, of each group on its own, in order of the groups. */
  groups: { name: string; ms: number; isFit: boolean; isDue: boolean }[];
}

const POINTS = [1, 10, 100, 1000];
const WARM_UP_MS = 5;
const CONTEXT: ObjectContext = { ...NO_CONTEXT, classification: 'SN', z: 0.05, ebv: 0.04 };

/**
 * What features cost: histories of one supernova with more and more points, worked out again and
 * again. CPU of this process, the least of some rounds.
 *
 * @param roundMs - CPU that a round spends on each figure.
 */
export function benchFeatures(roundMs = 60, points: readonly number[] = POINTS): FeatureFigures[] {
  // The compiler has seen every length before any is measured, as in a process that has run for long.
  figuresOf(WARM_UP_MS, points);
  return figuresOf(roundMs, points);
}

function figuresOf(roundMs: number, points: readonly number[]): FeatureFigures[] {
  const ztf = (packed: Buffer) => ztfCurve(unpackZtfHistory(packed));
  const lsst = (packed: Buffer) => lsstCurve(unpackLsstHistory(packed));
  return [
    ...points.map((count) => measure('ztf', count, ZTF_FEATURES, ztf, roundMs)),
    ...points.map((count) => measure('lsst', count, LSST_FEATURES, lsst, roundMs)),
  ];
}

function measure<Curve>(
  survey: Survey,
  points: number,
  groups: readonly FeatureGroup<Curve>[],
  read: (packed: Buffer) => Curve,
  roundMs: number,
): FeatureFigures {
  const packed = supernovaHistory(survey, points);
  const curve = read(packed);
  const cheap = groups.filter((group) => group.kind !== 'fit');
  return {
    survey,
    points,
    everyAlert: cpuMs(() => featureValues(cheap, read(packed), CONTEXT), roundMs),
    curve: cpuMs(() => read(packed), roundMs),
    groups: groups.map((group) => {
      const isDue = group.isDue?.(curve, CONTEXT) ?? true;
      return {
        name: group.name,
        ms: isDue ? cpuMs(() => group.compute(curve, CONTEXT), roundMs) : 0,
        isFit: group.kind === 'fit',
        isDue,
      };
    }),
  };
}

const ROUNDS = 5;

/** CPU of one call, milliseconds: the least of some rounds, for others may use the machine. */
function cpuMs(work: () => unknown, roundMs: number): number {
  let least = Infinity;
  let calls = 1;
  for (let round = 0; round < ROUNDS;) {
    const before = process.cpuUsage();
    for (let n = 0; n < calls; n++) work();
    const { user, system } = process.cpuUsage(before);
    const spentMs = (user + system) / 1000;
    if (spentMs < roundMs) {
      // Too few calls to be told from the clock's steps; the compiler warms up meanwhile.
      calls *= 2;
      continue;
    }
    least = Math.min(least, spentMs / calls);
    round++;
  }
  return least;
}
