import type { Context } from '../context.ts';
import type { Match, OutputSettings } from '../filters/filter.ts';
import { siteUrlOf } from '../filters/site-url.ts';
import { postWebhook } from './post-webhook.ts';
import type { WebhookAnswer } from './post-webhook.ts';
import { webhookBody } from './webhook-body.ts';

/**
 * Posts a made-up match to a webhook, marked as a test: its id begins with `test/`, and a VOEvent has
 * the role `test`.
 *
 * @returns What the receiver answered.
 * @throws {UpstreamError} if it cannot be reached, is private, or does not answer in time.
 */
export async function sendWebhookTest(
  { config, now }: Pick<Context, 'config' | 'now'>,
  { url, body: form }: OutputSettings['webhook'],
  secret: string,
  filter: Pick<Match, 'queryId' | 'survey' | 'version'> & { name: string },
): Promise<WebhookAnswer> {
  const objectId = filter.survey === 'ztf' ? 'ZTF00aaaaaaa' : '1';
  const match: Match = {
    queryId: filter.queryId,
    survey: filter.survey,
    version: filter.version,
    seq: 0n,
    objectId,
    cause: 'test',
    rowNumber: 0,
    kind: 'alert',
    alertId: null,
    observedAt: now(),
    arrivedAt: now(),
    matchedAt: now(),
    record: { objectId, test: true },
  };
  const source = { filterName: filter.name, siteUrl: siteUrlOf(config) };
  const { body, contentType } = webhookBody(form, match, source, {
    position: { ra: 0, dec: 0 },
    role: 'test',
  });
  return postWebhook({
    url,
    secret,
    id: `test/${filter.queryId}`,
    body,
    contentType,
    now: now(),
    allowsPrivate: config.webhookPrivate,
  });
}
