import type { Context } from '../common/context.ts';
import type { LagReader } from './lag.ts';
import type { Metrics } from './metrics.ts';
import type { PeriodFinder } from './period-finder.ts';

/** What routes are handed. */
export interface Services {
  context: Context;
  metrics: Metrics;
  lag: LagReader;
  periods: PeriodFinder;
}
