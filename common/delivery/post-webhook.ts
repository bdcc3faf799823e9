import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';

import { UpstreamError, describeError } from '../errors.ts';
import { lookupPublic, refusePrivateHost } from './public-address.ts';

const TIMEOUT_MS = 10_000;
const GONE = 410;

export interface WebhookRequest {
  url: string;
  /** What the signature is made with. */
  secret: string;
  /** Id of the match: the same when it is sent again. */
  id: string;
  body: string;
  contentType: string;
  now: Date;
  /** Whether private networks are allowed. */
  allowsPrivate: boolean;
  timeoutMs?: number;
  /** Ends the request early. */
  signal?: AbortSignal;
}

/** What a receiver answered. */
export interface WebhookAnswer {
  status: number;
  /** 2xx. */
  isTaken: boolean;
  /** 410: it wants nothing more. */
  isGone: boolean;
  /** How long it wants to be left alone, milliseconds. */
  retryAfterMs: number;
}

/**
 * Posts a body to a webhook. It has ten seconds in all; redirects are answers; nothing of the answer
 * but its status is read.
 *
 * @throws {UpstreamError} if the receiver cannot be reached or does not answer in time.
 */
export async function postWebhook(request: WebhookRequest): Promise<WebhookAnswer> {
  const url = new URL(request.url);
  const body = Buffer.from(request.body);
  const timestamp = String(Math.floor(request.now.getTime() / 1_000));
  const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  const signal = AbortSignal.any(request.signal ? [timeout, request.signal] : [timeout]);
  const options: RequestOptions = {
    method: 'POST',
    // A connection of its own each time: one that is kept was judged for another moment.
    agent: false,
    signal,
    headers: {
      'content-type': request.contentType,
      'content-length': body.length,
      'user-agent': 'Glint-Webhook/1',
      'glint-id': request.id,
      'glint-timestamp': timestamp,
      'glint-signature': signatureOf(request.secret, timestamp, body),
    },
    ...(!request.allowsPrivate && { lookup: lookupPublic }),
  };
  try {
    if (!request.allowsPrivate) refusePrivateHost(url.hostname);
    const { statusCode: status = 0, headers } = await post(url, options, body);
    return {
      status,
      isTaken: status >= 200 && status < 300,
      isGone: status === GONE,
      retryAfterMs: retryAfter(headers['retry-after'], request.now),
    };
  } catch (err) {
    const why = timeout.aborted
      ? `no answer within ${(request.timeoutMs ?? TIMEOUT_MS) / 1_000} s`
      : describeError(err);
    throw new UpstreamError(`${url.host}: ${why}`, { cause: timeout.aborted ? undefined : err });
  }
}

/** `v1=` and the HMAC-SHA256, in hexadecimal, of the timestamp, a dot and the body. */
export function signatureOf(secret: string, timestamp: string, body: Buffer | string): string {
  const digest = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return `v1=${digest}`;
}

function post(url: URL, options: RequestOptions, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    request.once('error', reject);
    request.once('response', (response) => {
      response.on('error', () => undefined);
      resolve(response);
      response.destroy();
    });
    request.end(body);
  });
}

function retryAfter(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const seconds = /^\d{1,6}$/.test(header)
    ? Number(header)
    : (Date.parse(header) - now.getTime()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 0;
}
