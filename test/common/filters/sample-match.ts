import type { Match } from '../../../common/filters/filter.ts';
import type { MatchSource } from '../../../common/filters/match-json.ts';

/** A match as the outbox gives it. */
export function sampleMatch(changes: Partial<Match> = {}): Match {
  return {
    queryId: 17,
    survey: 'ztf',
    seq: 42n,
    version: 3,
    objectId: 'ZTF26aaaaaaa',
    cause: 'a3000000000000000000',
    rowNumber: 0,
    kind: 'alert',
    alertId: '3000000000000000000',
    observedAt: new Date('2026-11-20T05:50:00.123Z'),
    arrivedAt: new Date('2026-11-20T05:59:00Z'),
    matchedAt: new Date('2026-11-20T06:00:00.987Z'),
    record: { objectId: 'ZTF26aaaaaaa', gmag: 18.5 },
    ...changes,
  };
}

export const SOURCE: MatchSource = {
  filterName: 'bright ones',
  siteUrl: 'https://glint.example.org',
};
