import type { Survey } from '../config.ts';
import { matchId } from './filter.ts';
import type { Match } from './filter.ts';

/** What a match is of, for its readers. */
export interface MatchSource {
  /** What the owner calls the filter. */
  filterName: string;
  /** Address of the site, without a slash at the end. */
  siteUrl: string;
}

/** A match as webhooks, the API and live pages give it; 64-bit numbers are strings. */
export interface MatchJson {
  /** The same however often and wherever it is sent. */
  id: string;
  /** 1, 2, 3 ... among those of its filter. */
  seq: number;
  filter: { id: number; name: string; version: number };
  survey: Survey;
  object: string;
  kind: Match['kind'];
  /** Whether it is of a past night that was asked for later. */
  backfill: boolean;
  alert: string | null;
  observedAt: string | null;
  arrivedAt: string | null;
  matchedAt: string;
  record: Record<string, unknown>;
  links: { object: string; filter: string; voevent: string };
}

export function matchJson(match: Match, { filterName, siteUrl }: MatchSource): MatchJson {
  const { queryId, objectId, kind } = match;
  return {
    id: matchId(match),
    seq: Number(match.seq),
    filter: { id: queryId, name: filterName, version: match.version },
    survey: match.survey,
    object: objectId,
    kind,
    backfill: kind === 'backfill',
    alert: match.alertId,
    observedAt: match.observedAt?.toISOString() ?? null,
    arrivedAt: match.arrivedAt?.toISOString() ?? null,
    matchedAt: match.matchedAt.toISOString(),
    record: match.record,
    links: {
      object: `${siteUrl}/object/${objectId}/`,
      filter: `${siteUrl}/filters/${queryId}/`,
      voevent: `${siteUrl}/api/v1/filters/${queryId}/matches/${match.seq}.xml`,
    },
  };
}
