import { createTransport } from 'nodemailer';

import type { Config } from '../../common/config.ts';
import type { Log } from '../../common/log.ts';
import type { Digest } from './digest.ts';

const CONNECT_MS = 10_000;
const SEND_MS = 30_000;
/** From here on a server's answer is about this mail, and not about the moment. */
const PERMANENT = 500;

export interface DigestLetter extends Digest {
  to: string;
  /** The same for the same matches: mail programs know a repeat by it. */
  messageId: string;
  unsubscribeUrl: string;
  pictures: { name: string; png: Buffer }[];
}

/** The way out for digests. */
export interface DigestMail {
  readonly isConfigured: boolean;
  /** @returns What the server answered. @throws what nodemailer throws. */
  send(letter: DigestLetter): Promise<string>;
  close(): void;
}

/** Sends by the server of `config.mailUrl`; without one the log says what would be sent. */
export function createDigestMail(
  { mailUrl, mailFrom }: Pick<Config, 'mailUrl' | 'mailFrom'>,
  log: Log,
): DigestMail {
  if (mailUrl === undefined) {
    return {
      isConfigured: false,
      send({ to, subject }) {
        log.info(`no mail server is set (GLINT_MAIL_URL), so “${subject}” for ${to} is not sent`);
        return Promise.resolve('not sent: this installation has no mail server');
      },
      close: () => undefined,
    };
  }
  const transport = createTransport(
    {
      url: mailUrl,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SEND_MS,
    },
    { from: mailFrom },
  );
  return {
    isConfigured: true,
    async send({ to, subject, text, html, messageId, unsubscribeUrl, pictures }) {
      const { response } = await transport.sendMail({
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId,
        attachments: pictures.map(({ name, png }) => ({
          cid: name,
          filename: name,
          content: png,
          contentType: 'image/png',
        })),
        disableFileAccess: true,
        disableUrlAccess: true,
        headers: {
          'Auto-Submitted': 'auto-generated',
          Precedence: 'bulk',
          'List-Unsubscribe': `<${unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      });
      return response;
    },
    close: () => transport.close(),
  };
}

/** Whether a server refused this very mail: its address does not exist, or it will not have it. */
export function isRefusal(err: unknown): boolean {
  const { responseCode, command } = err as { responseCode?: number; command?: string };
  const isAboutMail = command === 'RCPT TO' || command === 'DATA' || command === 'MAIL FROM';
  return isAboutMail && responseCode !== undefined && responseCode >= PERMANENT;
}
