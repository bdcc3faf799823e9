import type { PasswordHasher } from '../common/accounts/password-hash.ts';
import type { Context } from '../common/context.ts';
import type { Background } from './background.ts';
import type { Sandbox } from '../common/store/sandbox/sandbox.ts';
import type { LagReader } from './lag.ts';
import type { MatchEvents } from './match-events.ts';
import type { Mail } from '../common/mail.ts';
import type { Metrics } from './metrics.ts';
import type { PeriodFinder } from './period-finder.ts';

/** What routes are handed. */
export interface Services {
  context: Context;
  metrics: Metrics;
  lag: LagReader;
  periods: PeriodFinder;
  sandbox: Sandbox;
  /** Address of the site for links that leave it, without a slash at the end: never from a request. */
  siteUrl: () => string;
  mail: Mail;
  passwords: PasswordHasher;
  background: Background;
  /** New matches of filters, for those who listen. */
  events: MatchEvents;
}
