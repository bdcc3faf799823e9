import type { KafkaSettings } from '../../common/config.ts';
import type { StreamAdmin } from '../../common/stream/admin.ts';
import { readTopics, until } from '../common/stream/read-topic.ts';
import type { ReceivedCall, WebhookReceiver } from '../post_ingest/delivery/webhook-receiver.ts';
import { startWebhookReceiver } from '../post_ingest/delivery/webhook-receiver.ts';
import type { MailServer, ReceivedMail } from '../webapp/accounts/mail-server.ts';
import { startMailServer } from '../webapp/accounts/mail-server.ts';
import type { Receipt } from './check-told.ts';

/** A mail server and a receiver of webhooks that can be away for a while, and what came to them. */
export interface OutsideWorld {
  mailUrl: string;
  webhookUrl: string;
  calls(): ReceivedCall[];
  mails(): ReceivedMail[];
  /** Takes both away: nobody listens at their ports. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

export async function openOutsideWorld(): Promise<OutsideWorld> {
  const receivers: WebhookReceiver[] = [await startWebhookReceiver()];
  const mailServers: MailServer[] = [await startMailServer()];
  const [{ url: webhookUrl }] = receivers;
  const [{ url: mailUrl }] = mailServers;
  const goAway = async () => {
    await Promise.all([receivers.at(-1)?.stop(), mailServers.at(-1)?.stop()]);
  };
  return {
    mailUrl,
    webhookUrl,
    calls: () => receivers.flatMap(({ calls }) => calls),
    mails: () => mailServers.flatMap(({ mails }) => mails),
    goAway,
    async comeBack() {
      receivers.push(await startWebhookReceiver(Number(new URL(webhookUrl).port)));
      mailServers.push(await startMailServer(Number(new URL(mailUrl).port)));
    },
    stop: goAway,
  };
}

/** What came by webhook, by filter. */
export function webhookReceipts(calls: readonly ReceivedCall[]): Map<number, Receipt[]> {
  return byFilter(
    calls.map(({ headers, body }) => {
      const { id, seq } = JSON.parse(body) as { id: string; seq: number };
      if (headers['glint-id'] !== id) throw new Error(`another id in the header of ${id}`);
      return { id, seq, body };
    }),
  );
}

/** All records of the filters' topics, by filter. */
export async function kafkaReceipts(
  kafka: KafkaSettings,
  admin: StreamAdmin,
  topics: readonly string[],
): Promise<Map<number, Receipt[]>> {
  const ends = await admin.endOffsets([...topics]);
  const total = [...ends.values()].flat().reduce((sum, { low, high }) => sum + high - low, 0n);
  const reader = await readTopics(kafka, new RegExp(`^(${topics.join('|')})$`));
  await until(() => reader.messages.length >= Number(total));
  await reader.consumption.stop();
  const header = (value = '') => value;
  return byFilter(
    reader.messages.map(({ headers, value }) => {
      const record = JSON.parse(String(value)) as Record<string, unknown>;
      // The light curve is what is stored when it is sent: of the alert, or a little more.
      delete record.alert;
      return {
        id: header(headers?.get('glint-id')),
        seq: Number(header(headers?.get('glint-seq'))),
        body: JSON.stringify(record),
      };
    }),
  );
}

/** The matches that mails list, by filter, in the order of the mails. */
export function mailedIds(mails: readonly ReceivedMail[]): Map<number, Set<string>> {
  const ids = new Map<number, Set<string>>();
  for (const { text } of mails) {
    for (const [, id] of text.matchAll(/^ {2}\[(.+)\]/gm)) {
      const queryId = Number(id.split('/')[0]);
      ids.set(queryId, (ids.get(queryId) ?? new Set()).add(id));
    }
  }
  return ids;
}

function byFilter(receipts: readonly Receipt[]): Map<number, Receipt[]> {
  const filters = new Map<number, Receipt[]>();
  for (const receipt of receipts) {
    const queryId = Number(receipt.id.split('/')[0]);
    filters.set(queryId, [...(filters.get(queryId) ?? []), receipt]);
  }
  return filters;
}
