import { setTimeout as timer } from 'node:timers/promises';

import { z } from 'zod';

import { SetupError, UpstreamError } from '../../common/errors.ts';
import { createRateGuard } from './rate-guard.ts';
import type { RateGuard } from './rate-guard.ts';

/** Who asks: a bot that is registered with the Transient Name Server. */
export interface TnsBot {
  id: string;
  name: string;
  apiKey: string;
}

export interface TnsClientOptions {
  /** `https://www.wis-tns.org`, or the sandbox, or a server of one's own. */
  url: string;
  bot: TnsBot;
  /** Breaks off whatever goes on, waiting too. */
  signal: AbortSignal;
  /** Waits; tests need not. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A name, as the search gives it. */
const FoundName = z.object({
  objname: z.string(),
  prefix: z.string().nullish(),
  objid: z.coerce.number().int().positive(),
});
export type FoundName = z.infer<typeof FoundName>;

/** What the server says of one object: its own words, unread. */
export type TnsReply = Readonly<Record<string, unknown>>;

export interface TnsClient {
  /**
   * A file of the lists of public objects.
   *
   * @param name - `tns_public_objects.csv.zip`, or with `_20260208` or `_13` before the point.
   * @returns undefined if there is none of that name.
   */
  download(name: string): Promise<Buffer | undefined>;
  /** Names that became public at that moment or later. */
  searchSince(since: Date): Promise<FoundName[]>;
  /** All that the server tells of a name; undefined if it does not know it, or not publicly. */
  object(name: string): Promise<TnsReply | undefined>;
}

const TRIES = 3;
const RETRY_MS = 5_000;
const REQUEST_TIMEOUT_MS = 300_000;
const MAX_LIST_BYTES = 400_000_000;
const MAX_ANSWER_BYTES = 20_000_000;
const NOT_FOUND = 404;
const TOO_MANY = 429;

const Answer = z.object({
  id_code: z.coerce.number(),
  id_message: z.string().optional(),
  data: z.unknown().optional(),
});

/**
 * Speaks to the Transient Name Server: every request is a POST with the bot's key, under a marker
 * that names the bot. Its rate limits are kept: where nothing is left, or it says that there were
 * too many requests, the next one waits until the limit is reset. What time may heal is tried three
 * times. Neither key nor marker gets into messages.
 *
 * @throws {UpstreamError} from each call if the server does not answer, answers nonsense, or asks
 *   for a longer wait than a job may take.
 * @throws {SetupError} from each call if it refuses the bot.
 */
export function createTnsClient(options: TnsClientOptions): TnsClient {
  const pause = options.pause ?? ((ms, signal) => timer(ms, undefined, { signal }));
  const guard = createRateGuard((ms) => pause(ms, options.signal));

  async function ask(kind: string, path: string, data: object): Promise<unknown> {
    const body = await request(path, kind, { data: JSON.stringify(data) }, MAX_ANSWER_BYTES);
    if (body === undefined) return undefined;
    const { id_code: code, id_message: message, data: answer } = parseAnswer(body, kind);
    if (code === NOT_FOUND) return undefined;
    if (code !== 200) {
      throw new UpstreamError(`the Transient Name Server answered ${kind} with ${message ?? code}`);
    }
    return replyOf(answer);
  }

  async function request(
    path: string,
    kind: string,
    fields: Record<string, string>,
    maxBytes: number,
  ): Promise<Buffer | undefined> {
    for (let tries = 1; ; tries++) {
      await guard.wait(kind);
      try {
        return await send(options, guard, { path, kind, fields, maxBytes });
      } catch (err) {
        options.signal.throwIfAborted();
        if (!(err instanceof UpstreamError) || tries === TRIES) throw err;
        if (err.details.status !== TOO_MANY) await pause(RETRY_MS * tries, options.signal);
      }
    }
  }

  return {
    download: (name) =>
      request(`/system/files/tns_public_objects/${name}`, 'list', {}, MAX_LIST_BYTES),
    async searchSince(since) {
      const reply = await ask('search', '/api/get/search', { public_timestamp: sqlTime(since) });
      const names = z.array(FoundName).safeParse(reply ?? []);
      if (!names.success) throw nonsense('search', names.error);
      return names.data;
    },
    async object(name) {
      const query = { objname: name, photometry: '0', spectra: '0' };
      const reply = await ask('object', '/api/get/object', query);
      const object = z.record(z.string(), z.unknown()).optional().safeParse(reply);
      if (!object.success) throw nonsense('object', object.error);
      return object.data;
    },
  };
}

interface OneRequest {
  path: string;
  kind: string;
  fields: Record<string, string>;
  maxBytes: number;
}

async function send(
  { url, bot, signal }: TnsClientOptions,
  guard: RateGuard,
  { path, kind, fields, maxBytes }: OneRequest,
): Promise<Buffer | undefined> {
  const form = new FormData();
  form.set('api_key', bot.apiKey);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const marker = JSON.stringify({ tns_id: Number(bot.id), type: 'bot', name: bot.name });
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'user-agent': `tns_marker${marker}` },
      body: form,
      // A redirection would take the key elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    guard.note(kind, response.status === TOO_MANY, response.headers);
    if (response.status === 200) return await bodyOf(response, maxBytes);
    await response.body?.cancel();
  } catch (err) {
    if (err instanceof UpstreamError) throw err;
    throw new UpstreamError(`the Transient Name Server did not answer (${kind})`, { cause: err });
  }
  const { status } = response;
  if (status === NOT_FOUND) return undefined;
  if (status === 401 || status === 403) {
    throw new SetupError(
      `the Transient Name Server refuses the bot (HTTP ${status}): check GLINT_TNS_BOT_ID, GLINT_TNS_BOT_NAME and GLINT_TNS_API_KEY`,
    );
  }
  const what = status === TOO_MANY ? 'too many requests' : `HTTP ${status}`;
  throw new UpstreamError(`the Transient Name Server answered ${kind} with ${what}`, {
    details: { status },
  });
}

async function bodyOf(response: Response, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    const bytes: Uint8Array = piece;
    length += bytes.length;
    if (length > maxBytes) {
      throw new UpstreamError(`the Transient Name Server sent more than ${maxBytes} bytes`);
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function parseAnswer(body: Buffer, kind: string): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(body.toString('utf8')));
  } catch (err) {
    throw nonsense(kind, err);
  }
}

/** The reply stands in `data.reply`, or, in newer versions, is `data`. */
function replyOf(data: unknown): unknown {
  const wrapped = z.object({ reply: z.unknown() }).safeParse(data);
  return wrapped.success && wrapped.data.reply !== undefined ? wrapped.data.reply : data;
}

function nonsense(kind: string, cause: unknown): UpstreamError {
  return new UpstreamError(`the answer of the Transient Name Server to ${kind} cannot be read`, {
    cause,
  });
}

function sqlTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
