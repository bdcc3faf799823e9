import type { DeliveryReport } from '../../common/store/filter-report.ts';
import { CHANNEL_NAMES } from '../filters/filter-list.ts';
import { outcomeWords } from '../filters/why-page.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import type { Ledger, LedgerEntry, NamedMatch, NamedVerdict } from './ledger.ts';

/** The ledger as its page shows it. @param refusals - Conditions that did not hold, by filter. */
export function ledgerPage(ledger: Ledger, refusals: ReadonlyMap<number, string[]>) {
  const { survey, objectId, next, otherMatches, runs } = ledger;
  const older = new URLSearchParams({ survey, object: objectId, before: String(next) });
  return {
    ...ledger,
    surveyName: SURVEY_NAMES[survey],
    entries: ledger.entries.map((entry) => entryView(entry, refusals)),
    otherMatches: otherMatches.map(matchView),
    runs: runs.map((run) => ({
      ...run,
      words: run.topics.join(', '),
      verdicts: run.verdicts.map((verdict) => verdictView(verdict, new Map())),
    })),
    older: next === undefined ? undefined : `/ledger/?${older.toString()}`,
  };
}

function entryView(entry: LedgerEntry, refusals: ReadonlyMap<number, string[]>) {
  const { alert, arrival, batch, verdicts } = entry;
  const observedAt = new Date(alert.observedAtMs);
  const since = (date: Date) => (date.getTime() - alert.observedAtMs) / 1_000;
  return {
    ...entry,
    alertId: alert.alertId,
    observedAt,
    arrival: arrival && {
      ...arrival,
      hasKafka: arrival.offset !== null,
      sentAfter: since(arrival.sentAt),
      storedAfter: (arrival.storedAt.getTime() - arrival.sentAt.getTime()) / 1_000,
    },
    batch: batch && {
      ...batch,
      isDone: batch.doneAt !== null,
      doneAfter:
        batch.doneAt === null
          ? undefined
          : (batch.doneAt.getTime() - batch.createdAt.getTime()) / 1_000,
    },
    isForgotten: arrival !== undefined && batch === undefined,
    verdicts: verdicts.map((verdict) => verdictView(verdict, refusals)),
    matches: entry.matches.map(matchView),
  };
}

function verdictView(verdict: NamedVerdict, refusals: ReadonlyMap<number, string[]>) {
  const { outcome, queryId } = verdict;
  const isRefused = outcome === 'screened' || outcome === 'refused';
  return {
    ...verdict,
    words: outcomeWords(outcome),
    isPassed: outcome === 'passed',
    refusals: isRefused ? refusals.get(queryId) : undefined,
  };
}

function matchView({ match, name, deliveries }: NamedMatch) {
  return {
    queryId: match.queryId,
    seq: match.seq,
    name,
    kind: match.kind,
    isBackfill: match.kind === 'backfill',
    matchedAt: match.matchedAt,
    deliveries: deliveries.map(deliveryView),
  };
}

function deliveryView(delivery: DeliveryReport) {
  return {
    ...delivery,
    channelName: CHANNEL_NAMES[delivery.channel],
    isSent: delivery.outcome === 'sent',
  };
}
