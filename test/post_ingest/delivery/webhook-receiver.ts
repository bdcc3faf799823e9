import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of webhooks on loopback that keeps what it gets. */
export interface WebhookReceiver {
  url: string;
  calls: ReceivedCall[];
  /** What it answers from now on; 0 for nothing at all. */
  answer(status: number, headers?: Record<string, string>): void;
  stop(): Promise<void>;
}

/** @param port - 0 for any. */
export async function startWebhookReceiver(port = 0): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  let status = 200;
  let answerHeaders: Record<string, string> = {};
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      calls.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
      if (status !== 0) res.writeHead(status, answerHeaders).end('a body that nobody reads');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listening}/hook`,
    calls,
    answer(next, headers = {}) {
      status = next;
      answerHeaders = headers;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
