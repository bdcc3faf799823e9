import type { Context } from '../../common/context.ts';
import type { Channel } from '../../common/filters/filter.ts';
import type { Mail } from '../../common/mail.ts';
import type { DueOutput } from '../../common/store/outbox.ts';

/** Where a process may die: after reading matches, after sending them, after recording that. */
export type DeliveryStage = 'read' | 'sent' | 'recorded';

/** What the channels are handed. */
export interface DeliveryServices {
  context: Context;
  /** Mails to owners about their filters. */
  mail: Mail;
  /** Address of the site, without a slash at the end. */
  siteUrl: string;
  /** Called at each stage: tests end the process there. */
  onStage: (stage: DeliveryStage, channel: Channel) => void | Promise<void>;
}

/** One way out. It takes what is due and sends it in its own time, each output by itself. */
export interface DeliveryChannel {
  readonly name: Channel;
  /** Outputs of this channel that are due now; those under way are passed over. */
  offer(outputs: DueOutput[]): void;
  /** Filters whose outputs are under way at this moment. */
  underWay(): Iterable<number>;
  /** Work from time to time, sent matches or not. */
  tend?(): Promise<void>;
  /** Ends what is under way, within some seconds. */
  stop(): Promise<void>;
}
