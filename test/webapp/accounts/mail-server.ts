import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came. */
  raw: string;
  /** The plain text, its line ends and quoting undone. */
  text: string;
}

export interface MailServer {
  url: string;
  mails: ReceivedMail[];
  /** The next mail to this address that nobody has taken yet. */
  next(to: string): Promise<ReceivedMail>;
  /** Whether recipients are refused from now on. */
  refuse(isRefusing: boolean): void;
  stop(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** A mail server on loopback that keeps what it gets. @param port - 0 for any. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const taken = new Set<ReceivedMail>();
  let isRefusing = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(isRefusing ? new Error('not now') : null),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        mails.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map((recipient) => recipient.address),
          raw,
          text: plainText(raw),
        });
        done();
      });
    },
  });
  // A sender that is killed resets its connection.
  server.on('error', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: listening } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${listening}`,
    mails,
    async next(to) {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
        const found = mails.find((mail) => mail.to.includes(to) && !taken.has(mail));
        if (found !== undefined) {
          taken.add(found);
          return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`no mail came to ${to}`);
    },
    refuse: (value) => (isRefusing = value),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The first part that is plain text. */
function plainText(raw: string): string {
  const part = /Content-Type: text\/plain[^]*?\r\n\r\n([^]*?)(?:\r\n--|$)/.exec(raw);
  const isQuoted = /Content-Transfer-Encoding: quoted-printable/i.test(part?.[0] ?? '');
  const text = part?.[1] ?? '';
  if (!isQuoted) return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The path and query of the first link of this site in a mail. */
export function linkIn(mail: ReceivedMail, siteUrl: string): string {
  const at = mail.text.indexOf(siteUrl);
  if (at < 0) throw new Error(`no link to ${siteUrl} in: ${mail.text}`);
  return mail.text.slice(at + siteUrl.length).split(/\s/)[0];
}
