import type { Response } from 'express';

import type { Match } from '../common/filters/filter.ts';
import { matchJson } from '../common/filters/match-json.ts';
import type { MatchSource } from '../common/filters/match-json.ts';
import type { MatchEvents } from './match-events.ts';

/** After a break a browser waits so long. */
const RECONNECT_MS = 3_000;
/** So long a connection lasts: whoever comes again is asked again who they are. */
const MAX_AGE_MS = 15 * 60_000;

export interface EventRequest extends MatchSource {
  queryId: number;
  readerId: number | undefined;
  after: bigint;
  holder: string;
}

/**
 * Answers with server-sent events: an event `match` for each match, with its number as the id, until
 * the reader goes away.
 *
 * @throws {RateLimitError} as `MatchEvents.listen`.
 */
export function sendEvents(
  events: MatchEvents,
  res: Response,
  { queryId, readerId, after, holder, ...source }: EventRequest,
): void {
  const stopListening = events.listen({
    queryId,
    readerId,
    after,
    holder,
    take: (matches) => res.write(matches.map((match) => eventOf(match, source)).join('')),
    isReady: () => !res.writableNeedDrain,
    beat: () => void res.write(': alive\n\n'),
    end: () => res.end(),
  });
  const timer = setTimeout(() => res.end(), MAX_AGE_MS);
  res.on('close', () => {
    clearTimeout(timer);
    stopListening();
  });
  res.status(200);
  res.set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'private, no-cache, no-transform',
    // Proxies of one kind keep answers back until they are whole, unless told.
    'X-Accel-Buffering': 'no',
  });
  res.write(`retry: ${RECONNECT_MS}\n: matches after ${after}\n\n`);
}

function eventOf(match: Match, source: MatchSource): string {
  // JSON has no line ends, so that it is one line of the event.
  return `id: ${match.seq}\nevent: match\ndata: ${JSON.stringify(matchJson(match, source))}\n\n`;
}
