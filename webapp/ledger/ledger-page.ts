import type { DeliveryReport } from '../../common/store/filter-report.ts';
import { CHANNEL_NAMES } from '../filters/filter-list.ts';
import { outcomeKind, outcomeWords, valueView } from '../filters/why-page.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import type { Ledger, LedgerEntry, NamedMatch } from './ledger.ts';
import type { NamedVerdict } from './named-verdict.ts';
import { NO_REFUSAL } from './refusals.ts';
import type { Refusal } from './refusals.ts';

type Refusals = ReadonlyMap<NamedVerdict, Refusal>;

/** The ledger as its page shows it. */
export function ledgerPage(ledger: Ledger, refusals: Refusals) {
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
      verdicts: run.verdicts.map((verdict) => verdictView(verdict, run.batchId, refusals)),
    })),
    older: next === undefined ? undefined : `/ledger/?${older.toString()}`,
  };
}

function entryView(entry: LedgerEntry, refusals: Refusals) {
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
    verdicts: verdicts.map((verdict) => verdictView(verdict, batch?.batchId, refusals)),
    matches: entry.matches.map(matchView),
  };
}

function verdictView(verdict: NamedVerdict, batchId: bigint | undefined, refusals: Refusals) {
  const { failed, open } = refusals.get(verdict) ?? NO_REFUSAL;
  return {
    ...verdict,
    batchId,
    words: outcomeWords(verdict.outcome),
    kind: outcomeKind(verdict.outcome),
    failed: failed.map(({ text, values }) => ({ text, values: values.map(valueView) })),
    open,
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
