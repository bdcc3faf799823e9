import type { Survey } from '../../common/config.ts';
import { topicIds, writeArrivals } from '../../common/store/arrivals.ts';
import { insertBatch } from '../../common/store/batches.ts';
import type { StepReport } from '../../common/store/batches.ts';
import { createRowBuffer } from '../../common/store/row-buffer.ts';
import type { Queries, ServerKind, Transaction } from '../../common/store/database.ts';
import { noteAlerted } from '../../common/store/stale-objects.ts';
import type { Alert } from '../surveys/survey.ts';
import type { Packet } from './packet.ts';

/** An alert that is new, with what is known of the packet that brought it. */
export interface NewAlert<A extends Alert> {
  alert: A;
  packet: Pick<Packet, 'topic' | 'partition' | 'offset' | 'timestampMs'>;
}

/** Notes in the batch's transaction what is new for filters, what it lacks, and how it came. */
export interface ArrivalNotes {
  write(
    tx: Transaction,
    server: ServerKind,
    fresh: readonly NewAlert<Alert>[],
    steps: readonly StepReport[],
    storedAt: Date,
  ): Promise<void>;
}

/** @param db - Not the transaction's connection: a topic keeps its number if the batch is repeated. */
export function createArrivalNotes(db: Queries, survey: Survey): ArrivalNotes {
  const rows = createRowBuffer();
  const numbers = new Map<string, number>();

  async function numbersOf(fresh: readonly NewAlert<Alert>[]): Promise<Map<string, number>> {
    const unknown = new Set<string>();
    for (const { packet } of fresh) if (!numbers.has(packet.topic)) unknown.add(packet.topic);
    for (const [topic, id] of await topicIds(db, [...unknown])) numbers.set(topic, id);
    return numbers;
  }

  return {
    async write(tx, server, fresh, steps, storedAt) {
      if (fresh.length === 0) return;
      const topics = await numbersOf(fresh);
      const alerts = fresh.flatMap(({ alert: { id, objectId, observedAtMs }, packet }) =>
        objectId === null
          ? []
          : [
              {
                objectId,
                alertId: id.toString(),
                observedAtMs: Math.round(observedAtMs),
                arrivedAtMs: packet.timestampMs,
              },
            ],
      );
      const batchId = await insertBatch(tx, {
        survey,
        entries: { cause: 'alert', alerts },
        steps,
        createdAt: storedAt,
      });
      // Filters see these alerts without what failed; they are asked again when it is done.
      await noteAlerted(tx, {
        survey,
        steps: steps.filter(({ failure }) => failure !== undefined).map(({ step }) => step),
        ids: alerts.map(({ objectId }) => objectId),
        now: storedAt,
      });
      const arrivals = fresh.map(({ alert, packet }) => ({
        alertId: alert.id,
        objectId: alert.objectId ?? '',
        topicId: topics.get(packet.topic) ?? 0,
        partition: packet.partition,
        offset: packet.offset,
        sentAtMs: packet.timestampMs,
      }));
      await writeArrivals(tx, server, survey, { batchId, storedAt, arrivals }, rows);
    },
  };
}
