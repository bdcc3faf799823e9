import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateRawSync } from 'node:zlib';

/** What a request brought. */
export interface TnsRequest {
  path: string;
  userAgent: string;
  contentType: string;
  fields: Record<string, string>;
}

/** What the server is to answer instead of what it has. */
export interface Refusal {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A server that speaks the Transient Name Server's protocol, for tests. */
export interface TnsServer {
  url: string;
  /** Texts of the lists, by the name of the archive. */
  lists: Map<string, string | Buffer>;
  /** What it tells of each name. */
  objects: Map<string, Record<string, unknown>>;
  /** Names that the search finds. */
  found: { objname: string; prefix: string; objid: number }[];
  requests: TnsRequest[];
  /** How many requests of a path are left, and when the limit is reset, seconds. */
  limits: Map<string, { left: number; resetSeconds: number }>;
  /** Called with every request: what it returns is the answer. */
  refuse: (request: TnsRequest) => Refusal | undefined;
  close(): Promise<void>;
}

export const TNS_BOT = { id: '4711', name: 'glint_test', apiKey: 'k-3f9c' };

/** The reply under `data.reply`, as the server gave it for years, or as `data` itself. */
export async function startTnsServer(form: 'reply' | 'data' = 'reply'): Promise<TnsServer> {
  const server: TnsServer = {
    url: '',
    lists: new Map(),
    objects: new Map(),
    found: [],
    requests: [],
    limits: new Map(),
    refuse: () => undefined,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  const http = createServer((request, response) => {
    void answer(server, form, request, response).catch((err: unknown) => {
      response.writeHead(500).end(String(err));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;
}

/** An archive with one file, as `zip` makes it. */
export function zipped(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

async function answer(
  server: TnsServer,
  form: 'reply' | 'data',
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(message);
  server.requests.push(request);
  const refusal = server.refuse(request) ?? refusalOf(server, message, request);
  const headers = limitHeaders(server, request);
  if (refusal !== undefined) {
    response.writeHead(refusal.status, { ...headers, ...refusal.headers });
    response.end(refusal.body ?? '');
    return;
  }
  const file = /^\/system\/files\/tns_public_objects\/([\w.]+)$/.exec(request.path)?.[1];
  if (file !== undefined) {
    const list = server.lists.get(file);
    if (list === undefined) response.writeHead(404, headers).end('<html>not found</html>');
    else {
      const archive = typeof list === 'string' ? zipped(file.replace('.zip', ''), list) : list;
      response.writeHead(200, { ...headers, 'content-type': 'application/zip' }).end(archive);
    }
    return;
  }
  const reply = replyTo(server, request);
  const [code, text] = reply === undefined ? [404, 'Not Found'] : [200, 'OK'];
  const data = form === 'reply' ? { received_data: {}, reply } : reply;
  response.writeHead(200, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify({ id_code: code, id_message: text, data }));
}

async function readRequest(message: IncomingMessage): Promise<TnsRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  const contentType = message.headers['content-type'] ?? '';
  const body = new Response(Buffer.concat(pieces), { headers: { 'content-type': contentType } });
  const fields: Record<string, string> = {};
  for (const [name, value] of await body.formData()) {
    if (typeof value === 'string') fields[name] = value;
  }
  return {
    path: message.url ?? '',
    userAgent: message.headers['user-agent'] ?? '',
    contentType,
    fields,
  };
}

/** Who does not say that it is a bot, or has not its key, gets nothing. */
function refusalOf(
  server: TnsServer,
  message: IncomingMessage,
  { path, userAgent, fields }: TnsRequest,
): Refusal | undefined {
  if (message.method !== 'POST') return { status: 405 };
  const marker = /^tns_marker(\{.*\})$/.exec(userAgent)?.[1];
  const said = marker === undefined ? undefined : (JSON.parse(marker) as Record<string, unknown>);
  const isBot =
    said?.tns_id === Number(TNS_BOT.id) && said.type === 'bot' && said.name === TNS_BOT.name;
  if (!isBot) return { status: 403 };
  if (fields.api_key !== TNS_BOT.apiKey) return { status: 401 };
  const limit = server.limits.get(path);
  if (limit !== undefined && limit.left-- <= 0) return { status: 429 };
  return undefined;
}

function limitHeaders(server: TnsServer, { path }: TnsRequest): Record<string, string> {
  const limit = server.limits.get(path);
  if (limit === undefined) return {};
  return {
    'x-rate-limit-limit': '10',
    'x-rate-limit-remaining': String(Math.max(0, limit.left)),
    'x-rate-limit-reset': String(limit.resetSeconds),
  };
}

function replyTo(server: TnsServer, { path, fields }: TnsRequest): unknown {
  const query = JSON.parse(fields.data ?? '{}') as Record<string, string>;
  if (path === '/api/get/search') return server.found;
  return path === '/api/get/object' ? server.objects.get(query.objname) : undefined;
}
